"""The key store's file: SQLite with a rollback journal, since deleted keys would linger in a write-ahead log.

`secure_delete` zeroes what is freed inside the file. Blocks that the file system freed may still hold a wrapped key until
they are reused; once the key-encryption key is rotated, those remains open with nothing.
"""

import hashlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from forecourt.adapters import cipher, secret_files

SCHEMA = """
    CREATE TABLE subject_key (
        id INTEGER PRIMARY KEY,
        subject BLOB NOT NULL UNIQUE,
        wrapped BLOB,
        kek BLOB,
        made_at INTEGER NOT NULL,
        destroyed_at INTEGER,
        CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL) AND (wrapped IS NULL) = (kek IS NULL))
    );
    CREATE TABLE index_key (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL, kek BLOB NOT NULL);
    CREATE TABLE writing_kek (one INTEGER PRIMARY KEY CHECK (one = 1), kek BLOB NOT NULL);
"""
# What a restore needs to know of somebody erased and no backup may have: see consent.kept_noes.
BESIDE = "CREATE TABLE IF NOT EXISTS beside (subject BLOB PRIMARY KEY, words TEXT NOT NULL)"
INDEX_KEY_OWNER = b"index"
BATCH = 1000

# One thread at a time, and no fork in the middle: a child that inherits SQLite's lock table mid-operation stays locked out.
_guard = threading.RLock()
os.register_at_fork(before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_guard.release)


class NoKey(LookupError):
    """This subject never had a key here."""


class KeyDestroyed(LookupError):
    """The subject was erased; what was sealed for it cannot be read by anybody."""


class NotReadable(Exception):
    """The store and the key-encryption key do not belong together."""


class RotationUnderWay(Exception):
    """Another new key-encryption key is half way in."""


class KeyStore:
    def __init__(self, file: Path, kek_file: Path) -> None:
        self._file = file
        self._kek_file = kek_file
        self._next_kek_file = kek_file.with_name(kek_file.name + ".next")
        self._keks: dict[bytes, bytes] = {}
        self._index_key = b""
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._inherited: list[sqlite3.Connection] = []

    def create_many(self, subject_ids: Collection[UUID]) -> dict[UUID, bytes]:
        with self._writing() as connection:
            fingerprint, kek = self._writing_kek(connection)
            connection.executemany(
                "INSERT INTO subject_key (subject, wrapped, kek, made_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (
                    (
                        subject.bytes,
                        cipher.wrap(kek, cipher.new_key(), subject.bytes),
                        fingerprint,
                        int(time.time()),
                    )
                    for subject in subject_ids
                ),
            )
            return {subject: self._get(connection, subject) for subject in subject_ids}

    def get(self, subject_id: UUID) -> bytes:
        with self._reading() as connection:
            return self._get(connection, subject_id)

    def destroy_many(self, subject_ids: Collection[UUID]) -> None:
        now = int(time.time())
        with self._writing() as connection:
            connection.executemany(
                """INSERT INTO subject_key (subject, made_at, destroyed_at) VALUES (?, ?, ?)
                   ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, kek = NULL, destroyed_at = excluded.destroyed_at
                   WHERE destroyed_at IS NULL""",
                ((subject_id.bytes, now, now) for subject_id in subject_ids),
            )

    def index_key(self) -> bytes:
        if not self._index_key:
            with self._reading() as connection:
                self._index_key = self._opened(lambda: _wrapped_index_key(connection), INDEX_KEY_OWNER)
        return self._index_key

    def rotate(self, new_kek: bytes | None = None) -> int:
        """How many keys were wrapped anew. Both key-encryption keys are on disk until the last row is done."""
        with self._reading():
            new_kek = self._announce(new_kek)
        fingerprint = _fingerprint(new_kek)
        with self._writing() as connection:
            # From here on new keys are wrapped under the new key in every process, so the sweep below has an end.
            connection.execute("UPDATE writing_kek SET kek = ?", (fingerprint,))
            wrapped, old = _wrapped_index_key(connection)
            again = cipher.wrap(new_kek, self._unwrap(wrapped, old, INDEX_KEY_OWNER), INDEX_KEY_OWNER)
            connection.execute("UPDATE index_key SET wrapped = ?, kek = ?", (again, fingerprint))
        done = 0
        while count := self._rewrap_batch(new_kek, fingerprint):
            done += count
        os.replace(self._next_kek_file, self._kek_file)
        for file in (self._kek_file, self._next_kek_file):
            secret_files.sweep_drafts(file, than=self._kek_file)
        secret_files.sync_folder(self._kek_file.parent)
        return done

    def orphans(self, known: Iterable[UUID], settled: timedelta) -> list[UUID]:
        kept = {subject.bytes for subject in known}
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT subject FROM subject_key WHERE destroyed_at IS NULL AND made_at <= ? ORDER BY id",
                (time.time() - settled.total_seconds(),),
            )
            return [UUID(bytes=subject) for (subject,) in rows if subject not in kept]

    def tombstones(self) -> dict[UUID, datetime]:
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT subject, destroyed_at FROM subject_key WHERE destroyed_at IS NOT NULL ORDER BY id"
            )
            return {UUID(bytes=subject): datetime.fromtimestamp(at, UTC) for subject, at in rows}

    def write_beside(self, tombstone: UUID, words: str) -> None:
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO beside VALUES (?, ?)", (tombstone.bytes, words))

    def beside_tombstones(self) -> dict[UUID, str]:
        with self._reading() as connection:
            rows = connection.execute("SELECT subject, words FROM beside ORDER BY subject")
            return {UUID(bytes=subject): words for subject, words in rows}

    def _get(self, connection: sqlite3.Connection, subject: UUID) -> bytes:
        return self._opened(lambda: _wrapped_key(connection, subject), subject.bytes)

    def _opened(self, read: Callable[[], tuple[bytes, bytes]], owner: bytes) -> bytes:
        """A rotation may end between the reading of the row and of the file; then the row has changed as well."""
        wrapped, fingerprint = read()
        while not self._has_kek(fingerprint):
            again = read()
            if again[1] == fingerprint:
                break
            wrapped, fingerprint = again
        return self._unwrap(wrapped, fingerprint, owner)

    def _unwrap(self, wrapped: bytes, fingerprint: bytes, owner: bytes) -> bytes:
        try:
            return cipher.unwrap(self._kek(fingerprint), wrapped, owner)
        except cipher.Broken:
            raise NotReadable(f"A key in {self._file} is damaged. Restore the file from its copy.") from None

    def _has_kek(self, fingerprint: bytes) -> bool:
        if fingerprint not in self._keks:
            # The next one first: a rotation that ends between the two reads moves it to the other name.
            for file in (self._next_kek_file, self._kek_file):
                with suppress(FileNotFoundError):
                    kek = _checked(file, file.read_bytes())
                    self._keks[_fingerprint(kek)] = kek
        return fingerprint in self._keks

    def _kek(self, fingerprint: bytes) -> bytes:
        if not self._has_kek(fingerprint):
            raise NotReadable(
                f"The keys in {self._file} are wrapped under another key-encryption key than the one in {self._kek_file}. "
                "Put back the file that belongs to them."
            )
        return self._keks[fingerprint]

    def _writing_kek(self, connection: sqlite3.Connection) -> tuple[bytes, bytes]:
        (fingerprint,) = connection.execute("SELECT kek FROM writing_kek").fetchone()
        return fingerprint, self._kek(fingerprint)

    def _announce(self, new_kek: bytes | None) -> bytes:
        if new_kek is not None and len(new_kek) != cipher.KEY_BYTES:
            raise ValueError(f"A key-encryption key has {cipher.KEY_BYTES} bytes, not {len(new_kek)}.")
        if new_kek == _read_kek(self._kek_file):
            raise ValueError("The new key-encryption key is the present one.")
        if not self._next_kek_file.exists():
            secret_files.write_new(self._next_kek_file, new_kek or cipher.new_key())
        announced = _read_kek(self._next_kek_file)
        if new_kek is not None and announced != new_kek:
            raise RotationUnderWay(
                "A rotation to another key is under way. Finish it first: rotate without naming a key."
            )
        return announced

    def _rewrap_batch(self, new_kek: bytes, fingerprint: bytes) -> int:
        with self._writing() as connection:
            rows = connection.execute(
                "SELECT id, subject, wrapped, kek FROM subject_key WHERE kek != ? LIMIT ?",
                (fingerprint, BATCH),
            ).fetchall()
            connection.executemany(
                "UPDATE subject_key SET wrapped = ?, kek = ? WHERE id = ?",
                [
                    (
                        cipher.wrap(new_kek, self._unwrap(wrapped, old, subject), subject),
                        fingerprint,
                        row_id,
                    )
                    for row_id, subject, wrapped, old in rows
                ],
            )
        return len(rows)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _guard:
            yield self._connect()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection, _transaction(connection):
            yield connection

    def _connect(self) -> sqlite3.Connection:
        if self._connection is not None and self._process == os.getpid():
            return self._connection
        if self._connection is not None:
            # The parent's: neither used nor closed here.
            self._inherited.append(self._connection)
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self._file, timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in (
            "journal_mode = TRUNCATE",
            "synchronous = FULL",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        with _transaction(connection):
            self._prepare(connection)
        self._connection, self._process = connection, os.getpid()
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(BESIDE)
        if connection.execute("PRAGMA user_version").fetchone() != (0,):
            return
        # Only an empty store may have a new key-encryption key; keys without theirs are an accident to report.
        secret_files.read_or_make(self._kek_file, cipher.new_key)
        kek = _read_kek(self._kek_file)
        for statement in SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO writing_kek VALUES (1, ?)", (_fingerprint(kek),))
        wrapped = cipher.wrap(kek, cipher.new_key(), INDEX_KEY_OWNER)
        connection.execute("INSERT INTO index_key VALUES (1, ?, ?)", (wrapped, _fingerprint(kek)))
        connection.execute("PRAGMA user_version = 1")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _wrapped_key(connection: sqlite3.Connection, subject: UUID) -> tuple[bytes, bytes]:
    row = connection.execute("SELECT wrapped, kek FROM subject_key WHERE subject = ?", (subject.bytes,)).fetchone()
    if row is None:
        raise NoKey(f"subject {subject} has no key")
    wrapped, fingerprint = row
    if wrapped is None:
        raise KeyDestroyed(f"the key of subject {subject} was destroyed")
    return wrapped, fingerprint


def _wrapped_index_key(connection: sqlite3.Connection) -> tuple[bytes, bytes]:
    wrapped, fingerprint = connection.execute("SELECT wrapped, kek FROM index_key").fetchone()
    return wrapped, fingerprint


def _read_kek(file: Path) -> bytes:
    try:
        kek = file.read_bytes()
    except FileNotFoundError:
        raise NotReadable(
            f"The key-encryption key {file} is missing. Put back the file that belongs to the key store."
        ) from None
    return _checked(file, kek)


def _checked(file: Path, kek: bytes) -> bytes:
    if len(kek) != cipher.KEY_BYTES:
        raise NotReadable(f"{file} must hold {cipher.KEY_BYTES} random bytes and nothing else; it has {len(kek)}.")
    return kek


def _fingerprint(kek: bytes) -> bytes:
    return hashlib.sha256(b"forecourt key-encryption key|" + kek).digest()[:8]
