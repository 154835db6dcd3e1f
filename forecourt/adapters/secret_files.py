"""Secrets that live in files of their own, readable by this user alone and made once, whoever comes first."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def read_or_make(file: Path, make: Callable[[], bytes]) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        write_new(file, make())
        return file.read_bytes()


def write_new(file: Path, content: bytes) -> bool:
    """Write the whole file or nothing; False when somebody else's is already there."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        os.unlink(draft)
    sync_folder(file.parent)
    return True


def sweep_drafts(file: Path, than: Path) -> None:
    """What a killed process left of writing `file` may be a second copy of a secret. What is newer than `than` is being written."""
    for draft in file.parent.glob(f".{file.name}.????????"):
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime_ns <= than.stat().st_mtime_ns:
                draft.unlink()


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
