"""One key a subject, in a file of its own outside the database and its backups, so that destroying a key erases for good.

Nothing is cached: a key destroyed by one process is gone for every other at once.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from .store import KeyDestroyed, KeyStore, NoKey, NotReadable, RotationUnderWay

__all__ = [
    "KeyDestroyed",
    "KeyStore",
    "NoKey",
    "NotReadable",
    "RotationUnderWay",
    "beside_tombstones",
    "create",
    "create_many",
    "destroy",
    "destroy_many",
    "get",
    "index_key",
    "orphans",
    "rotate",
    "tombstones",
    "write_beside",
]


def create(subject_id: UUID) -> bytes:
    """Make the subject's key. Doing it twice gives the same key; a destroyed key never comes back."""
    return create_many([subject_id])[subject_id]


def create_many(subject_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """As create, with one durable write for all."""
    return _store().create_many(subject_ids)


def get(subject_id: UUID) -> bytes:
    return _store().get(subject_id)


def destroy(subject_id: UUID) -> None:
    """Only a tombstone with the time remains. Doing it twice changes nothing."""
    destroy_many([subject_id])


def destroy_many(subject_ids: Collection[UUID]) -> None:
    """As destroy, with one durable write for all."""
    _store().destroy_many(subject_ids)


def index_key() -> bytes:
    """The key of every blind index."""
    return _store().index_key()


def rotate(new_kek: bytes | None = None) -> int:
    """Wrap every key anew, under the given or a random key-encryption key; call again to go on after a crash."""
    return _store().rotate(new_kek)


def orphans(known: Iterable[UUID], settled: timedelta = timedelta(hours=1)) -> list[UUID]:
    """Subjects whose key is older than `settled` and that `known` does not name: their transaction never committed."""
    return _store().orphans(known, settled)


def tombstones() -> dict[UUID, datetime]:
    """Who was erased and when, for a restore to erase again."""
    return _store().tombstones()


def write_beside(tombstone: UUID, words: str) -> None:
    """What a restore has to know of somebody erased, beyond that. Twice is once; the last words count."""
    _store().write_beside(tombstone, words)


def beside_tombstones() -> dict[UUID, str]:
    return _store().beside_tombstones()


def _store() -> KeyStore:
    return _store_at(
        Path(settings.VAR) / "keys" / "keys.sqlite3",
        Path(settings.KEY_ENCRYPTION_KEY_FILE),
    )


@lru_cache
def _store_at(file: Path, kek_file: Path) -> KeyStore:
    return KeyStore(file, kek_file)
