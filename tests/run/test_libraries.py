"""What others wrote and we use: each by its exact version, and no file that differs from the one that was looked at."""

import re
import tomllib

from forecourt.environment import ROOT

ENTRY = re.compile(r"^(?P<name>[a-z0-9._-]+)(\[[^\]]+\])?==(?P<version>\S+)", re.IGNORECASE)


def entries() -> dict[str, str]:
    """Name and whole entry, its hashes included."""
    lock = (ROOT / "requirements.lock").read_text().replace("\\\n", " ")
    rows = [row for row in lock.splitlines() if row.strip() and not row.lstrip().startswith(("#", "--"))]
    assert all(ENTRY.match(row) for row in rows), [row for row in rows if not ENTRY.match(row)]
    return {ENTRY.match(row)["name"].lower(): row for row in rows}


def test_every_library_has_one_version_and_the_hash_of_its_file():
    assert len(entries()) > 50
    assert [name for name, row in entries().items() if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", row)] == []


def test_every_library_that_we_ask_for_is_among_them():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=!~; ]", name)[0].lower().replace("_", "-") for name in asked}

    assert names <= {name.replace("_", "-") for name in entries()}
