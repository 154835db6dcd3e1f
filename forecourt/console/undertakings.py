"""What whoever works here signs before an account opens: the wordings in the brand pack, and how long a signature holds.

A signature runs out on its last day, and a while after a newer wording took effect. From that moment the account is shut, since
every request asks; nothing has to run for it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from forecourt.console.models import Undertaking
from forecourt.policy import problems
from forecourt.policy.problems import BrokenPack, Problem, Problems

FOLDER = "undertakings"
WARNED = timedelta(days=30)
# How long a signature under older words still holds once newer ones have begun.
GRACE = timedelta(days=30)
HEAD = ("version", "from", "lasts")
VERSION = re.compile(r"[0-9a-z][0-9a-z.-]{0,31}")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["replacements", "smartquotes"])


@dataclass(frozen=True, slots=True)
class Text:
    """One wording: `begins` is a UTC midnight, `lasts` how long a signature under it holds at the most."""

    version: str
    begins: datetime
    lasts: timedelta
    body: str

    @property
    def html(self) -> SafeString:
        return mark_safe(MARKDOWN.render(self.body))  # noqa: S308  # the renderer escapes: html is off


# Reading the pack


def read(folder: Path) -> tuple[Text, ...]:
    """The wordings, oldest first, or BrokenPack with what to mend."""
    paths = sorted((folder / FOLDER).glob("*.md"))
    if not paths:
        says = "there is no wording to sign, so no staff account could ever open: add undertakings/2026-10.md"
        raise problems.broken(folder / FOLDER, 1, says)
    found: list[Text] = []
    wrong: list[Problem] = []
    for path in paths:
        try:
            found.append(_read_one(path))
        except BrokenPack as error:
            wrong += error.problems
    if wrong:
        raise BrokenPack(wrong)
    texts = sorted(found, key=lambda text: text.begins)
    _refuse_twins(texts, folder / FOLDER)
    return tuple(texts)


def _read_one(path: Path) -> Text:
    match problems.read(path).split("---\n", 2):
        case ["", head, body]:
            pass
        case _:
            raise problems.broken(path, 1, f"begin with a line ---, then {', '.join(HEAD)}, then a line --- again")
    wrong = Problems(path)
    said, lines = _read_head(head, wrong)
    for name in HEAD:
        if name not in said:
            wrong.add(1, f"{name} is missing: write {name}: and its value between the two lines ---")
    wrong.stop_if_any()
    begins, lasts = _as_day(said["from"]), said["lasts"]
    if not VERSION.fullmatch(said["version"]):
        wrong.add(lines["version"], f"version is {said['version']!r}: write small letters and figures, such as 2026-10")
    if begins is None:
        wrong.add(lines["from"], f"from is {said['from']!r}: write a day, such as 2026-10-01")
    if not (lasts.isdigit() and 0 < int(lasts) <= 3650):
        wrong.add(lines["lasts"], f"lasts is {lasts!r}: write a number of days, such as 365")
    if not body.strip():
        wrong.add(len(HEAD) + 3, "there is nothing to sign: write what the person undertakes")
    wrong.stop_if_any()
    assert begins is not None
    return Text(said["version"], begins, timedelta(days=int(lasts)), body.strip())


def _read_head(head: str, wrong: Problems) -> tuple[dict[str, str], dict[str, int]]:
    said, lines = {}, {}
    for number, line in enumerate(head.splitlines(), 2):
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not name and not colon:
            continue
        if not colon or name not in HEAD or name in said:
            wrong.add(number, f"{line!r} means nothing here: write {', '.join(HEAD)} once each, as name: value")
            continue
        said[name], lines[name] = value, number
    return said, lines


def _as_day(typed: str) -> datetime | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _refuse_twins(texts: Iterable[Text], folder: Path) -> None:
    wrong, versions, days = Problems(folder), set(), set()
    for text in texts:
        if text.version in versions:
            wrong.add(1, f"two wordings are called {text.version}: give each a version of its own")
        if text.begins in days:
            wrong.add(1, f"two wordings begin on {text.begins:%Y-%m-%d}: nobody could tell which holds")
        versions.add(text.version)
        days.add(text.begins)
    wrong.stop_if_any()


def texts() -> tuple[Text, ...]:
    return _read_once(Path(settings.BRAND))


@cache
def _read_once(folder: Path) -> tuple[Text, ...]:
    return read(folder)


def in_force(now: datetime) -> Text:
    """The newest that has begun; before the first has, the first."""
    begun = [text for text in texts() if text.begins <= now]
    return begun[-1] if begun else texts()[0]


# Signatures


def ends(signed: Undertaking) -> datetime:
    """Its last day, or a while after newer words began, whichever comes first."""
    known = [text.version for text in texts()]
    if signed.text_version not in known:
        return signed.until
    newer = texts()[known.index(signed.text_version) + 1 :]
    return min([signed.until, *(text.begins + GRACE for text in newer[:1])])


def runs_out(user: User, now: datetime) -> datetime | None:
    """When what the account has signed stops to hold; None where nothing holds now."""
    signed = Undertaking.objects.filter(user=user, signed_at__lte=now)
    return max((end for one in signed if (end := ends(one)) > now), default=None)


def is_ending(end: datetime, now: datetime) -> bool:
    return end - now <= WARNED
