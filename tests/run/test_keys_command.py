"""`forecourt keys`: what was sealed before opens after, and the old key-encryption key opens nothing."""

import uuid

import pytest
from click.testing import CliRunner

from forecourt.adapters import keystore
from forecourt.run.commands.keys import command


@pytest.fixture(autouse=True)
def installation(tmp_path, settings):
    """Its own keys: other tests are using the usual ones."""
    settings.VAR = tmp_path
    settings.KEY_ENCRYPTION_KEY_FILE = tmp_path / "secrets" / "key-encryption-key"
    return tmp_path


def test_every_key_is_wrapped_anew_and_stays_what_it_was(installation):
    subjects = [uuid.uuid4() for _ in range(3)]
    before = keystore.create_many(subjects)
    old = (installation / "secrets" / "key-encryption-key").read_bytes()

    told = CliRunner().invoke(command, ["rotate"])

    assert told.exit_code == 0, told.output
    assert "3 keys are wrapped under a new key-encryption key" in told.output
    assert str(installation / "keys") in told.output, "what to copy anew"
    assert {subject: keystore.get(subject) for subject in subjects} == before
    assert (installation / "secrets" / "key-encryption-key").read_bytes() != old


def test_a_store_whose_key_is_missing_says_what_to_put_back(installation):
    keystore.create(uuid.uuid4())
    (installation / "secrets" / "key-encryption-key").unlink()

    told = CliRunner().invoke(command, ["rotate"])

    assert told.exit_code == 1
    assert "key-encryption-key is missing. Put back the file" in told.output
