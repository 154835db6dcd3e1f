"""All versions of one brand's policy: a folder a version, holding policy.md and uses.toml."""

import difflib
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from forecourt.policy import document, uses
from forecourt.policy.policy import Class, Cookie, Policy, Recipient, Use
from forecourt.policy.problems import BrokenPack, Problem, read, tables

Row = TypeVar("Row", Use, Recipient, Cookie)


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of words that both versions have (`change` is None), or only the newer (added) or the older (removed)."""

    text: str
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class SentenceDifference:
    """`before` and `after` are the whole texts, `was` and `kind` how the sentence was kept and is; None where there is none."""

    id: str
    section: str
    change: Change
    words: tuple[Words, ...]
    before: str
    after: str
    was: Class | None
    kind: Class | None


@dataclass(frozen=True, slots=True)
class ProseDifference:
    """What changed in a section outside the marked sentences."""

    section: str
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A use, a recipient or a cookie. `fields` holds (name, before, after) for each field of a changed one."""

    id: str
    change: Change
    purpose: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    older: str
    newer: str
    sentences: tuple[SentenceDifference, ...]
    prose: tuple[ProseDifference, ...]
    uses: tuple[RowDifference, ...]
    recipients: tuple[RowDifference, ...]
    cookies: tuple[RowDifference, ...]


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """`versions` by when they take effect, oldest first."""

    folder: Path
    versions: tuple[Policy, ...]
    _reigns: tuple[Policy, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        reigns = (_knowing(policy, self.versions[place + 1 :]) for place, policy in enumerate(self.versions))
        object.__setattr__(self, "_reigns", tuple(reigns))

    def in_force(self, now: datetime) -> Policy:
        """The newest version in effect at `now`, knowing which uses a posted version still awaits. LookupError before the first."""
        started = bisect_right(self.versions, now, key=lambda policy: policy.effective)
        if not started:
            raise LookupError(
                f"no version in {self.folder} is in force at {now:%Y-%m-%d}; the first is {self.versions[0].version}"
            )
        return self._reigns[started - 1]

    def coming(self, now: datetime) -> Policy | None:
        """The next version that is posted but not yet in effect."""
        return next((policy for policy in self.versions if policy.posted <= now < policy.effective), None)

    def live(self, now: datetime) -> tuple[Policy, ...]:
        """The version in force, if any, and all that are still to come: never empty."""
        return tuple(
            policy
            for policy, later in zip(self.versions, [*self.versions[1:], None], strict=True)
            if later is None or now < later.effective
        )

    def version(self, name: str) -> Policy:
        """LookupError, with the known versions, for any other name."""
        for policy in self.versions:
            if policy.version == name:
                return policy
        raise LookupError(f"no version {name!r}; there are {', '.join(policy.version for policy in self.versions)}")

    def diff(self, a: str, b: str) -> Difference:
        """What changes from version `a` to version `b`, sentence by sentence and use by use, in the order of the document."""
        return difference(self.version(a), self.version(b))


def _knowing(policy: Policy, later: tuple[Policy, ...]) -> Policy:
    """The version as it is while it reigns: with the uses that it lacks, and when the first that has them takes over."""
    awaited = {use: version.effective for version in reversed(later) for use in version.uses if use not in policy.uses}
    return replace(policy, awaited=MappingProxyType(awaited))


def load(folder: Path) -> PolicyBook:
    """Every version under `folder`; BrokenPack with the problems of all of them."""
    if not folder.is_dir():
        raise BrokenPack(
            [Problem(str(folder), 1, "the folder is missing; add a version in it, such as 2026-12-15/policy.md")]
        )
    versions: list[Policy] = []
    problems: list[Problem] = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            versions.append(load_version(place))
        except BrokenPack as error:
            problems.extend(error.problems)
    for earlier, later in pairwise(sorted(versions, key=lambda policy: policy.effective)):
        if earlier.effective == later.effective:
            says = f"{earlier.version} takes effect on the same day; only one version can be in force, move one"
            problems.append(Problem(later.document_path, 1, says))
    if not versions and not problems:
        problems.append(Problem(str(folder), 1, "no version here; add one, such as 2026-12-15/policy.md and uses.toml"))
    if problems:
        raise BrokenPack(problems)
    return PolicyBook(folder, tuple(sorted(versions, key=lambda policy: policy.effective)))


def load_version(folder: Path) -> Policy:
    """The version in `folder`, with the problems of both its files at once."""
    problems: list[Problem] = []
    written: document.Document | None = None
    permitted: uses.Uses | None = None
    try:
        written = document.parse(folder / "policy.md")
    except BrokenPack as error:
        problems.extend(error.problems)
    try:
        if written:
            problems.extend(_unwritten(folder / "uses.toml", written.sentences))
        permitted = uses.parse(folder / "uses.toml")
    except BrokenPack as error:
        problems.extend(error.problems)
    if written and written.version != folder.name:
        says = f"version {written.version} lies in the folder {folder.name}; give both the same name"
        problems.append(Problem(str(folder / "policy.md"), 1, says))
    if written is None or permitted is None or problems:
        raise BrokenPack(problems)
    return Policy(
        version=written.version,
        posted=written.posted,
        effective=written.effective,
        sentences=MappingProxyType(written.sentences),
        uses=MappingProxyType(permitted.uses),
        sections=written.sections,
        recipients=MappingProxyType(permitted.recipients),
        suppliers=MappingProxyType(permitted.suppliers),
        contracts=MappingProxyType(permitted.contracts),
        cookies=MappingProxyType(permitted.cookies),
        never=permitted.never,
        cites=MappingProxyType(permitted.cites),
        brand=permitted.brand,
        document_path=str(folder / "policy.md"),
        uses_path=str(folder / "uses.toml"),
    )


def _unwritten(path: Path, sentences: Collection[str]) -> Iterator[Problem]:
    """Whatever rests on a sentence that the document does not have, read off the file itself: what else is wrong with a row
    must not hide it."""
    source = read(path)
    for table, key, promises in _resting(tables(source, path)):
        for promise in promises:
            if promise not in sentences:
                says = f"{table} {key} names {promise}, which the document lacks; write [{promise}] in policy.md or drop it"
                yield Problem(str(path), _line(source, table, promise), says)


def _line(source: str, table: str, promise: str) -> int:
    """Where the promise stands under its table."""
    within = False
    for number, line in enumerate(source.splitlines(), 1):
        within = within or table in line.replace(" ", "")
        if within and f'"{promise}"' in line:
            return number
    return 1


def _resting(rows: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Each row that names promises: its table as it is written, the key, the promises."""
    for name, row in rows.items():
        inner = row if isinstance(row, dict) else {}
        if name == "never":
            for never in row if isinstance(row, list) else []:
                yield "[[never]]", "promise", _texts([never.get("promise")] if isinstance(never, dict) else None)
        elif name == "cites":
            yield from (("[cites]", reason, _texts(promises)) for reason, promises in inner.items())
        elif name == "cookies":
            for cookie, its in inner.items():
                yield f"[cookies.{cookie}]", "rests_on", _texts(its.get("rests_on") if isinstance(its, dict) else None)
        else:
            yield f"[{name}]", "rests_on", _texts(inner.get("rests_on"))


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def difference(older: Policy, newer: Policy) -> Difference:
    return Difference(
        older.version,
        newer.version,
        tuple(_sentences(older, newer)),
        tuple(_prose(older, newer)),
        tuple(_rows(older.uses, newer.uses)),
        tuple(_rows(older.recipients, newer.recipients)),
        tuple(_rows(older.cookies, newer.cookies)),
    )


def _sentences(older: Policy, newer: Policy) -> Iterator[SentenceDifference]:
    for id in _in_order(older.sentences, newer.sentences):
        before, after = older.sentences.get(id), newer.sentences.get(id)
        old, new = before.text if before else "", after.text if after else ""
        was, kind = before.kind if before else None, after.kind if after else None
        if (old, was) != (new, kind):
            section = (newer if after else older).sentences[id].section
            yield SentenceDifference(id, section, _change(before, after), compare_words(old, new), old, new, was, kind)


def _prose(older: Policy, newer: Policy) -> Iterator[ProseDifference]:
    before, after = _unmarked(older), _unmarked(newer)
    for section in _in_order(before, after):
        old, new = before.get(section, ""), after.get(section, "")
        if old != new:
            yield ProseDifference(section, compare_words(old, new))


def _unmarked(policy: Policy) -> dict[str, str]:
    return {
        section.title: " ".join(run.text for run in section.runs if not run.sentence) for section in policy.sections
    }


def _rows(older: Mapping[str, Row], newer: Mapping[str, Row]) -> Iterator[RowDifference]:
    for id in _in_order(older, newer):
        before, after = older.get(id), newer.get(id)
        if before == after or (before and after and replace(before, line=after.line) == after):
            continue
        purpose = (newer if after else older)[id].purpose
        yield RowDifference(
            id, _change(before, after), purpose, tuple(_fields(before, after)) if before and after else ()
        )


def _fields(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    for column in fields(before):
        old, new = _shown(getattr(before, column.name)), _shown(getattr(after, column.name))
        if column.name != "line" and old != new:
            yield column.name, old, new


def _change(before: object, after: object) -> Change:
    return Change.ADDED if before is None else Change.REMOVED if after is None else Change.CHANGED


def compare_words(before: str, after: str) -> tuple[Words, ...]:
    """The two texts woven together: kept words, removed words, added words. Joining kept and added gives `after`."""
    old, new = before.split(), after.split()
    woven: list[Words] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            woven.append(Words(" ".join(old[a:b])))
            continue
        if old[a:b]:
            woven.append(Words(" ".join(old[a:b]), Change.REMOVED))
        if new[c:d]:
            woven.append(Words(" ".join(new[c:d]), Change.ADDED))
    return tuple(woven)


def _in_order(older: Mapping[str, object], newer: Mapping[str, object]) -> list[str]:
    """The newer document's order; what it dropped comes last."""
    return [*newer, *(id for id in older if id not in newer)]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, tuple | frozenset):
        return ", ".join(value if isinstance(value, tuple) else sorted(value))
    return "" if value is None else str(value)
