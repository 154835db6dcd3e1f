"""Erase one person among a thousand, and one among a million.

Each has an address, a test drive with its name, three messages, a reply, a lead that left with its receipt, and what they said;
all of it goes, keys first, and the dealer is told. Ten of the many are erased, then ten of the few, in turn. Half of what is measured
waits for the two disks that have to be certain.
"""

import multiprocessing
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone

from bench import rows
from bench.audit import server_seconds
from forecourt.adapters import keystore
from forecourt.consent import policies
from forecourt.policy import limits
from forecourt.policy.policy import Kind
from forecourt.rights.erasure import actions
from forecourt.run import database, scratch
from forecourt.run.ready import leave
from forecourt.sharing import recipients

FEW, PEOPLE, ERASED = 1_000, 1_000_000, 60
IN_TURN = 10
AT_ONCE = 10_000
DEALER = "wren-bench"
PROCESSES = multiprocessing.get_context("fork")
# The store of keys outlives a run, and a key that was destroyed never comes back.
SALT = uuid.uuid4().hex

FILL = """
INSERT INTO people_subject (id, kind, created_at)
SELECT md5(%(salt)s || what || n)::uuid, CASE what WHEN 'person ' THEN 'contact' ELSE 'submission' END, %(now)s
FROM generate_series(%(first)s, %(last)s) n, (VALUES ('person '), ('form ')) kinds(what);

INSERT INTO people_contact (subject_id, kind, index, seq, zones)
SELECT md5(%(salt)s || 'person ' || n)::uuid, 'phone', sha256(n::text::bytea), 2, '{}' FROM generate_series(%(first)s, %(last)s) n;

INSERT INTO people_sealed (id, subject_id, field, value, source, notice, at)
SELECT md5(%(salt)s || what || 'field ' || n)::uuid, md5(%(salt)s || what || n)::uuid, field, sha256(n::text::bytea), 'bench', %(version)s, %(now)s
FROM generate_series(%(first)s, %(last)s) n, (VALUES ('person ', 'user.contact.phone_number'), ('form ', 'user.name')) kinds(what, field);

INSERT INTO consent_entry (contact, seq, at, verb, channel, scope, interaction, method, by, wording, policy_version, digest)
SELECT md5(%(salt)s || 'person ' || n)::uuid, said.seq, %(now)s, said.verb, said.channel, 'interaction:' || md5(%(salt)s || 'drive ' || n)::uuid,
       '', 'form', 'person', '', %(version)s, ''
FROM generate_series(%(first)s, %(last)s) n, (VALUES (1, 'asked', 'all'), (2, 'granted', 'text')) said(seq, verb, channel);

INSERT INTO consent_standing (contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number)
SELECT md5(%(salt)s || 'person ' || n)::uuid, said.channel, 'interaction:' || md5(%(salt)s || 'drive ' || n)::uuid, asked, granted, 0, 0, 0, 0
FROM generate_series(%(first)s, %(last)s) n, (VALUES ('all', 1, 0), ('text', 0, 2)) said(channel, asked, granted);

INSERT INTO interactions_testdrive (id, dealer_id, car, car_name, starts_at, remind_at, contact_id, submission_id, state, token_digest,
                                    token, nonce, texts_wording, booked_at)
SELECT md5(%(salt)s || 'drive ' || n)::uuid, %(dealer)s, 'pipit', 'Pipit', %(now)s, %(now)s, md5(%(salt)s || 'person ' || n)::uuid, md5(%(salt)s || 'form ' || n)::uuid, 'done',
       sha256(('drive ' || n)::bytea), '\\x00', md5(%(salt)s || 'nonce ' || n)::uuid, '', %(now)s
FROM generate_series(%(first)s, %(last)s) n;

INSERT INTO messaging_message (id, contact_id, channel, use, interaction, interaction_type, zones, data, body, link_digest, state,
                               reason, over, queued_at, due, attempts, permit, provider_id, left_at)
SELECT md5(%(salt)s || 'message ' || n || ' ' || k)::uuid, md5(%(salt)s || 'person ' || n)::uuid, 'text', 'test-drive-reminder-text',
       'interaction:' || md5(%(salt)s || 'drive ' || n)::uuid, 'test-drive', '{}', '{}', sha256(n::text::bytea), sha256((n || ' ' || k)::bytea), 'left',
       '', false, %(now)s, %(now)s, 0, md5(%(salt)s || 'permit ' || n || ' ' || k)::uuid, 'taken', %(now)s
FROM generate_series(%(first)s, %(last)s) n, generate_series(1, 3) k;

INSERT INTO messaging_reply (id, contact_id, carrier_id, interaction_type, meaning, body, at)
SELECT md5(%(salt)s || 'reply ' || n)::uuid, md5(%(salt)s || 'person ' || n)::uuid, 'carrier ' || n, 'test-drive', 'other', sha256(n::text::bytea), %(now)s
FROM generate_series(%(first)s, %(last)s) n;

INSERT INTO sharing_lead (id, contact_id, use, recipient_id, interaction, interaction_type, chosen, state, reason, detail, over, requested_at,
                          due, attempts, permit, submission_id, change, model_year, model_name, wish, says_no)
SELECT md5(%(salt)s || 'lead ' || n)::uuid, md5(%(salt)s || 'person ' || n)::uuid, 'test-drive-lead', %(dealer)s, 'interaction:' || md5(%(salt)s || 'drive ' || n)::uuid,
       'test-drive', %(dealer)s, 'left', '', '', false, %(now)s, %(now)s, 0, md5(%(salt)s || 'passed ' || n)::uuid, md5(%(salt)s || 'form ' || n)::uuid, 0, 2027,
       'Pipit', 'Test drive', false
FROM generate_series(%(first)s, %(last)s) n;

INSERT INTO sharing_receipt (lead_id, recipient, fields, permit, provider_id, at)
SELECT md5(%(salt)s || 'lead ' || n)::uuid, %(dealer)s, '{user.name}', md5(%(salt)s || 'passed ' || n)::uuid, 'taken', %(now)s
FROM generate_series(%(first)s, %(last)s) n;
"""


@dataclass
class Took:
    """Milliseconds by the clock, one by one, and the processor's time of all."""

    each: list[float] = field(default_factory=list)
    worked: float = 0.0

    def add(self, other: "Took") -> None:
        self.each += other.each
        self.worked += other.worked

    @property
    def median(self) -> float:
        return statistics.median(self.each)

    @property
    def processor(self) -> float:
        return self.worked / len(self.each)


def measure(people: int = PEOPLE) -> list[rows.Row]:
    many, few = Took(), Took()
    with tempfile.TemporaryDirectory(prefix="bench-keys-") as folder, few_beside(Path(folder)) as other:
        keys_in(Path(folder) / "many")
        gather(people)
        other.send(None)
        other.recv()
        for place in range(0, ERASED, IN_TURN):
            other.send(places(FEW, place))
            few.add(other.recv())
            many.add(erase(places(people, place)))
    name, peer = f"erase one of {people:,} people", f"one of {FEW:,}"
    return [
        rows.row(f"{name}, median", round(many.median, 2), "ms", peer=peer, peer_value=round(few.median, 2)),
        rows.row(
            f"{name}, in processor time",
            round(many.processor, 2),
            "ms",
            peer=peer,
            peer_value=round(few.processor, 2),
        ),
    ]


def places(people: int, first: int) -> list[int]:
    """Some of those who are erased, spread over all of them."""
    return [1 + place * (people // ERASED) for place in range(first, first + IN_TURN)]


@contextmanager
def few_beside(folder: Path) -> Iterator[Connection]:
    """A process with a thousand people in a database and a store of keys of its own, asked in turn: whatever else the machine does
    meets both alike."""
    leave()  # a process with threads should not fork
    ours, theirs = PROCESSES.Pipe()
    child = PROCESSES.Process(target=serve_few, args=(folder / "few", theirs))
    child.start()
    try:
        yield ours
    finally:
        child.kill()
        child.join()


def serve_few(folder: Path, asked: Connection) -> None:
    DatabaseWrapper._connection_pools.clear()
    keys_in(folder)
    with scratch.scratch_database(kept_by=os.getppid()) as name:
        connection.settings_dict["NAME"] = name
        asked.recv()
        gather(FEW)
        asked.send(None)
        while True:
            asked.send(erase(asked.recv()))


def keys_in(folder: Path) -> None:
    settings.VAR, settings.KEY_ENCRYPTION_KEY_FILE = folder, folder / "secrets" / "key-encryption-key"


def gather(people: int) -> None:
    dealer()
    fill(1, people)


def dealer() -> None:
    from tests.cast import make_dealer

    now = timezone.now()
    make_dealer(now, DEALER, signed=False)
    recipients.sign(DEALER, "bench", limits.required_terms(Kind.DEALER, now), now, now.replace(year=now.year + 1), now)


def fill(first: int, last: int) -> None:
    now = timezone.now()
    values = {
        "salt": SALT,
        "first": first,
        "last": last,
        "now": now,
        "dealer": DEALER,
        "version": policies.in_force(now).version,
    }
    with connection.cursor() as cursor:
        for statement in filter(str.strip, FILL.split(";\n")):
            cursor.execute(statement, values)
        for start in range(first, last + 1, AT_ONCE):
            cursor.execute(
                "SELECT md5(%(salt)s || what || n)::uuid FROM generate_series(%(first)s, %(last)s) n, "
                "(VALUES ('person '), ('form ')) kinds(what)",
                {"first": start, "last": min(last, start + AT_ONCE - 1), "salt": SALT},
            )
            keystore.create_many([one for (one,) in cursor.fetchall()])
    with database.connect("owner", connection.settings_dict["NAME"]) as owner:
        owner.execute("VACUUM ANALYZE")  # as autovacuum does, given the time


def erase(which: list[int]) -> Took:
    """Each has to be gone."""
    took = Took()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(%(salt)s || 'person ' || n)::uuid FROM unnest(%(which)s::int[]) n",
            {"which": which, "salt": SALT},
        )
        theirs = [one for (one,) in cursor.fetchall()]
    before = time.process_time() + server_seconds()
    for contact in theirs:
        begun = time.perf_counter()
        receipt = actions.erase([contact], case=uuid.uuid4().hex[:12], reason="bench", now=timezone.now())
        took.each.append((time.perf_counter() - begun) * 1000)
        if receipt.removed["messaging.Message"] != 3 or receipt.done_at is None:
            raise AssertionError(f"one was not erased: {receipt.removed}")
    took.worked = (time.process_time() + server_seconds() - before) * 1000
    return took
