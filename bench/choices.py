"""Choices recorded durably: lock, entry, standing and commit, as every form, link and reply does it.

One client alone, for how long one choice takes; then several processes at once, for how many a second. Each choice is of
another person, as in life, and is on disk before it counts (fsync on, synchronous_commit on).
"""

import multiprocessing
import time
import uuid
from statistics import quantiles

from django.db import connection, connections
from django.utils import timezone

from bench import crowd, rows
from forecourt.consent import ledger
from forecourt.consent.models import Channel, Entry, Verb

PEOPLE = 2000
ALONE = 1000
PROCESSES = 8
SECONDS = 4.0


def measure(people: int = PEOPLE) -> list[rows.Row]:
    contacts = list(crowd.gather(people, crowd.TEXT))
    before = Entry.objects.count()
    milliseconds = [record(contacts[n % people]) * 1000 for n in range(ALONE)][ALONE // 10 :]
    cuts = quantiles(milliseconds, n=100)
    done, seconds = at_once(contacts)
    if Entry.objects.count() - before != ALONE + done:
        raise AssertionError("The ledger does not hold every choice that was acknowledged.")
    return [
        rows.row("a choice recorded durably, one client: half take less than", round(cuts[49], 2), "ms"),
        rows.row("a choice recorded durably, one client: 99 of 100 take less than", round(cuts[98], 2), "ms"),
        rows.row(f"choices recorded durably, {PROCESSES} clients", round(done / seconds), "choices/s"),
    ]


def record(contact: uuid.UUID) -> float:
    """Seconds until it is on disk."""
    begun = time.perf_counter()
    ledger.record(
        contact, Verb.WITHDREW, Channel.TEXT, f"interaction:{contact}",
        method="link", now=timezone.now(), policy_version="bench",
    )  # fmt: skip
    return time.perf_counter() - begun


def at_once(contacts: list[uuid.UUID]) -> tuple[int, float]:
    """How many choices all processes recorded, and in how many seconds."""
    connection.close()
    connections["default"].close_pool()
    fork = multiprocessing.get_context("fork")
    ready, counts = fork.Barrier(PROCESSES + 1), fork.SimpleQueue()
    clients = [
        fork.Process(target=client, args=(contacts[share::PROCESSES], ready, counts), daemon=True)
        for share in range(PROCESSES)
    ]
    for process in clients:
        process.start()
    ready.wait()
    begun = time.perf_counter()
    for process in clients:
        process.join()
    return sum(counts.get() for _ in clients), time.perf_counter() - begun


def client(contacts: list[uuid.UUID], ready, counts) -> None:
    record(contacts[0])  # the connection's own time is not a choice's
    ready.wait()
    until, done = time.monotonic() + SECONDS, 1
    while time.monotonic() < until:
        record(contacts[done % len(contacts)])
        done += 1
    counts.put(done)
