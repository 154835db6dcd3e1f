"""Keys are made once, read by every process, and gone for good when destroyed."""

import multiprocessing
import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from forecourt.adapters import cipher
from forecourt.adapters.keystore import KeyDestroyed, KeyStore, NoKey, NotReadable, RotationUnderWay

fork = multiprocessing.get_context("fork")


@pytest.fixture
def store(tmp_path) -> KeyStore:
    return open_store(tmp_path)


def open_store(folder) -> KeyStore:
    """As another process of the same installation would."""
    return KeyStore(folder / "keys" / "keys.sqlite3", folder / "secrets" / "key-encryption-key")


def make(store: KeyStore, count: int = 1) -> list[uuid.UUID]:
    subjects = [uuid.uuid4() for _ in range(count)]
    store.create_many(subjects)
    return subjects


def test_a_key_is_32_bytes_of_its_own_and_stays_the_same(store):
    ada, bruno = make(store, 2)
    key = store.get(ada)

    assert len(key) == 32
    assert key != store.get(bruno)
    assert store.create_many([ada]) == {ada: key}


def test_a_subject_without_key_is_told_from_an_erased_one(store):
    [ada] = make(store)
    store.destroy_many([ada])

    with pytest.raises(KeyDestroyed):
        store.get(ada)
    with pytest.raises(NoKey):
        store.get(uuid.uuid4())


def test_a_destroyed_key_never_comes_back(store):
    [ada] = make(store)
    store.destroy_many([ada])

    with pytest.raises(KeyDestroyed):
        store.create_many([ada])


def test_a_batch_with_an_erased_subject_makes_no_key_at_all(store):
    [ada] = make(store)
    store.destroy_many([ada])
    chen = uuid.uuid4()

    with pytest.raises(KeyDestroyed):
        store.create_many([chen, ada])
    with pytest.raises(NoKey):
        store.get(chen)


def test_destroying_leaves_a_tombstone_with_the_first_time(store):
    [ada] = make(store)
    never_seen = uuid.uuid4()
    store.destroy_many([ada])
    first = store.tombstones()
    store.destroy_many([ada])
    store.destroy_many([never_seen])

    assert store.tombstones()[ada] == first[ada]
    assert datetime.now(UTC) - first[ada] < timedelta(minutes=1)
    assert never_seen in store.tombstones()


def test_a_key_destroyed_in_one_process_is_gone_at_once_in_another(tmp_path, store):
    [ada] = make(store)
    elsewhere = open_store(tmp_path)
    elsewhere.get(ada)

    store.destroy_many([ada])

    with pytest.raises(KeyDestroyed):
        elsewhere.get(ada)


def test_no_byte_of_a_destroyed_key_remains_in_the_folder(tmp_path, store):
    subjects = make(store, 1500)
    wrapped = stored_keys(tmp_path)
    random.Random(1).shuffle(subjects)
    for subject in subjects[:400]:
        store.destroy_many([subject])
    kept = stored_keys(tmp_path)

    remains = b"".join(file.read_bytes() for file in (tmp_path / "keys").iterdir())
    destroyed = wrapped - kept
    assert len(destroyed) == 400
    assert [key for key in destroyed if key[13:29] in remains] == []
    assert all(key in remains for key in kept)


def stored_keys(folder) -> set[bytes]:
    with sqlite3.connect(folder / "keys" / "keys.sqlite3") as connection:
        return {
            wrapped for (wrapped,) in connection.execute("SELECT wrapped FROM subject_key WHERE wrapped IS NOT NULL")
        }


def test_neither_keys_nor_the_index_key_lie_readable_in_the_file(tmp_path, store):
    [ada] = make(store)

    content = (tmp_path / "keys" / "keys.sqlite3").read_bytes()
    assert store.get(ada) not in content
    assert store.index_key() not in content


def test_files_and_folders_are_for_this_user_only(tmp_path, store):
    make(store)

    for path in [tmp_path / "keys", tmp_path / "secrets", *tmp_path.glob("*/*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_many_threads_share_one_store(store):
    made: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(make(store) + make(store))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({store.get(subject) for subject in made}) == 24


def test_a_forked_child_reads_and_writes_beside_its_parent(tmp_path, store):
    [ada] = make(store)
    busy = threading.Event()

    def keep_writing():
        while not busy.is_set():
            make(store)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    children = [fork.Process(target=child, args=(store, ada)) for _ in range(4)]
    for process in children:
        process.start()
    for process in children:
        process.join(30)
    busy.set()
    writer.join()

    assert [process.exitcode for process in children] == [0] * 4
    assert len(store.get(ada)) == 32


def child(store: KeyStore, ada: uuid.UUID) -> None:
    store.get(ada)
    for subject in make(store, 5):
        store.get(subject)


def test_processes_that_start_at_once_agree_on_every_secret(tmp_path):
    with fork.Pool(6) as pool:
        answers = pool.map(index_key_of, [tmp_path] * 6)

    assert len(set(answers)) == 1


def index_key_of(folder) -> bytes:
    return open_store(folder).index_key()


WRITER = """
import sys, uuid
from pathlib import Path
from forecourt.adapters.keystore.store import KeyStore
folder = Path(sys.argv[1])
store = KeyStore(folder / "keys" / "keys.sqlite3", folder / "secrets" / "key-encryption-key")
while True:
    subject = uuid.uuid4()
    store.create_many([subject])
    print(subject, flush=True)
"""


def test_every_key_that_was_reported_made_survives_kill_9(tmp_path, store):
    make(store)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    reported = [uuid.UUID(writer.stdout.readline().strip()) for _ in range(20)]
    os.kill(writer.pid, signal.SIGKILL)
    reported += [uuid.UUID(line) for line in writer.communicate()[0].split() if len(line) == 36]

    assert all(store.get(subject) for subject in reported)


def test_rotation_keeps_every_key_and_the_old_secret_opens_nothing(tmp_path, store):
    subjects = make(store, 30)
    store.destroy_many([subjects.pop()])
    before, index_key = [store.get(subject) for subject in subjects], store.index_key()
    old = (tmp_path / "secrets" / "key-encryption-key").read_bytes()

    assert store.rotate() == 29

    for reader in (store, open_store(tmp_path)):
        assert [reader.get(subject) for subject in subjects] == before
        assert reader.index_key() == index_key
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["key-encryption-key"]
    for wrapped, subject in zip(sorted(stored_keys(tmp_path)), subjects, strict=True):
        with pytest.raises(cipher.Broken):
            cipher.unwrap(old, wrapped, subject.bytes)


def test_a_rotation_that_died_half_way_goes_on(tmp_path, store, monkeypatch):
    monkeypatch.setattr("forecourt.adapters.keystore.store.BATCH", 10)
    subjects = make(store, 25)
    before = [store.get(subject) for subject in subjects]
    dying = open_store(tmp_path)
    whole = dying._rewrap_batch
    monkeypatch.setattr(dying, "_rewrap_batch", lambda *a: whole(*a) and 1 / 0)
    with pytest.raises(ZeroDivisionError):
        dying.rotate()

    late = make(store)
    assert [open_store(tmp_path).get(subject) for subject in subjects] == before
    assert store.rotate() == 15
    assert [open_store(tmp_path).get(subject) for subject in subjects] == before
    assert len(open_store(tmp_path).get(late[0])) == 32


ROTATION = """
import sys
from pathlib import Path
from forecourt.adapters.keystore import store as module
module.BATCH = 10
folder, left = Path(sys.argv[1]), int(sys.argv[2])
store = module.KeyStore(folder / "keys" / "keys.sqlite3", folder / "secrets" / "key-encryption-key")
wrap = module.cipher.wrap
def waits_to_be_killed(*asked):
    global left
    left -= 1
    if not left:
        print("now", flush=True)
        sys.stdin.read()
    return wrap(*asked)
module.cipher.wrap = waits_to_be_killed
store.rotate()
"""


@pytest.mark.parametrize(
    "wraps", [1, 2, 15, 25], ids=["at its announcement", "at its first key", "half way", "at its last keys"]
)
def test_a_rotation_that_was_killed_changed_no_key_and_goes_on(tmp_path, store, wraps):
    subjects = make(store, 25)
    before = {subject: store.get(subject) for subject in subjects}
    rotation = subprocess.Popen(
        [sys.executable, "-c", ROTATION, str(tmp_path), str(wraps)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert rotation.stdout.readline() == "now\n"
    os.kill(rotation.pid, signal.SIGKILL)
    rotation.communicate()

    fresh = open_store(tmp_path)
    assert {subject: fresh.get(subject) for subject in subjects} == before
    assert fresh.rotate() > 0
    assert {subject: open_store(tmp_path).get(subject) for subject in subjects} == before
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["key-encryption-key"]


def test_no_copy_of_a_secret_that_a_killed_process_left_outlives_the_rotation(tmp_path, store):
    make(store)
    secrets = tmp_path / "secrets"
    for draft in (".key-encryption-key.abcdefgh", ".key-encryption-key.next.abcdefgh"):
        os.link(secrets / "key-encryption-key", secrets / draft)

    store.rotate()

    assert [file.name for file in secrets.iterdir()] == ["key-encryption-key"]


def test_a_rotation_that_ends_while_a_new_process_reads_its_first_key_is_not_noticed(tmp_path, store, monkeypatch):
    [ada] = make(store)
    key, index_key = store.get(ada), store.index_key()
    reader, other = open_store(tmp_path), open_store(tmp_path)
    ends_meanwhile(reader, store, monkeypatch)
    ends_meanwhile(other, store, monkeypatch)

    assert reader.get(ada) == key
    assert other.index_key() == index_key


def ends_meanwhile(reader, rotating, monkeypatch) -> None:
    """A whole rotation between the reader's look at the row and its first look for the secret."""
    looks, meanwhile = reader._has_kek, [rotating.rotate]
    monkeypatch.setattr(reader, "_has_kek", lambda wanted: (meanwhile and meanwhile.pop()(), looks(wanted))[1])


def test_two_rotations_at_once_do_not_mix(tmp_path, store, monkeypatch):
    make(store)
    monkeypatch.setattr(store, "_rewrap_batch", lambda *a: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        store.rotate(b"n" * 32)

    with pytest.raises(RotationUnderWay, match="Finish it first"):
        open_store(tmp_path).rotate(b"m" * 32)
    open_store(tmp_path).rotate()
    assert (tmp_path / "secrets" / "key-encryption-key").read_bytes() == b"n" * 32


def test_a_process_that_slept_through_a_rotation_makes_readable_keys(tmp_path, store):
    make(store)
    sleeper = open_store(tmp_path)
    make(sleeper)
    store.rotate()

    [late] = make(sleeper)

    assert open_store(tmp_path).get(late) == sleeper.get(late)


def test_a_lost_secret_is_reported_and_not_replaced(tmp_path, store):
    [ada] = make(store)
    secret = tmp_path / "secrets" / "key-encryption-key"
    secret.unlink()

    with pytest.raises(NotReadable, match="Put back the file"):
        open_store(tmp_path).get(ada)
    assert not secret.exists()


def test_somebody_elses_secret_is_reported(tmp_path, store):
    [ada] = make(store)
    (tmp_path / "secrets" / "key-encryption-key").write_bytes(os.urandom(32))

    with pytest.raises(NotReadable, match="another key-encryption key"):
        open_store(tmp_path).get(ada)


def test_a_secret_of_the_wrong_size_is_reported(tmp_path, store):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "key-encryption-key").write_text("secret\n")

    with pytest.raises(NotReadable, match="32 random bytes and nothing else; it has 7"):
        make(store)


def test_orphans_are_keys_without_a_row_that_are_no_longer_new(store):
    ada, bruno, chen = make(store, 3)
    store.destroy_many([chen])

    assert store.orphans([ada], timedelta(0)) == [bruno]
    assert store.orphans([ada], timedelta(hours=1)) == []
