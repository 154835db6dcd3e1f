"""The second opinion: every permit judged again from the ledger itself, in SQL, by rules written a second time.

`policy.decide` asks the projection of what stands; this asks the history as it was when the permit was given (`as_of`).
Where the two disagree, one of them is wrong, and whatever left by it is named. Nothing here changes anything.
"""

import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from forecourt.consent import policies
from forecourt.policy import law, limits, sales
from forecourt.policy.decide import named_contract
from forecourt.policy.policy import Policy

SQL = Path(__file__).with_name("audits.sql")
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 1, 1, tzinfo=UTC)
LONG_LOOK = ("work_mem = '256MB'", "enable_nestloop = off", "enable_mergejoin = off")
# Contacts' ids are random, so their halves are halves of the work.
SHARES = (
    ("00000000-0000-0000-0000-000000000000", "7fffffff-ffff-ffff-ffff-ffffffffffff"),
    ("80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that left, or stands, against the rules. `what` is a code of SAYS; `row` is the permit, message or lead."""

    what: str
    row: str
    use: str = ""

    @property
    def says(self) -> str:
        return SAYS[self.what]


SAYS = {
    "unknown-use": "something left under a use that its policy version does not name",
    "not-in-force": "something left under a policy version that was not in force",
    "wrong-interaction": "something left for another kind of booking than the policy allows",
    "never-asked": "something left without a yes to that booking",
    "not-requested": "something left that nobody had asked for",
    "withdrawn": "something left after it was withdrawn",
    "stopped": "something left after STOP",
    "wrong-number": "something left to a number that was said to be wrong",
    "other-seqs": "a permit rests on other words than the ledger holds",
    "frozen": "something left about a frozen contact",
    "undeclared-data": "something left with data that the policy does not name",
    "forbidden": "something left that a stricter sentence forbids",
    "quiet-hours": "something left outside the permitted hours",
    "no-contract": "something left under a contract that did not hold",
    "carrier-contract": "something left by a carrier whose contract did not hold",
    "wrong-recipient": "something went to somebody whom the visitor did not choose",
    "not-chosen": "something left without a yes to what it is for",
    "opted-out": "something left after a no to what it is for",
    "no-permit": "something left without a permit",
    "other-permit": "something left by a permit for something else",
    "too-late": "something left after its time",
    "two-confirmations": "one stop was confirmed twice",
    "no-receipt": "something was passed on without a receipt",
    "other-receipt": "a receipt says something else than what left",
    "standing": "what stands differs from the ledger",
    "gap": "the ledger lacks an entry",
}


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]
    permits: int
    messages: int
    leads: int
    shares: int
    took: float = 0.0

    @property
    def looked_at(self) -> int:
        return self.permits + self.messages + self.leads + self.shares


def audit(*, since: datetime = BEGINNING, until: datetime = END, from_tx: int = 0, uses: Iterable[str] = ()) -> Report:
    """Judge again what was permitted in [since, until), for these uses or for all, and what left by it."""
    return _judge({"since": since, "until": until, "from_tx": from_tx, "before_tx": 2**63 - 1, "uses": list(uses)})


def oldest_open() -> int:
    """Every transaction below this one has ended, so whoever looks now sees all that it wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def audit_new() -> Report:
    """What was permitted since the last time, up to the oldest transaction still open; remembers how far it came."""
    before = oldest_open()
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(tx), 0) FROM proof_audited")
        (last,) = cursor.fetchone()
    # A restored database counts its transactions anew, so a mark from the future means: from the beginning.
    report = _judge(
        {"since": BEGINNING, "until": END, "from_tx": last if last <= before else 0, "before_tx": before, "uses": []}
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO proof_audited (tx, at, permits, findings) VALUES (%s, clock_timestamp(), %s, %s)",
            [before, report.permits, len(report.findings)],
        )
    return report


def _judge(window: dict[str, Any]) -> Report:
    """A long look is shared out by contact between connections of their own, a short one is done here."""
    began = time.monotonic()
    values = {**window, "rules": json.dumps(rules())}
    if is_long(window) and not connection.in_atomic_block:
        with ThreadPoolExecutor(len(SHARES)) as threads:
            parts = list(
                threads.map(_judge_share, ({**values, "first": first, "last": last} for first, last in SHARES))
            )
    else:
        parts = [_look({**values, "first": SHARES[0][0], "last": SHARES[-1][1]})]
    findings = tuple(finding for found, _ in parts for finding in found)
    permits, messages, leads, shares = (sum(some) for some in zip(*(counted for _, counted in parts), strict=True))
    return Report(findings, permits, messages, leads, shares, time.monotonic() - began)


def _judge_share(values: dict[str, Any]) -> tuple[list[Finding], tuple[int, ...]]:
    try:
        return _look(values)
    finally:
        connection.close()


def _look(values: dict[str, Any]) -> tuple[list[Finding], tuple[int, ...]]:
    parts = statements()
    findings: list[Finding] = []
    with transaction.atomic(), connection.cursor() as cursor:
        if is_long(values):
            # The planner cannot foresee how few different facts a million permits have: it would sort them all on disk.
            for setting in LONG_LOOK:
                cursor.execute(f"SET LOCAL {setting}")
        for part in ("permits", "choices", "messages", "leads", "shares", "ledger"):
            cursor.execute(parts[part], values)
            findings += [Finding(*row) for row in cursor.fetchall()]
        cursor.execute(parts["counts"], values)
        return findings, cursor.fetchone()


def is_long(window: dict[str, Any]) -> bool:
    return window["from_tx"] == 0 and window["since"] == BEGINNING


@cache
def statements() -> dict[str, str]:
    """The file's statements by the name in the comment line above each."""
    found: dict[str, str] = {}
    for part in SQL.read_text("utf-8").split("\n-- name: ")[1:]:
        name, _, text = part.partition("\n")
        found[name.strip()] = text.strip().rstrip(";")
    return found


def rules() -> list[dict[str, Any]]:
    """Every use of every version, with when it was in force and the hours that then held: the documents, as a table."""
    versions = policies.book().versions
    rows = []
    for policy, following in zip(versions, (*versions[1:], None), strict=True):
        until = following.effective if following else END
        for start, end in _periods(policy, until):
            opens, closes = limits.text_hours(policy, start)
            rows += [
                {
                    **_rule(policy, use),
                    "binds": sorted(sales.switches(policy, use, use.data, start)),
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                    "opens": str(opens),
                    "closes": str(closes),
                }
                for use in policy.uses.values()
            ]
    return rows


def _periods(policy: Policy, until: datetime) -> list[tuple[datetime, datetime]]:
    """The version's time in force, cut wherever the law's hours change."""
    cuts = {dated.start for key in ("quiet_before", "quiet_after") for dated in law.changes(key, policy.effective)}
    edges = [policy.effective, *sorted(cut for cut in cuts if cut < until), until]
    return list(pairwise(edges))


def _rule(policy: Policy, use: Any) -> dict[str, Any]:
    carrier = policy.recipients.get(use.through)
    held = named_contract(policy, use.to) if use.contract else None
    if held and not policy.contracts[use.contract] <= held.terms:
        held = None
    never = [row for row in policy.never if not row.source and _may_meet(row, use)]
    return {
        "version": policy.version,
        "use": use.id,
        "action": str(use.action),
        "needs": str(use.needs),
        "about": use.about,
        "hours": str(use.hours),
        "recipient": use.to,
        "chosen": bool(use.to and policy.recipients[use.to].chosen),
        "data": list(use.data),
        "asks": sorted(use.switches),
        "terms": sorted(policy.contracts[use.contract]) if use.contract else None,
        "held_from": held.starts.isoformat() if held else None,
        "held_until": held.ends.isoformat() if held else None,
        "carrier_starts": carrier.starts.isoformat() if carrier and carrier.starts else None,
        "carrier_ends": carrier.ends.isoformat() if carrier and carrier.ends else None,
        "carrier_lacks": sorted(policy.contracts[carrier.contract] - carrier.terms) if carrier else [],
        "never_all": any(not row.data for row in never),
        "never_data": sorted({category for row in never for category in row.data}),
    }


def _may_meet(row: Any, use: Any) -> bool:
    return (
        row.action in ("", use.action)
        and row.to in ("", use.to, use.through)
        and (not row.about or use.about in ("", row.about))
    )
