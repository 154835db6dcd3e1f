"""Stops against a running send: 10,000 people, several workers, killed and cut off again and again.

The carrier is a process of its own that writes down when each message reached it. A stop is acknowledged when
`messaging.stops.settled` says so; both times are CLOCK_MONOTONIC, the same for all processes of a machine. Then it is counted:
messages that reached the carrier after their person's stop was acknowledged, messages that reached it twice, stops that were
acknowledged and are not in the ledger, and unknown outcomes that were sent again.

Beside it, in the same run, two ways that mail systems check: once when the campaign starts, and once a batch.
"""

import json
import multiprocessing
import os
import random
import signal
import socket
import tempfile
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from django.db import connection, connections
from django.utils import timezone

PEOPLE = int(os.environ.get("RACE_PEOPLE", "10000"))
PEER_PEOPLE = 1000
WORKERS = 4
STOPPERS = 8
BATCH = 1000
SPAWN = multiprocessing.get_context("fork")


class Carrier(BaseHTTPRequestHandler):
    """Speaks the carrier's protocol and appends one line a message, in one write, before it answers."""

    protocol_version = "HTTP/1.1"
    log: int

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        os.write(self.log, f"{time.monotonic()} {form['To'][0]} {form['Body'][0].split()[-1]}\n".encode())
        time.sleep(random.random() * 0.004)
        answer = json.dumps({"sid": f"SM{uuid.uuid4().hex}", "status": "queued"}).encode()
        self.send_response(201)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def carrier():
    """A carrier on a port of its own; yields its address and the file that it writes."""
    record = Path(tempfile.mkstemp(prefix="carrier-")[1])
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve() -> None:
        Carrier.log = os.open(record, os.O_WRONLY | os.O_APPEND)
        server = ThreadingHTTPServer(("127.0.0.1", port), Carrier, bind_and_activate=False)
        server.socket = listener
        server.server_activate()
        server.serve_forever()

    process = SPAWN.Process(target=serve, daemon=True)
    process.start()
    listener.close()
    try:
        yield f"http://127.0.0.1:{port}", record
    finally:
        process.kill()
        process.join()
        record.unlink()


def measure() -> list[dict]:
    from forecourt.run.scratch import scratch_database

    with scratch_database() as name:
        use(name)
        ours = race(PEOPLE, worker=lease_worker, stop=acknowledged_stop, chaos=True)
        rows = [
            row("texts after an acknowledged stop", ours["leaks"], f"in {PEOPLE} races"),
            row("texts sent twice", ours["twice"], f"in {PEOPLE} races"),
            row("acknowledged stops lost", ours["lost"], f"in {PEOPLE} races"),
            row("unknown outcomes, listed and never resent", ours["unknown"], "messages"),
            row("texts that left before their stop", ours["left"], "messages"),
            row("workers killed with SIGKILL", ours["killed"], "times"),
            row("database sessions cut", ours["cut"], "times"),
            row("race lasted", round(ours["seconds"], 1), "s"),
        ]
    for label, worker in (("checked at the start", start_worker), (f"checked once a batch of {PEER_BATCH}", batch_worker)):
        with scratch_database() as name:
            use(name)
            theirs = race(PEER_PEOPLE, worker=worker, stop=plain_stop, chaos=False)
            ours_per_1000 = ours["leaks"] * 1000 / PEOPLE
            rows.append(
                {
                    "name": "texts after a stop, per 1,000 people",
                    "value": ours_per_1000,
                    "unit": "messages",
                    "peer": label,
                    "peer_value": theirs["leaks"],
                    "ratio": None,
                }
            )
    return rows


def row(name: str, value: float, unit: str) -> dict:
    return {"name": name, "value": value, "unit": unit, "peer": None, "peer_value": None, "ratio": None}


def use(database: str) -> None:
    """This process and those that it forks talk to the scratch database from now on."""
    default = connections["default"]
    default.close()
    default.close_pool()
    default.settings_dict["NAME"] = database


def texts_go_to(address: str) -> None:
    from django.conf import settings

    from forecourt.adapters import texts

    settings.TEXTS_ADAPTER = "twilio"
    settings.TWILIO_URL, settings.TWILIO_ACCOUNT, settings.TWILIO_TOKEN = address, "AC-bench", "bench"
    texts._twilio.cache_clear()


def race(people: int, *, worker, stop, chaos: bool) -> dict:
    numbers = prepare(people)
    began = time.monotonic()
    with carrier() as (address, record):
        texts_go_to(address)
        connections.close_all()
        connections["default"].close_pool()
        workers = [start(worker, share) for share in range(WORKERS)]
        trouble = Trouble(workers, worker) if chaos else None
        if trouble:
            trouble.start()
        acknowledged = stop_everybody(list(numbers), stop)
        if trouble:
            trouble.end()
        deadline = time.monotonic() + 60
        while any(process.is_alive() for process in workers) and time.monotonic() < deadline:
            time.sleep(0.1)
        for process in workers:
            process.kill()
            process.join()
        connections.close_all()
        return {**count(record, numbers, acknowledged), "seconds": time.monotonic() - began, **(trouble.counts() if trouble else {})}


def prepare(people: int) -> dict[uuid.UUID, str]:
    """People with a tick each and one text waiting, from numbers that nobody has (NPA-555-0100 to 0199 are fictional)."""
    from forecourt.adapters import keystore
    from forecourt.consent.models import Channel, Entry, Standing, Verb
    from forecourt.messaging import bodies, outbox
    from forecourt.messaging.models import Message
    from forecourt.people import contacts, vault
    from forecourt.people.models import Contact, Sealed, Subject

    now = timezone.now()
    zone = daytime_zone()
    ids = [uuid.uuid4() for _ in range(people)]
    keystore.create_many(ids)
    # The carrier is ours, so the numbers need only be distinct.
    numbers = {subject: f"+1202{7000000 + place}" for place, subject in enumerate(ids)}
    field = contacts.FIELDS["phone"]
    Subject.objects.bulk_create(Subject(id=i, kind="contact", created_at=now) for i in ids)
    Contact.objects.bulk_create(
        Contact(subject_id=i, kind="phone", index=vault.blind_index("phone", n), seq=1, zones=[zone])
        for i, n in numbers.items()
    )
    sealed = []
    messages = []
    for subject, number in numbers.items():
        row_id, message_id = uuid.uuid4(), uuid.uuid4()
        sealed.append(
            Sealed(id=row_id, subject_id=subject, field=field, value=vault.seal_text(subject, field, row_id, number),
                   source="bench", notice="bench", at=now)
        )  # fmt: skip
        body = bodies.Body("", f"Wren: see you tomorrow. {number}", "", "").dumps()
        messages.append(
            Message(id=message_id, contact_id=subject, channel="text", use="test-drive-reminder-text",
                    interaction=f"interaction:{subject}", interaction_type="test-drive", zones=[zone],
                    data=[field], body=vault.seal_text(subject, outbox.BODY, message_id, body),
                    link_digest=outbox.digest(str(message_id)), queued_at=now, due=now)
        )  # fmt: skip
    Sealed.objects.bulk_create(sealed, batch_size=2000)
    Message.objects.bulk_create(messages, batch_size=2000)
    entry = {"channel": Channel.TEXT, "scope": "", "seq": 1}
    Entry.objects.bulk_create(
        (
            Entry(contact=i, at=now, verb=Verb.GRANTED, method="bench", by="person", policy_version="bench",
                  **{**entry, "scope": f"interaction:{i}"})
            for i in ids
        ),
        batch_size=2000,
    )  # fmt: skip
    Standing.objects.bulk_create(
        (Standing(contact=i, channel="text", scope=f"interaction:{i}", granted=1) for i in ids), batch_size=2000
    )
    return numbers


def start(worker, share: int):
    process = SPAWN.Process(target=worker, args=(share,), daemon=True)
    process.start()
    return process


def daytime_zone() -> str:
    """Quiet hours are not what is measured: a zone where it is noon or a little later, whenever this runs."""
    hours = timezone.now().hour - 12
    return f"Etc/GMT{hours:+d}"


def lease_worker(share: int) -> None:
    """Ours: each message through the hand-off. A cut session is an exception like any other; the next try goes on."""
    from forecourt.messaging import handoff
    from forecourt.messaging.models import Message

    random.seed(share + time.time())
    while True:
        try:
            queued = Message.objects.filter(state="queued")
            waiting = list(queued.filter(due__lte=timezone.now()).values_list("pk", flat=True)[:2000])
            if not waiting:
                if not queued.exists():
                    return
                time.sleep(0.2)
            for message in random.sample(waiting, min(50, len(waiting))):
                handoff.deliver(message, timezone.now())
        except Exception:  # whatever a killed session raises, in whichever layer: the worker lives on
            connections.close_all()


def start_worker(share: int) -> None:
    """A peer's way: who said stop is asked once, when the campaign starts."""
    send_allowed(share, batch=10**9)


PEER_BATCH = 100


def batch_worker(share: int) -> None:
    """Another peer's way: asked once a batch."""
    send_allowed(share, batch=PEER_BATCH)


def send_allowed(share: int, batch: int) -> None:
    from forecourt.adapters import texts
    from forecourt.consent.models import Standing
    from forecourt.messaging import outbox
    from forecourt.messaging.models import Message
    from forecourt.people import contacts

    mine = list(Message.objects.select_related("contact").order_by("pk")[share::WORKERS])
    for first in range(0, len(mine), batch):
        some = mine[first : first + batch]
        stopped = set(Standing.objects.filter(withdrew__gt=0).values_list("contact", flat=True))
        for message in some:
            if message.contact_id not in stopped:
                address = contacts.address_of(message.contact, purpose="bench", who="bench", now=timezone.now())
                body = outbox.open_body(message).text
                texts.current().send("+12025550100", address.text, body, time.monotonic() + 9, str(message.pk))


def acknowledged_stop(contact_id: uuid.UUID) -> float | None:
    """A stop as a person meets it: recorded, then acknowledged when nothing of theirs is out. None: not acknowledged."""
    from forecourt.messaging import stops
    from forecourt.people.models import Contact

    for _ in range(20):
        try:
            contact = Contact.objects.get(pk=contact_id)
            stops.withdraw(contact, "text", f"interaction:{contact_id}", method="link", now=timezone.now())
            return time.monotonic() if stops.settled(contact_id, patience=30) else None
        except Exception:  # a cut session: the person sees an error and presses again
            connections.close_all()
    return None


def plain_stop(contact_id: uuid.UUID) -> float:
    from forecourt.consent import ledger

    ledger.record(contact_id, "withdrew", "text", f"interaction:{contact_id}", method="link", now=timezone.now(), policy_version="bench")
    return time.monotonic()


def stop_everybody(people: list[uuid.UUID], stop) -> dict[uuid.UUID, float]:
    random.shuffle(people)
    acknowledged: dict[uuid.UUID, float] = {}

    def one(contact_id: uuid.UUID) -> None:
        if (when := stop(contact_id)) is not None:
            acknowledged[contact_id] = when

    with ThreadPoolExecutor(STOPPERS) as stoppers:
        list(stoppers.map(one, people))
    return acknowledged


class Trouble(threading.Thread):
    """Kills a worker twice a second and starts another; cuts a few database sessions in between."""

    def __init__(self, workers: list, worker) -> None:
        super().__init__(daemon=True)
        self.workers, self.worker = workers, worker
        self.killed = self.cut = 0
        self.over = threading.Event()

    def run(self) -> None:
        from forecourt.run import database

        with database.connect("owner", connections["default"].settings_dict["NAME"]) as owner:
            while not self.over.wait(0.5):
                share = random.randrange(len(self.workers))
                if self.workers[share].is_alive():
                    os.kill(self.workers[share].pid, signal.SIGKILL)
                    self.workers[share].join()
                    self.killed += 1
                    self.workers[share] = start(self.worker, share)
                cut = owner.execute(
                    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity "
                    "WHERE datname = current_database() AND usename = 'forecourt_app' ORDER BY random() LIMIT 1) AS sessions"
                ).fetchone()
                self.cut += cut[0]

    def end(self) -> None:
        self.over.set()
        self.join()

    def counts(self) -> dict:
        return {"killed": self.killed, "cut": self.cut}


def count(record: Path, numbers: dict[uuid.UUID, str], acknowledged: dict[uuid.UUID, float]) -> dict:
    from forecourt.consent.models import Entry
    from forecourt.messaging import jobs
    from forecourt.messaging.models import Message

    arrived = [(float(when), number) for when, number, _ in (line.split() for line in record.read_text().splitlines())]
    stopped_at = {numbers[contact]: when for contact, when in acknowledged.items()}
    jobs.give_up_expired_leases()
    in_ledger = set(Entry.objects.filter(verb="withdrew").values_list("contact", flat=True))
    return {
        "leaks": sum(when > stopped_at.get(number, float("inf")) for when, number in arrived),
        "twice": sum(times - 1 for times in Counter(number for _, number in arrived).values()),
        "lost": len(set(acknowledged) - in_ledger),
        "unacknowledged": len(numbers) - len(acknowledged),
        "unknown": Message.objects.filter(state="unknown").count(),
        "left": len(arrived),
    }
