"""The register of safeguards: safeguards.toml of the brand pack, read and held against the evidence and the day.

[encryption]
kind   = "electronic"            physical, electronic or procedural
says   = "What it does"
owner  = "a role"
checks = ["P-3D-2"]              the sentences whose checks test it,
every  = 2                       and after how many days a test is too old; or instead of both:
tested = 2026-09-14              when a person tested it,
until  = 2027-09-14              until when that counts,
shown  = "the report"            and what shows it
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from forecourt.consent import policies
from forecourt.policy import problems
from forecourt.policy.problems import Problems
from forecourt.proof import evidence, registry
from forecourt.proof.evidence import Record, State

FILE = "safeguards.toml"
SLUG = re.compile(r"[a-z][a-z0-9-]*")
PROMISE = re.compile(r"[A-Z]-[0-9A-Z]+(-[0-9]+)?")
COMMON = {"kind", "says", "owner"}
BY_CHECKS = {"checks", "every"}
BY_HAND = {"tested", "until", "shown"}


class Kind(StrEnum):
    PHYSICAL = "physical"
    ELECTRONIC = "electronic"
    PROCEDURAL = "procedural"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """`checks` and `every`, or `tested`, `until` and `shown`."""

    slug: str
    kind: Kind
    says: str
    owner: str
    checks: tuple[str, ...] = ()
    every: timedelta = timedelta()
    tested: date | None = None
    until: date | None = None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One safeguard as it stands now. `overdue` counts whole and begun days; `failing` where a check of it found a failure."""

    safeguard: Safeguard
    last: date | None
    overdue: int
    failing: bool

    @property
    def is_red(self) -> bool:
        return self.failing or self.overdue > 0


def is_there(folder: Path) -> bool:
    return (folder / FILE).is_file()


def read(folder: Path) -> tuple[Safeguard, ...]:
    """In the order of the file, or BrokenPack with what to mend."""
    path = folder / FILE
    source = problems.read(path)
    wrong = Problems(path)
    rows = problems.tables(source, path)
    lines = {head[1]: number for number, line in enumerate(source.splitlines(), 1) if (head := _head(line))}
    found = [one for slug, row in rows.items() if (one := _safeguard(slug, row, lines.get(slug, 1), wrong))]
    if missing := sorted(set(Kind) - {one.kind for one in found}):
        wrong.add(
            1, f"there is no {' and no '.join(missing)} safeguard: add one, or say what guards people's data there"
        )
    wrong.stop_if_any()
    return tuple(found)


def _head(line: str) -> re.Match[str] | None:
    return re.match(r"\s*\[\s*([\w-]+)\s*\]", line)


def _safeguard(slug: str, row: Any, line: int, wrong: Problems) -> Safeguard | None:
    if not isinstance(row, dict) or not SLUG.fullmatch(slug):
        wrong.add(line, f"{slug} means nothing here: write [some-name] above the keys of a safeguard")
        return None
    before = len(wrong.found)
    by_hand = bool(BY_HAND & set(row))
    wanted = COMMON | (BY_HAND if by_hand else BY_CHECKS)
    for key in sorted(wanted ^ set(row)):
        says = (
            f"is missing: add {key} = …" if key in wanted else f"does not belong here: keep {', '.join(sorted(wanted))}"
        )
        wrong.add(line, f"[{slug}] {key} {says}")
    for key, says in _wrong_values(row):
        wrong.add(line, f"[{slug}] {key} {says}")
    if len(wrong.found) > before:
        return None
    common = {"slug": slug, "kind": Kind(row["kind"]), "says": row["says"], "owner": row["owner"]}
    if by_hand:
        return Safeguard(**common, tested=row["tested"], until=row["until"], shown=row["shown"])
    return Safeguard(**common, checks=tuple(row["checks"]), every=timedelta(days=row["every"]))


def _wrong_values(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        (key, "is empty: write some words")
        for key in ("says", "owner", "shown")
        if key in row and not (isinstance(row[key], str) and row[key].strip())
    ]
    if "kind" in row and row["kind"] not in list(Kind):
        found.append(("kind", f"is {row['kind']!r}: write one of {', '.join(Kind)}"))
    checks = row.get("checks", ["P-1"])
    if not (
        isinstance(checks, list) and checks and all(isinstance(one, str) and PROMISE.fullmatch(one) for one in checks)
    ):
        found.append(("checks", 'names no sentences: write their ids, such as ["P-3D-2"]'))
    every = row.get("every", 1)
    if type(every) is not int or not 0 < every <= 366:
        found.append(("every", f"is {every!r}: write a number of days, such as 2"))
    days = [row.get(key, date.min) for key in ("tested", "until")]
    if not all(type(day) is date for day in days):
        found.append(("tested", "and until are days: write them such as 2027-03-01"))
    elif "tested" in row and "until" in row and row["tested"] >= row["until"]:
        found.append(("until", "has to come after tested"))
    return found


@cache
def _read_once(folder: Path) -> tuple[Safeguard, ...]:
    return read(folder) if is_there(folder) else ()


def register() -> tuple[Safeguard, ...]:
    """The brand's; empty where its pack has none."""
    return _read_once(policies.book().folder.parent)


def lines(now: datetime) -> list[Line]:
    """Each safeguard with its last test, from the evidence or from the file."""
    wanted = [promise for one in register() for promise in one.checks]
    found = evidence.records(registry.probes(wanted), policies.in_force(now).version, now) if wanted else {}
    return [judge(one, found, now) for one in register()]


def judge(one: Safeguard, records: Mapping[str, Record], now: datetime) -> Line:
    if one.until is not None:
        return Line(one, one.tested, days_overdue(one.until + timedelta(days=1), now), failing=False)
    mine = [records[promise] for promise in one.checks if promise in records]
    failing = any(record.state is State.REVIEW for record in mine)
    tested = [at for record in mine if (at := record.at or record.since)]
    if not tested or len(mine) < len(one.checks):
        return Line(one, None, 0, failing)
    last = min(tested)
    return Line(one, last.astimezone(UTC).date(), days_overdue(last + one.every, now), failing)


def days_overdue(due: date | datetime, now: datetime) -> int:
    """0 until the moment at which it is due (a day: its midnight, UTC); from then on every day that has begun counts."""
    moment = due if isinstance(due, datetime) else datetime(due.year, due.month, due.day, tzinfo=UTC)
    return 0 if now < moment else (now - moment).days + 1
