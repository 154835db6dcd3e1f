import pytest

from forecourt.run import secrets
from forecourt.trouble import Trouble


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(secrets, "SECRETS", tmp_path / "secrets")
    return tmp_path / "secrets"


def test_secrets_are_read_by_their_owner_alone(folder):
    secrets.make_all()

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_a_secret_that_exists_is_never_touched(folder):
    secrets.make_all()
    before = {name: secrets.read(name) for name in secrets.NAMES}

    secrets.make_all()

    assert {name: secrets.read(name) for name in secrets.NAMES} == before
    assert len(set(before.values())) == len(before)


def test_a_missing_secret_is_told_with_its_mend(folder):
    with pytest.raises(Trouble, match="`make setup` makes it"):
        secrets.read("secret-key")
