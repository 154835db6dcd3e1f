"""docs/security.md: each requirement once, with tests that exist or with a reason, and the figures of the code."""

import ast
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from typing import NamedTuple

import pytest

from forecourt.environment import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text()
ROW = re.compile(
    r"^\| `v5\.0\.0-(\d+)\.(\d+)\.(\d+)` \| ([12]) \| (held|not held|does not apply) \| (.+) \|$", re.MULTILINE
)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
CHAPTER = re.compile(r"^## (\d+)\. ", re.MULTILINE)
FIGURE = re.compile(r"^\| ([^|`]+) \| ([\d,]+[^|]*) \|$", re.MULTILINE)
# How many requirements of level 1, and of both levels, each chapter of the standard has.
CHAPTERS = {
    1: (8, 27), 2: (4, 11), 3: (8, 19), 4: (2, 10), 5: (4, 9), 6: (13, 35), 7: (6, 18), 8: (4, 7), 9: (4, 7), 10: (5, 29),
    11: (3, 14), 12: (3, 9), 13: (1, 13), 14: (2, 9), 15: (3, 13), 16: (0, 16), 17: (0, 7),
}  # fmt: skip
SHORTEST_REASON = 15


class Row(NamedTuple):
    id: tuple[int, int, int]
    level: int
    state: str
    says: str


ROWS = [Row((int(a), int(b), int(c)), int(level), state, says) for a, b, c, level, state, says in ROW.findall(PAGE)]


def test_no_row_is_written_in_a_way_that_nobody_reads():
    assert len(ROWS) == PAGE.count("\n| `v")


def test_each_requirement_stands_once_and_in_order():
    ids = [row.id for row in ROWS]

    assert ids == sorted(set(ids))


def test_none_of_levels_1_and_2_is_missing():
    found = Counter(row.id[0] for row in ROWS)
    first = Counter(row.id[0] for row in ROWS if row.level == 1)

    assert {chapter: (first[chapter], found[chapter]) for chapter in sorted(found)} == CHAPTERS


def test_each_stands_under_its_chapter():
    parts = CHAPTER.split(PAGE)[1:]
    chapters = dict(zip(map(int, parts[::2]), parts[1::2], strict=True))

    assert list(chapters) == list(CHAPTERS)
    for chapter, text in chapters.items():
        assert {int(row[0]) for row in ROW.findall(text)} == {chapter}


@cache
def cases_in(file: str) -> frozenset[str]:
    path = ROOT / file
    assert path.is_file(), f"docs/security.md names {file}, which is not there"
    tree = ast.parse(path.read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_each_test_that_is_named_exists():
    named = NAMED.findall(PAGE)

    assert named
    assert [f"{file}::{name}" for file, name in named if name not in cases_in(file)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(map(str, row.id)))
def test_what_is_held_names_tests_alone_and_all_else_says_why(row):
    if row.state == "held":
        assert not NAMED.sub("", row.says).replace(", ", ""), (
            "name tests as `tests/path.py::test_name`, with commas between"
        )
    else:
        assert len(NAMED.sub("", row.says)) >= SHORTEST_REASON, "say why, in words of ours"


def test_the_page_counts_itself():
    counts = Counter(row.state for row in ROWS)

    assert (
        f"Held: {counts['held']}. Not held: {counts['not held']}. Does not apply: {counts['does not apply']}. Together: {len(ROWS)}."
        in PAGE
    )


def told(length: timedelta) -> str:
    for unit in ("days", "hours", "minutes"):
        number = length / timedelta(**{unit: 1})
        if number >= 1 and number.is_integer():
            return f"{number:.0f} {unit if number > 1 else unit[:-1]}"
    raise AssertionError(length)


def figures() -> dict[str, str]:
    """Each figure of the page, from where the code has it."""
    from allauth.account import app_settings as library
    from django.conf import settings

    from forecourt.accounts import passwords, sessions, throttle, tickets
    from forecourt.console import sessions as staff
    from forecourt.edge import server
    from forecourt.inquiries import actions as inquiries
    from forecourt.inquiries import forms, incoming
    from forecourt.interactions import limits
    from forecourt.programs import claims, documents, finance
    from forecourt.rights import codes

    tried = [limit for limit in vars(throttle).values() if isinstance(limit, throttle.Limit)]
    shortest = next(
        rule["OPTIONS"]["min_length"] for rule in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in rule["NAME"]
    )
    wrong = re.search(r"(\d+)/(\d+)s/key", library.RATE_LIMITS["login_failed"])
    assert wrong
    return {limit.name: f"{limit.most} in {told(limit.within)}" for limit in tried} | {
        "letters of a password, at least": f"{shortest}",
        "letters of a password, at most": f"{passwords.LONGEST}",
        "digits of a mailed code": f"{tickets.DIGITS}",
        "a mailed code lasts": told(tickets.LASTS),
        "tries for one mailed code": f"{tickets.MOST_TRIES}",
        "a code to the address of a message: tries": f"{codes.MOST_TRIES}",
        "a code to the address of a message: so many an hour": f"{codes.MOST_AN_HOUR}",
        "wrong passwords of one staff login": f"{wrong[1]} in {told(timedelta(seconds=int(wrong[2])))}",
        "a visitor's session ends, whatever happens": told(sessions.LASTS),
        "a visitor's session ends without a click": told(sessions.IDLE),
        "the same on a shared device": told(sessions.SHARED_IDLE),
        "after so long, what matters asks again who one is": told(sessions.FRESH),
        "a session of staff ends, whatever happens": told(timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        "a session of staff on a shared device ends without a click": told(timedelta(seconds=staff.SHARED_IDLE)),
        "test drives to come of one address": f"{limits.MOST_DRIVES}",
        "moves of one test drive": f"{limits.MOST_MOVES}",
        "claims of one address that wait": f"{claims.MOST_OPEN}",
        "requests for credit of one address a day": f"{finance.MOST_A_DAY}",
        "messages of one address that wait": f"{inquiries.MOST_OPEN}",
        "letters of a message": f"{forms.MOST:,}",
        "a form, at most": f"{server.LARGEST:,} bytes",
        "a form with a file, at most": f"{server.LARGEST_WITH_PICTURE:,} bytes",
        "a document of a claim, at most": f"{documents.MOST:,} bytes",
        "a photo, unpacked": f"{documents.MOST_PIXELS:,} points",
        "an email that is kept as it came, at most": f"{incoming.MOST_KEPT:,} bytes",
    }


def test_the_figures_of_the_document_are_those_of_the_code():
    assert dict(FIGURE.findall(PAGE)) == figures()
