"""The policy document: Markdown whose promising sentences carry an id.

    ---
    version: 2026-12-15
    posted: 2026-11-20
    effective: 2026-12-15
    ---
    ## Texts

    [P-3F-1] We text you about a booking only if you ticked the box for that booking. [P-3F-7 informs] Your dealer may
    text you under its own policy.

A sentence starts at its id and ends at the next id or at the end of its paragraph or list item. The word after an id says
how it is kept; without one it is enforced. Text before the first id of a paragraph promises nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from forecourt.policy import outside
from forecourt.policy.policy import (
    Block,
    Bullets,
    Class,
    Paragraph,
    Run,
    Section,
    Sentence,
)
from forecourt.policy.problems import Problems, read

CLASS_WORDS = {
    "": Class.ENFORCED,
    "enforced": Class.ENFORCED,
    "observed": Class.OBSERVED,
    "attested": Class.ATTESTED,
    "informs": Class.INFORMATIVE,
}
FRONT_MATTER = ("version", "posted", "effective")

HEADING = re.compile(r"(#+)\s+(.*\S)\s*")
BULLET = re.compile(r"[-*]\s+(.*)")
BRACKETS = re.compile(r"\[([^\]]*)\](?!\()")
LINK = re.compile(r"\]\(([^)\s]+)\)|<(https?:[^>\s]+)>")
MARK = re.compile(r"([A-Z]-[0-9A-Z]+(?:-[0-9]+)?)(?: ([a-z]+))?")
NOT_PROSE = re.compile(r"(>|```|~~~|\||\d+[.)]\s|<)")


@dataclass(frozen=True, slots=True)
class Document:
    version: str
    posted: datetime
    effective: datetime
    sections: tuple[Section, ...]
    sentences: dict[str, Sentence]


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


def parse(path: Path) -> Document:
    """The document at `path`; BrokenPack with all its problems otherwise. Dates are UTC midnights."""
    return parse_text(read(path), path)


def parse_text(text: str, path: Path) -> Document:
    problems = Problems(path)
    lines = [Line(number, line.rstrip()) for number, line in enumerate(text.splitlines(), 1)]
    front, body = _front_matter(lines, problems)
    reader = _Reader(problems)
    sections = tuple(reader.sections(body))
    if not sections:
        problems.add(
            lines[-1].number if lines else 1, "the policy says nothing; add a heading (## Texts) and a sentence"
        )
    problems.stop_if_any()
    return Document(front["version"], _day(front["posted"]), _day(front["effective"]), sections, reader.sentences)


def _front_matter(lines: list[Line], problems: Problems) -> tuple[dict[str, str], list[Line]]:
    end = next((index for index, line in enumerate(lines[1:], 1) if line.text == "---"), None)
    if not lines or lines[0].text != "---" or end is None:
        problems.add(1, "begin the file with ---, then version:, posted: and effective:, then ---")
        problems.stop_if_any()
    assert end is not None
    values: dict[str, str] = {}
    found_at: dict[str, int] = {}
    for line in lines[1:end]:
        name, colon, value = (part.strip() for part in line.text.partition(":"))
        if not colon or name not in FRONT_MATTER:
            problems.add(line.number, f"{line.text.strip()!r} is not one of {', '.join(FRONT_MATTER)}; remove it")
        elif name in values:
            problems.add(line.number, f"{name} is given twice; keep one")
        else:
            values[name], found_at[name] = value, line.number
    for name in FRONT_MATTER:
        if not values.get(name):
            problems.add(found_at.get(name, 1), f"{name} is missing; add {name}: 2026-12-15 between the --- lines")
    for name in ("posted", "effective"):
        if values.get(name) and not _is_day(values[name]):
            problems.add(found_at[name], f"{values[name]!r} is not a day; write {name}: YYYY-MM-DD")
            values.pop(name)
    if "posted" in values and "effective" in values and values["effective"] < values["posted"]:
        problems.add(
            found_at["effective"],
            f"effective {values['effective']} lies before posted {values['posted']}; people must be able to read it first",
        )
    return values, lines[end + 1 :]


class _Reader:
    """Reads the body once, keeping each sentence by its id."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.sentences: dict[str, Sentence] = {}
        self.anchors: set[str] = set()
        self.title = ""

    def sections(self, lines: list[Line]) -> Iterator[Section]:
        heading: Line | None = None
        level = 0
        under: list[Line] = []
        for line in lines:
            match = HEADING.fullmatch(line.text)
            if not match:
                if heading is None and line.text:
                    self.problems.add(line.number, "text before the first heading; put a heading (# Title) above it")
                    heading, level = Line(line.number, "Untitled"), 2
                under.append(line)
                continue
            if heading is not None:
                yield self.section(heading, level, under)
            heading, level, under = Line(line.number, match[2]), len(match[1]), []
            if level > 3:
                self.problems.add(line.number, "headings go three deep; use ## or ###")
            if BRACKETS.search(match[2]):
                self.problems.add(line.number, "a heading promises nothing; move the mark to a sentence below it")
        if heading is not None:
            yield self.section(heading, level, under)

    def section(self, heading: Line, level: int, lines: list[Line]) -> Section:
        self.title = heading.text
        anchor = slug(heading.text)
        if anchor in self.anchors:
            self.problems.add(
                heading.number, f"a second heading {heading.text!r}; links to it would be ambiguous, rename one"
            )
        self.anchors.add(anchor)
        return Section(level, heading.text, anchor, tuple(self.blocks(lines)), heading.number)

    def blocks(self, lines: list[Line]) -> Iterator[Block]:
        for group in _paragraphs(lines):
            if not BULLET.match(group[0].text):
                for line in group:
                    self.refuse_what_is_not_prose(line)
                yield Paragraph(self.runs(group))
                continue
            items: list[list[Line]] = []
            for line in group:
                bullet = BULLET.match(line.text)
                if bullet:
                    items.append([Line(line.number, bullet[1])])
                elif not line.text.startswith("  ") or BULLET.match(line.text.strip()):
                    self.problems.add(
                        line.number, "a list item goes on two spaces in, and lists hold no lists; indent or split it"
                    )
                else:
                    items[-1].append(line)
            yield Bullets(tuple(self.runs(item) for item in items))

    def refuse_what_is_not_prose(self, line: Line) -> None:
        if NOT_PROSE.match(line.text.lstrip()) or BULLET.match(line.text):
            self.problems.add(
                line.number,
                "a policy is paragraphs, lists with - and headings; write this as one (a list needs a blank line above)",
            )

    def runs(self, lines: list[Line]) -> tuple[Run, ...]:
        text, starts = _joined(lines)
        self.refuse_links_that_tell(text, starts)
        marks = [mark for mark in BRACKETS.finditer(text) if self.is_mark(mark, _line_at(starts, mark.start()))]
        runs = []
        if before := text[: marks[0].start() if marks else len(text)].strip():
            runs.append(Run(before))
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        for mark, end in zip(marks, ends, strict=False):
            id_and_word = MARK.fullmatch(mark[1])
            assert id_and_word
            line = _line_at(starts, mark.start())
            said = text[mark.end() : end].strip()
            self.keep(Sentence(id_and_word[1], said, self.title, CLASS_WORDS[id_and_word[2] or ""], line))
            runs.append(Run(said, id_and_word[1]))
        return tuple(runs)

    def refuse_links_that_tell(self, text: str, starts: list[tuple[int, int]]) -> None:
        for link in LINK.finditer(text):
            address = link[1] or link[2]
            if outside.has_host(address) and (says := outside.objection(address)):
                self.problems.add(_line_at(starts, link.start()), f"the link to {address} may not stand here: {says}")

    def is_mark(self, found: re.Match[str], line: int) -> bool:
        match = MARK.fullmatch(found[1])
        if not match:
            self.problems.add(line, f"[{found[1]}] is no mark; write [P-3F-1] or [P-3F-1 informs], or make it a link")
        elif (match[2] or "") not in CLASS_WORDS:
            words = ", ".join(word for word in CLASS_WORDS if word)
            self.problems.add(line, f"{match[2]!r} after {match[1]} is none of {words}; use one, or none for enforced")
        else:
            return True
        return False

    def keep(self, sentence: Sentence) -> None:
        if not sentence.text:
            self.problems.add(sentence.line, f"[{sentence.id}] has no sentence; write one after it or remove it")
        if earlier := self.sentences.get(sentence.id):
            self.problems.add(sentence.line, f"[{sentence.id}] stands already in line {earlier.line}; say it once")
            return
        self.sentences[sentence.id] = sentence


def slug(title: str) -> str:
    """A heading's address within its page."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "section"


def _paragraphs(lines: list[Line]) -> Iterator[list[Line]]:
    group: list[Line] = []
    for line in [*lines, Line(0, "")]:
        if line.text:
            group.append(line)
        elif group:
            yield group
            group = []


def _joined(lines: list[Line]) -> tuple[str, list[tuple[int, int]]]:
    """The lines as one, with where each begins: (offset, line number)."""
    text = ""
    starts = []
    for line in lines:
        text += " " if text else ""
        starts.append((len(text), line.number))
        text += " ".join(line.text.split())
    return text, starts


def _line_at(starts: list[tuple[int, int]], offset: int) -> int:
    return max(start for start in starts if start[0] <= offset)[1]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
