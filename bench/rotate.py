"""The wrapping keys exchanged beside others who read and write, once undisturbed and once killed again and again.

Readers open names through the vault and writers seal new ones, each in a process of its own and on one store of keys; another
process rotates. Every value that was opened is compared with what was sealed. What is measured is how many were opened and sealed a
second during the rotation, beside the same processes a moment before.
"""

import itertools
import multiprocessing
import os
import random
import signal
import sqlite3
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import c_double, c_int64
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone

from bench import rows
from forecourt.adapters import keystore
from forecourt.people import subjects, vault
from forecourt.people.models import Subject

PEOPLE = 100_000  # so many keys; a thousand of them have a name that is opened again and again
NAMED = 1_000
AT_ONCE = 10_000
READERS, WRITERS = 2, 1
BEFORE = 5.0  # seconds of the same without a rotation
KILLS = 20
FIELD, PURPOSE, WHO = "user.name", "test-drive-lead", "bench"
PROCESSES = multiprocessing.get_context("fork")


@dataclass
class Crew:
    """What the readers and writers did so far, each in its own place."""

    done: list = field(default_factory=lambda: [PROCESSES.Value(c_int64) for _ in range(READERS + WRITERS)])
    failed: list = field(default_factory=lambda: [PROCESSES.Value(c_int64) for _ in range(READERS + WRITERS)])
    longest: list = field(default_factory=lambda: [PROCESSES.Value(c_double) for _ in range(READERS + WRITERS)])

    def counts(self) -> tuple[int, int]:
        done = [one.value for one in self.done]
        return sum(done[:READERS]), sum(done[READERS:])


def measure(people: int = PEOPLE) -> list[rows.Row]:
    with tempfile.TemporaryDirectory(prefix="bench-keys-") as folder:
        settings.VAR, settings.KEY_ENCRYPTION_KEY_FILE = Path(folder), Path(folder) / "secrets" / "key-encryption-key"
        names = gather(people)
        crew = Crew()
        with at_work(crew, names):
            before = rates(crew, lambda: time.sleep(BEFORE))
            for place in crew.longest:
                place.value = 0.0
            during = rates(crew, rotate)
            longest = max(place.value for place in crew.longest)
            killed = rates(crew, rotate_under_fire)
        failed = sum(place.value for place in crew.failed)
        check(Path(folder), names)
    return [
        rows.row(f"{people:,} keys wrapped anew beside readers and writers", round(during.seconds, 2), "s"),
        rows.row("reads and writes that failed meanwhile, of both rotations", failed, "times"),
        rows.row(
            "fields opened during a rotation", during.read, "a second", peer="a moment before", peer_value=before.read
        ),
        rows.row(
            "fields sealed for new people",
            during.written,
            "a second",
            peer="a moment before",
            peer_value=before.written,
        ),
        rows.row("the longest that one of them waited", round(longest * 1000), "ms"),
        rows.row("the same rotation killed with SIGKILL, and gone on", KILLS, "times"),
        rows.row("it lasted in all", round(killed.seconds, 2), "s"),
    ]


@dataclass(frozen=True)
class Rates:
    seconds: float
    read: int
    written: int


def rates(crew: Crew, act: Callable[[], None]) -> Rates:
    begun, (read, written) = time.perf_counter(), crew.counts()
    act()
    (now_read, now_written), seconds = crew.counts(), time.perf_counter() - begun
    return Rates(seconds, round((now_read - read) / seconds), round((now_written - written) / seconds))


def gather(people: int) -> dict[uuid.UUID, str]:
    named = {add(place): name_of(place) for place in range(min(NAMED, people))}
    rest = [uuid.uuid4() for _ in range(people - len(named))]
    for start in range(0, len(rest), AT_ONCE):
        keystore.create_many(rest[start : start + AT_ONCE])
    return named


def name_of(place: int) -> str:
    return f"Visitor {place} of the bench"


def add(place: int) -> uuid.UUID:
    now = timezone.now()
    subject = subjects.add(Subject.Kind.SUBMISSION, now)
    vault.seal(subject.pk, FIELD, name_of(place), source="bench", notice="bench", now=now)
    return subject.pk


@contextmanager
def at_work(crew: Crew, names: dict[uuid.UUID, str]) -> Iterator[None]:
    connections["default"].close()
    connections["default"].close_pool()
    jobs = [(read, (names,))] * READERS + [(write, ())] * WRITERS
    processes = [PROCESSES.Process(target=work, args=(crew, place, *job)) for place, job in enumerate(jobs)]
    for process in processes:
        process.start()
    try:
        while not all(place.value for place in crew.done):
            time.sleep(0.01)
        yield
    finally:
        for process in processes:
            process.kill()
            process.join()


def work(crew: Crew, place: int, act: Callable[..., Iterator[None]], given: tuple) -> None:
    """For ever. What fails counts, is told, and the next one is tried. The parent goes on using the connections that it gave."""
    DatabaseWrapper._connection_pools.clear()
    while True:
        steps, begun = act(*given), time.perf_counter()
        try:
            for _ in steps:
                crew.done[place].value += 1
                crew.longest[place].value = max(crew.longest[place].value, time.perf_counter() - begun)
                begun = time.perf_counter()
        except Exception:
            crew.failed[place].value += 1
            traceback.print_exc(limit=3)


def read(names: dict[uuid.UUID, str]) -> Iterator[None]:
    chosen = random.Random(os.getpid())
    ids = list(names)
    while True:
        subject = chosen.choice(ids)
        opened = vault.open_fields(subject, [FIELD], purpose=PURPOSE, who=WHO, now=timezone.now())
        if opened != {FIELD: names[subject]}:
            raise AssertionError("another name came out than was sealed")
        yield


def write() -> Iterator[None]:
    for place in itertools.count():
        add(place)
        yield


def rotate() -> None:
    rotation = PROCESSES.Process(target=keystore.rotate)
    rotation.start()
    rotation.join()
    if rotation.exitcode:
        raise AssertionError("the rotation failed")


def rotate_under_fire() -> None:
    """Each goes on where the one before it was killed; the last is let finish."""
    for _ in range(KILLS):
        rotation = PROCESSES.Process(target=keystore.rotate)
        rotation.start()
        time.sleep(random.uniform(0.01, 0.1))
        os.kill(rotation.pid, signal.SIGKILL)
        rotation.join()
    rotate()


def check(folder: Path, names: dict[uuid.UUID, str]) -> None:
    """One key-encryption key is left, everything lies under it, and every name opens."""
    with sqlite3.connect(folder / "keys" / "keys.sqlite3") as store:
        keks = store.execute("SELECT DISTINCT kek FROM subject_key UNION SELECT kek FROM index_key").fetchall()
    left = [file.name for file in (folder / "secrets").iterdir()]
    if len(keks) != 1 or left != ["key-encryption-key"]:
        raise AssertionError(f"a rotation is not done: {len(keks)} keys of keys in use, files {left}")
    for subject, name in names.items():
        if vault.open_fields(subject, [FIELD], purpose=PURPOSE, who=WHO, now=timezone.now()) != {FIELD: name}:
            raise AssertionError("a name does not open after the rotations")
