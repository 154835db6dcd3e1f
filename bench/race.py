"""Stops against a running send: 10,000 people, several workers, killed, frozen and cut off again and again.

The carrier is a process of its own that writes down when each message reached it. A stop is acknowledged when
`messaging.stops.settled` says so; both times are CLOCK_MONOTONIC, the same for all processes of a machine. The stops keep
pace with the send, so that most come within a moment of their own message. Then it is counted: messages that reached the
carrier after their person's stop was acknowledged, messages that reached it twice, stops that were acknowledged and are not
in the ledger, and unknown outcomes.

Beside it, in the same run, two ways that mail systems check: once when the campaign starts, and once a batch.
"""

import json
import logging
import multiprocessing
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone

from bench import crowd
from bench.rows import Row, row
from forecourt.adapters import texts
from forecourt.consent import ledger
from forecourt.consent.models import Entry, Standing
from forecourt.messaging import handoff, jobs, outbox, stops
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.run import database
from forecourt.run.scratch import scratch_database

PEOPLE = 10_000
PEER_PEOPLE = 1000
PEER_BATCH = 100
WORKERS = 4
STOPPERS = 24  # a stop that meets a killed worker's lease waits it out, up to ten seconds
# How far from its own message a stop may come, in messages.
NEAR = 20
PROCESSES = multiprocessing.get_context("fork")


def measure(people: int = PEOPLE) -> list[Row]:
    with scratch_database() as name:
        use(name)
        ours = race(people, lease_worker, acknowledged_stop, chaos=True)
    rows = [
        row(f"texts that arrived after an acknowledged stop, of {people:,} people", ours.leaks, "texts"),
        row("texts that arrived twice", ours.twice, "texts"),
        row("acknowledged stops that the ledger lacks", ours.lost, "stops"),
        row("stops that were not acknowledged", ours.unacknowledged, "stops"),
        row("texts that arrived before their stop", ours.arrived, "texts"),
        row("unknown outcomes: listed, never sent again", ours.unknown, "texts"),
        row("workers killed with SIGKILL in the middle", ours.killed, "times"),
        row("workers frozen for longer than a lease", ours.frozen, "times"),
        row("database sessions cut", ours.cut, "times"),
        row("the race lasted", round(ours.seconds, 1), "s"),
    ]
    for peer, worker in (
        ("checked when the campaign starts", start_worker),
        (f"checked once a batch of {PEER_BATCH}", batch_worker),
    ):
        with scratch_database() as name:
            use(name)
            theirs = race(PEER_PEOPLE, worker, plain_stop, chaos=False)
        ours_then = round(ours.leaks * PEER_PEOPLE / people, 1)
        rows.append(row("texts after a stop, per 1,000 people", ours_then, "texts", peer=peer, peer_value=theirs.leaks))
    return rows


def use(name: str) -> None:
    """This process and those that it forks talk to that database from now on."""
    let_go()
    connections["default"].settings_dict["NAME"] = name
    connections["default"].settings_dict["OPTIONS"]["pool"]["max_size"] = STOPPERS


def let_go() -> None:
    connections["default"].close()
    connections["default"].close_pool()


# The carrier.


class Carrier(BaseHTTPRequestHandler):
    """Speaks the carrier's protocol and appends one line a message, in one write, before it answers."""

    protocol_version = "HTTP/1.1"
    record: int

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        content = self.rfile.read(length)
        if len(content) < length:
            # The worker ended, or thought better of it, before the last byte: no carrier takes half a request.
            self.close_connection = True
            return
        form = parse_qs(content.decode())
        os.write(self.record, f"{time.monotonic():.6f} {form['To'][0]}\n".encode())
        time.sleep(random.random() * 0.004)
        answer = json.dumps({"sid": f"SM{uuid.uuid4().hex}", "status": "queued"}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A worker was killed while it spoke to us: that is what this is about."""


@contextmanager
def carrier() -> Iterator[Path]:
    """A carrier on a port of its own, where texts go meanwhile; yields the file that it writes."""
    record = Path(tempfile.mkstemp(prefix="carrier-")[1])
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def serve() -> None:
        Carrier.record = os.open(record, os.O_WRONLY | os.O_APPEND)
        server = Quiet(listener.getsockname(), Carrier, bind_and_activate=False)
        server.socket.close()
        server.socket = listener
        server.serve_forever()

    process = PROCESSES.Process(target=serve, daemon=True)
    process.start()
    settings.TEXTS_ADAPTER = "twilio"
    settings.TWILIO_URL = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings.TWILIO_ACCOUNT, settings.TWILIO_TOKEN = "AC-bench", "bench"
    texts._twilio.cache_clear()
    listener.close()
    try:
        yield record
    finally:
        process.kill()
        process.join()
        record.unlink()


def arrivals(record: Path) -> list[tuple[float, str]]:
    return [(float(when), number) for when, number in (line.split() for line in record.read_text().splitlines())]


# The race.


@dataclass
class Outcome:
    leaks: int
    twice: int
    lost: int
    unacknowledged: int
    unknown: int
    arrived: int
    killed: int
    frozen: int
    cut: int
    seconds: float


def race(people: int, worker, stop, *, chaos: bool) -> Outcome:
    numbers = crowd.gather(people, crowd.TEXT)
    began = time.monotonic()
    with carrier() as record:
        let_go()
        workers = [start(worker, share) for share in range(WORKERS)]
        trouble = Trouble(workers, worker)
        if chaos:
            trouble.start()
        acknowledged = Stopping(numbers, record, workers, stop).everybody()
        trouble.end()
        until = time.monotonic() + 60
        while any(process.is_alive() for process in workers) and time.monotonic() < until:
            time.sleep(0.1)
        for process in workers:
            process.kill()
            process.join()
        return count(arrivals(record), numbers, acknowledged, trouble, time.monotonic() - began)


def start(worker, share: int):
    process = PROCESSES.Process(target=alone, args=(worker, share), daemon=True)
    process.start()
    return process


def alone(worker, share: int) -> None:
    """A worker's process. Its parent goes on using the connections that it inherits; and a cut session is no news here."""
    DatabaseWrapper._connection_pools.clear()
    logging.disable(logging.CRITICAL)
    random.seed(share + time.time())
    worker(share)


def lease_worker(share: int) -> None:
    """Ours: each message through the hand-off. A cut session is an exception like any other; the next try goes on."""
    while True:
        try:
            queued = Message.objects.filter(state="queued")
            waiting = list(
                queued.filter(due__lte=timezone.now()).order_by("due", "pk").values_list("pk", flat=True)[:NEAR]
            )
            if not waiting:
                if not queued.exists():
                    return
                time.sleep(0.2)
            for message in random.sample(waiting, min(WORKERS, len(waiting))):
                handoff.deliver(message)
        except Exception:  # whatever a killed session raises, in whichever layer: the worker lives on
            connections.close_all()


def start_worker(share: int) -> None:
    """A peer's way: who said stop is asked once, when the campaign starts."""
    send_allowed(share, batch=sys.maxsize)


def batch_worker(share: int) -> None:
    """Another peer's way: asked once a batch."""
    send_allowed(share, batch=PEER_BATCH)


def send_allowed(share: int, batch: int) -> None:
    mine = list(Message.objects.select_related("contact").order_by("due", "pk")[share::WORKERS])
    for first in range(0, len(mine), min(batch, len(mine))):
        stopped = set(Standing.objects.filter(withdrew__gt=0).values_list("contact", flat=True))
        for message in mine[first : first + batch]:
            if message.contact_id not in stopped:
                address = contacts.address_of(message.contact, purpose=message.use, who="bench", now=timezone.now())
                body = outbox.open_body(message).text
                texts.current().send("+12185550142", address.text, body, time.monotonic() + 9, str(message.pk))


def acknowledged_stop(contact_id: uuid.UUID) -> float | None:
    """A stop as a person meets it: recorded, then acknowledged when nothing of theirs is out. None: not acknowledged."""
    for _ in range(20):
        try:
            contact = Contact.objects.get(pk=contact_id)
            stops.withdraw(contact, "text", f"interaction:{contact_id}", method="link", now=timezone.now())
            return time.monotonic() if stops.settled(contact_id, patience=30) else None
        except Exception:  # a cut session: the person sees an error and presses again
            connections.close_all()
    return None


def plain_stop(contact_id: uuid.UUID) -> float:
    ledger.record(
        contact_id, "withdrew", "text", f"interaction:{contact_id}",
        method="link", now=timezone.now(), policy_version="bench",
    )  # fmt: skip
    return time.monotonic()


@dataclass
class Stopping:
    """Everybody says stop, at about the time at which their message leaves: half a moment before, half after."""

    numbers: dict[uuid.UUID, str]
    record: Path
    workers: list
    stop: object
    acknowledged: dict[uuid.UUID, float] = field(default_factory=dict)
    front: int = 0

    def everybody(self) -> dict[uuid.UUID, float]:
        queue = list(Message.objects.order_by("due", "pk").values_list("contact_id", flat=True))
        connections.close_all()
        self.places = {self.numbers[contact]: place for place, contact in enumerate(queue)}
        order = sorted(range(len(queue)), key=lambda place: place + random.uniform(-NEAR, NEAR))
        over = threading.Event()
        watch = threading.Thread(target=self.watch, args=(over,), daemon=True)
        watch.start()
        with ThreadPoolExecutor(STOPPERS) as stoppers:
            for place in order:
                self.wait_for(place)
                stoppers.submit(self.one, queue[place])
        over.set()
        watch.join()
        return self.acknowledged

    def one(self, contact: uuid.UUID) -> None:
        if (when := self.stop(contact)) is not None:
            self.acknowledged[contact] = when
        connections.close_all()

    def wait_for(self, place: int) -> None:
        """Until the send has come near; not for ever, since a killed worker's messages never arrive."""
        patience = time.monotonic() + 2
        while self.front < place and time.monotonic() < patience and any(w.is_alive() for w in self.workers):
            time.sleep(0.001)

    def watch(self, over: threading.Event) -> None:
        """How far the send has come, by the carrier's own record."""
        with self.record.open() as lines:
            unfinished = ""
            while not over.wait(0.002):
                *whole, unfinished = (unfinished + lines.read()).split("\n")
                self.front = max([self.front, *(self.places[line.split()[1]] for line in whole)])


class Trouble(threading.Thread):
    """Twice a second a worker is killed and a database session cut; now and then a worker is frozen past its lease."""

    FROZEN_FOR = 11.0

    def __init__(self, workers: list, worker) -> None:
        super().__init__(daemon=True)
        self.workers, self.worker = workers, worker
        self.killed = self.frozen = self.cut = 0
        self.asleep: dict[int, float] = {}
        self.over = threading.Event()

    def run(self) -> None:
        with database.connect("owner", connections["default"].settings_dict["NAME"]) as owner:
            while not self.over.wait(0.5):
                self.wake()
                share = random.randrange(len(self.workers))
                if random.random() < 0.15 and not self.asleep:
                    self.freeze(share)
                elif share not in self.asleep:
                    self.kill(share)
                (cut,) = owner.execute(
                    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
                    "WHERE datname = current_database() AND usename = 'forecourt_app' ORDER BY random() LIMIT 1) AS sessions"
                ).fetchone()
                self.cut += cut

    def kill(self, share: int) -> None:
        process = self.workers[share]
        if process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            self.killed += 1
            self.workers[share] = start(self.worker, share)

    def freeze(self, share: int) -> None:
        process = self.workers[share]
        if process.is_alive():
            os.kill(process.pid, signal.SIGSTOP)
            self.asleep[share] = time.monotonic() + self.FROZEN_FOR
            self.frozen += 1

    def wake(self) -> None:
        for share, until in list(self.asleep.items()):
            if time.monotonic() > until:
                os.kill(self.workers[share].pid, signal.SIGCONT)
                del self.asleep[share]

    def end(self) -> None:
        self.over.set()
        if self.is_alive():
            self.join()
        while self.asleep:
            time.sleep(0.1)
            self.wake()


def count(arrived, numbers, acknowledged, trouble: Trouble, seconds: float) -> Outcome:
    stopped_at = {numbers[contact]: when for contact, when in acknowledged.items()}
    jobs.give_up_expired_leases()
    in_ledger = set(Entry.objects.filter(verb="withdrew").values_list("contact", flat=True))
    return Outcome(
        leaks=sum(when > stopped_at.get(number, float("inf")) for when, number in arrived),
        twice=sum(times - 1 for times in Counter(number for _, number in arrived).values()),
        lost=len(set(acknowledged) - in_ledger),
        unacknowledged=len(numbers) - len(acknowledged),
        unknown=Message.objects.filter(state="unknown").count(),
        arrived=len(arrived),
        killed=trouble.killed,
        frozen=trouble.frozen,
        cut=trouble.cut,
        seconds=seconds,
    )
