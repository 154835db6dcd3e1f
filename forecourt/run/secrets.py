"""Secrets of one installation: made once, kept in files that only their owner reads."""

import os
import secrets
from pathlib import Path

from forecourt.environment import SECRETS
from forecourt.trouble import Trouble

# Those that a start needs at once. The key store and the signers make theirs beside these, in their own formats.
NAMES = ("secret-key", "nonce-key", "postgres-superuser", "postgres-owner", "postgres-app")


def read(name: str) -> str:
    path = SECRETS / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise Trouble(
            f"There is no secret {path}. `make setup` makes it; a lost one comes back from a backup."
        ) from None
    except PermissionError:
        raise Trouble(f"The secret {path} belongs to somebody else: run as the user who ran `make setup`.") from None


def make_all() -> None:
    """Make what is not there yet. A secret that exists is never touched."""
    SECRETS.mkdir(parents=True, exist_ok=True)
    if SECRETS.stat().st_uid == os.geteuid():
        SECRETS.chmod(0o700)
    for name in NAMES:
        keep(name, secrets.token_urlsafe(32))


def keep(name: str, value: str) -> str:
    """Store the value unless there is one already; answers with the one that holds."""
    path = SECRETS / name
    if not path.exists():
        _write_once(path, value)
    return read(name)


def _write_once(path: Path, value: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # unlike rename, refuses when another process was first
    except FileExistsError:
        pass
    finally:
        draft.unlink()


if __name__ == "__main__":
    make_all()
