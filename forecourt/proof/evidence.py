"""What checks found, signed. Rows are added and never changed; the page and the machine's table are read from here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from forecourt.consent.models import Closure, Evidence
from forecourt.proof import signing
from forecourt.proof.registry import Probe
from forecourt.web.marks import Bar, Day

Outcome = Evidence.Outcome
CONCLUSIVE = (Outcome.GREEN, Outcome.RED)
LONGEST_FINDING = 300
HOUR = timedelta(hours=1)
TRIES = 3


def statement(row: Evidence) -> dict[str, Any]:
    """What the signature covers: everything that the row says."""
    return {
        "promise": row.promise,
        "probe": row.probe,
        "outcome": str(row.outcome),
        "finding": row.finding,
        "looked_at": row.looked_at,
        "at": row.at.astimezone(UTC).isoformat(),
        "expires": row.expires.astimezone(UTC).isoformat(),
        "revision": row.revision,
        "policy_version": row.policy_version,
    }


def add(
    probe: Probe,
    outcome: Outcome,
    finding: str,
    looked_at: int,
    at: datetime,
    *,
    revision: str,
    policy_version: str,
    tx: int = 0,
) -> Evidence:
    row = Evidence(
        promise=probe.promise,
        probe=probe.name,
        outcome=outcome,
        finding=in_short(finding, LONGEST_FINDING),
        looked_at=looked_at,
        at=at,
        expires=at + probe.lasts,
        revision=revision,
        policy_version=policy_version,
        tx=tx,
    )
    row.signature = signing.sign(statement(row))
    row.save(force_insert=True)
    return row


def in_short(words: str, most: int) -> str:
    """At most so many characters, ended after a whole word where something had to go."""
    if len(words) <= most:
        return words
    whole, _, _ = words[: most - 1].rpartition(" ")
    return f"{whole or words[: most - 2]} …"


def is_genuine(row: Evidence) -> bool:
    return signing.is_signed(statement(row), row.signature)


class State(StrEnum):
    """What may be said about a promise now."""

    CHECKED = "checked"
    REVIEW = "under review"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Record:
    """One promise now. `at`: of the check that it rests on; `since`: since when it is under review, or was last checked.

    `rows` are the newest evidence of each probe, conclusive where there is any; `idle` are newer tries that could not run.
    """

    promise: str
    state: State
    at: datetime | None = None
    since: datetime | None = None
    rows: tuple[Evidence, ...] = ()
    idle: tuple[Evidence, ...] = ()
    closed_since: datetime | None = None

    @property
    def looked_at(self) -> int:
        return sum(row.looked_at for row in self.rows)


def records(probes: list[Probe], policy_version: str, now: datetime) -> dict[str, Record]:
    """What stands about each promise that has a probe, under this version of the policy. Two queries while all is well."""
    newest = _newest(now)
    closed = dict(Closure.objects.filter(until=None).values_list("promise", "since"))
    named: dict[str, list[str]] = defaultdict(list)
    for probe in probes:
        named[probe.promise].append(probe.name)
    found = {}
    for promise, names in named.items():
        looks = [newest.get((promise, name), {}) for name in names]
        record = judge(promise, looks, policy_version, now, closed.get(promise))
        if record.state is State.REVIEW:
            record = replace(record, since=red_since(promise) or record.since)
        found[promise] = record
    return found


def judge(
    promise: str,
    found: Sequence[Mapping[bool, Evidence]],
    policy_version: str,
    now: datetime,
    closed_since: datetime | None = None,
) -> Record:
    """A failure stands until a later check finds none; a pass stands until it expires; what could not run says nothing."""
    rows = tuple(newest[True] for newest in found if True in newest)
    idle = tuple(
        newest[False]
        for newest in found
        if False in newest and not (True in newest and newest[True].at >= newest[False].at)
    )
    red = [row for row in rows if row.outcome == Outcome.RED]
    if red or closed_since:
        since = min([row.at for row in red] + ([closed_since] if closed_since else []))
        return Record(
            promise, State.REVIEW, max(row.at for row in rows) if rows else None, since, rows, idle, closed_since
        )
    last = min((row.at for row in rows), default=None)
    current = [row for row in rows if now < row.expires and row.policy_version == policy_version]
    if found and len(current) == len(found):
        return Record(promise, State.CHECKED, last, None, rows, idle)
    return Record(promise, State.UNCHECKED, None, last, rows, idle)


def _newest(now: datetime) -> dict[tuple[str, str], dict[bool, Evidence]]:
    """By promise and probe: the newest that tells something (True), and the newest that could not run (False)."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"now": now})
        columns = [column.name for column in cursor.description]
        found: dict[tuple[str, str], dict[bool, Evidence]] = defaultdict(dict)
        for values in cursor.fetchall():
            row = Evidence(**dict(zip(columns, values, strict=True)))
            found[row.promise, row.probe][row.outcome in CONCLUSIVE] = row
        return found


NEWEST = """
SELECT DISTINCT ON (promise, probe, outcome = 'grey')
       id, promise, probe, outcome, finding, looked_at, at, expires, revision, policy_version, signature
FROM consent_evidence WHERE at <= %(now)s
ORDER BY promise, probe, outcome = 'grey', at DESC, id DESC
"""


def last_conclusive(promise: str, probe: str, count: int) -> list[Evidence]:
    """In the order in which they were written, since the demo's clock goes back too."""
    rows = Evidence.objects.filter(promise=promise, probe=probe, outcome__in=CONCLUSIVE)
    return list(rows.order_by("-id")[:count])


def could_not_run(now: datetime) -> set[str]:
    """Promises with a check that could not run at its last look, within the hour. After three such looks it waits its turn."""
    lately: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in Evidence.objects.filter(at__gt=now - HOUR).order_by("-id"):
        lately[row.promise, row.probe].append(row.outcome)
    return {
        promise
        for (promise, _), newest_first in lately.items()
        if newest_first[0] == Outcome.GREY and newest_first[:TRIES] != [Outcome.GREY] * TRIES
    }


def red_since(promise: str) -> datetime | None:
    """When the present row of failures began: the first red after the last green of the same probe."""
    began = []
    for name in {row.probe for row in Evidence.objects.filter(promise=promise, outcome=Outcome.RED)}:
        rows = Evidence.objects.filter(promise=promise, probe=name)
        green = rows.filter(outcome=Outcome.GREEN).order_by("-at", "-id").first()
        reds = rows.filter(outcome=Outcome.RED).order_by("at", "id")
        first = (reds.filter(at__gt=green.at) if green else reds).first()
        if first:
            began.append(first.at)
    return min(began, default=None)


DAYS = 90


def strips(now: datetime, promise: str = "") -> dict[str, tuple[Bar, ...]]:
    """Ninety days of each promise, oldest first: a day with a failure shows it, whatever passed beside it."""
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=DAYS - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT promise, (at AT TIME ZONE 'UTC')::date AS day,
                      bool_or(outcome = 'red') AS failed, bool_or(outcome = 'green') AS passed
               FROM consent_evidence
               WHERE at >= %(first)s AND at <= %(now)s AND (%(promise)s = '' OR promise = %(promise)s)
               GROUP BY 1, 2""",
            {"first": datetime.combine(first, datetime.min.time(), UTC), "now": now, "promise": promise},
        )
        found: dict[str, dict[date, Day]] = defaultdict(dict)
        for name, day, failed, passed in cursor.fetchall():
            found[name][day] = Day.FAILED if failed else Day.PASSED if passed else Day.NOT_RUN
    days = [first + timedelta(days=count) for count in range(DAYS)]
    return {name: tuple(Bar(day, by_day.get(day, Day.NOT_RUN)) for day in days) for name, by_day in found.items()}


def no_days(now: datetime) -> tuple[Bar, ...]:
    today = now.astimezone(UTC).date()
    return tuple(Bar(today - timedelta(days=DAYS - 1 - count), Day.NOT_RUN) for count in range(DAYS))


@dataclass(frozen=True, slots=True)
class Turn:
    """A failure and its repair: when the checks began to fail, and when one passed again (None: not yet)."""

    failed: datetime
    repaired: datetime | None


def turns(promise: str, limit: int = 50) -> list[Turn]:
    """The history of failures and repairs, newest first; it is never erased."""
    found: list[Turn] = []
    since: dict[str, datetime] = {}
    rows = Evidence.objects.filter(promise=promise, outcome__in=CONCLUSIVE).order_by("at", "id")
    for probe, outcome, at in rows.values_list("probe", "outcome", "at").iterator():
        if outcome == Outcome.RED:
            since.setdefault(probe, at)
        elif probe in since:
            found.append(Turn(since.pop(probe), at))
    found += [Turn(at, None) for at in since.values()]
    return sorted(found, key=lambda turn: turn.failed, reverse=True)[:limit]
