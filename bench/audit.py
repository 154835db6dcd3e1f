"""Judge a million permits again, from the ledger itself.

250,000 people with what each said (a request, a yes, for some a stop and a START), four permits each, and the messages that
left by them; a handful of permits are wrong on purpose, and all of those have to be named. The audit runs on two connections
at once, so the clock tells its time on two quiet cores; the server's processor seconds tell the work on any.
"""

import os
from pathlib import Path

from django.db import connection
from django.utils import timezone

from bench import rows
from forecourt.consent import policies
from forecourt.proof import audits
from forecourt.run import database

PEOPLE = 250_000
WRONG = 10

FILL = """
INSERT INTO people_subject (id, kind, created_at)
SELECT md5('person ' || n)::uuid, 'contact', %(now)s FROM generate_series(1, %(people)s) n;

INSERT INTO people_contact (subject_id, kind, index, seq, zones)
SELECT md5('person ' || n)::uuid, 'phone', sha256(n::text::bytea), CASE WHEN n %% 10 = 0 THEN 4 ELSE 2 END, '{}'
FROM generate_series(1, %(people)s) n;

INSERT INTO consent_entry (contact, seq, at, verb, channel, scope, interaction, method, by, wording, policy_version, digest)
SELECT md5('person ' || n)::uuid, said.seq, %(now)s, said.verb, said.channel,
       CASE WHEN said.seq < 3 THEN 'interaction:' || md5('drive ' || n)::uuid ELSE 'type:test-drive' END,
       '', 'form', 'person', '', %(version)s, ''
FROM generate_series(1, %(people)s) n,
     (VALUES (1, 'asked', 'all'), (2, 'granted', 'text'), (3, 'stopped', 'text'), (4, 'started', 'text')) said(seq, verb, channel)
WHERE said.seq < 3 OR n %% 10 = 0;

INSERT INTO consent_standing (contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number)
SELECT contact, channel, scope, coalesce(max(seq) FILTER (WHERE verb = 'asked'), 0), coalesce(max(seq) FILTER (WHERE verb = 'granted'), 0),
       0, coalesce(max(seq) FILTER (WHERE verb = 'stopped'), 0), coalesce(max(seq) FILTER (WHERE verb = 'started'), 0), 0
FROM consent_entry GROUP BY contact, channel, scope;

INSERT INTO consent_permit (id, contact, use, recipient, interaction, interaction_type, policy_version, as_of, seqs, facts, decided_at)
SELECT md5('permit ' || n || ' ' || k)::uuid, md5('person ' || n)::uuid, 'test-drive-reminder-text', '',
       'interaction:' || md5('drive ' || n)::uuid, 'test-drive', %(version)s,
       CASE WHEN n <= %(wrong)s AND k = 1 THEN 1 WHEN n %% 10 = 0 THEN 4 ELSE 2 END,
       CASE WHEN n %% 10 = 0 THEN '{2,4}'::bigint[] ELSE '{2}' END,
       '{"zones": ["America/New_York"], "contract": "", "data": ["user.contact.phone_number"]}', %(noon)s
FROM generate_series(1, %(people)s) n, generate_series(1, 4) k;

INSERT INTO messaging_message (id, contact_id, channel, use, interaction, interaction_type, zones, data, body, link_digest, state,
                               reason, over, queued_at, due, attempts, permit, provider_id, left_at)
SELECT md5('message ' || n || ' ' || k)::uuid, md5('person ' || n)::uuid, 'text', 'test-drive-reminder-text',
       'interaction:' || md5('drive ' || n)::uuid, 'test-drive', '{}', '{}', '\\x00', sha256((n || ' ' || k)::bytea), 'left',
       '', false, %(noon)s, %(noon)s, 0, md5('permit ' || n || ' ' || k)::uuid, 'taken', %(noon)s
FROM generate_series(1, %(people)s) n, generate_series(1, 4) k;
"""


def measure(people: int = PEOPLE) -> list[rows.Row]:
    now = timezone.now()
    values = {
        "people": people,
        "wrong": WRONG,
        "now": now,
        "noon": now.replace(hour=17),
        "version": policies.in_force(now).version,
    }
    with connection.cursor() as cursor:
        for statement in filter(str.strip, FILL.split(";\n")):
            cursor.execute(statement, values)
    with database.connect("owner", connection.settings_dict["NAME"]) as owner:
        owner.execute("VACUUM ANALYZE")  # as autovacuum does, given the time
    before = server_seconds()
    first = audits.audit_new()
    worked = server_seconds() - before
    named = [finding.what for finding in first.findings]
    if named != ["never-asked"] * WRONG:
        raise AssertionError(f"{WRONG} permits are wrong, and the audit names {len(named)}: {sorted(set(named))}")
    second = audits.audit_new()
    return [
        rows.row(f"audit of {first.permits:,} permits and what left by them", round(first.took, 2), "s"),
        rows.row(f"audit of {first.permits:,} permits, in processor time on two connections", round(worked, 2), "s"),
        rows.row("the same again, when nothing is new", round(second.took, 2), "s"),
    ]


def server_seconds() -> float:
    """Processor time of all the server's processes so far, those that have ended included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    server = int(stat(backend)[1])
    running = [stat(int(pid)) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]
    ticks = sum(int(ticks) for of_one in running for ticks in of_one[11:13]) + sum(map(int, stat(server)[13:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def stat(pid: int) -> list[str]:
    """proc(5): state, parent, ... with user and system time at 11 and 12, and those of ended children behind them."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
