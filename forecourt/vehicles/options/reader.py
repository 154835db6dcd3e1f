"""Reads a line's options from the brand pack, and holds them to what people need of them: something can be ordered, everything that is
named can be, and everything that is ordered has a price.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forecourt.policy import problems as pack
from forecourt.policy.problems import Problems
from forecourt.vehicles import drawing
from forecourt.vehicles.options import checks
from forecourt.vehicles.options.ranges import NO, YES, Family, Option, PriceRow, Range, Start
from forecourt.vehicles.rules import compiler
from forecourt.vehicles.rules.diagram import Diagram

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WRITTEN = re.compile(r"""(?:^|[{,])\s*"?slug"?\s*=\s*["']([^"']*)["']""")
KEYS = {"slug", "name", "text", "price", "prices", "weeks", "requires", "excludes", "includes", "look", "section"}
MOST = Decimal(10_000_000)
LOOKS = (*drawing.COLORS, *drawing.SHAPES)


def read(path: Path, shapes: Mapping[str, list[str]]) -> tuple[Range, Diagram]:
    """BrokenPack with all that is wrong in the file, each with its line and the rules that cause it."""
    reader = Reader(path, shapes)
    found = reader.range()
    reader.problems.stop_if_any()
    try:
        diagram = compiler.compile(found.problem)
    except MemoryError:
        raise pack.broken(path, 1, "these rules are too entangled to be answered at a click: take some away") from None
    for line, says in checks.complaints(found, diagram):
        reader.problems.add(line, says)
    reader.problems.stop_if_any()
    return found, diagram


class Reader:
    def __init__(self, path: Path, shapes: Mapping[str, list[str]]) -> None:
        self.path = path
        self.shapes = shapes
        self.problems = Problems(path)
        self.source = pack.read(path)
        self.seen: set[str] = set()
        self.lines: dict[str, int] = {}
        for number, text in enumerate(self.source.splitlines(), 1):
            for slug in WRITTEN.findall(text):
                self.lines.setdefault(slug, number)

    def range(self) -> Range:
        found = pack.tables(self.source, self.path)
        families = tuple(self.family(row) for row in self.rows(found, "family"))
        extras = tuple(self.option(row, "") for row in self.rows(found, "extra"))
        made = Range(
            slug=self.path.stem,
            families=families,
            extras=extras,
            starts=tuple(self.start(row) for row in self.rows(found, "popular")),
            weeks=self.weeks(found, 1) or 1,
        )
        for key in sorted(set(found) - {"family", "extra", "popular", "weeks"}):
            self.problems.add(1, f"{key} means nothing here: take it out, or name one of extra, family, popular, weeks")
        if not families:
            self.problems.add(1, "there is no [[family]]: add at least one, of which one option is always taken")
        for option in [*(option for family in families for option in family.options), *extras]:
            self.names(option, made)
        for start in made.starts:
            self.begins(start, made)
        return made

    def begins(self, start: Start, made: Range) -> None:
        line, taken = self.lines.get(start.slug, 1), dict[str, str]()
        for slug in start.options:
            option = made.options.get(slug)
            if option is None:
                self.problems.add(line, f"{start.slug} names {slug}, which is no option")
            elif option.variable in taken:
                self.problems.add(line, f"{start.slug} names {taken[option.variable]} and {slug}: one of them goes")
            else:
                taken[option.variable] = slug

    def names(self, option: Option, made: Range) -> None:
        inside = [slug for alternatives in option.requires for slug in alternatives]
        having = [slug for row in option.prices for slug in row.having]
        for slug in (*inside, *option.excludes, *option.includes, *having):
            if slug not in made.options:
                self.problems.add(option.line, f"{option.slug} names {slug}, which is no option of this file")
            elif slug == option.slug:
                self.problems.add(option.line, f"{option.slug} names itself: name another option")
        for slug in option.excludes:
            if made.options.get(slug) and option.slug in made.options[slug].excludes and slug < option.slug:
                self.problems.add(option.line, f"{option.slug} and {slug} exclude each other twice: say it once")

    def family(self, row: Mapping[str, Any]) -> Family:
        slug = self.slug(row)
        self.only({"slug", "name", "option"}, row, slug)
        options = tuple(self.option(each, slug) for each in self.rows(row, "option", self.lines.get(slug, 1)))
        if not options:
            self.problems.add(
                self.lines.get(slug, 1), f"{slug} has no [[family.option]]: add the first, which is the usual one"
            )
        return Family(slug, self.words(row, "name", slug), options)

    def option(self, row: Mapping[str, Any], family: str) -> Option:
        slug = self.slug(row)
        line = self.lines.get(slug, 1)
        self.only(KEYS, row, slug)
        rows = [
            PriceRow(self.amount(each.get("price"), slug), *self.when(each, slug))
            for each in self.rows(row, "prices", line)
        ]
        if "price" in row:
            rows.append(PriceRow(self.amount(row["price"], slug)))
        return Option(
            slug=slug,
            name=self.words(row, "name", slug),
            text=self.maybe(row, "text", slug),
            family=family,
            section=self.maybe(row, "section", slug) or "Extras",
            prices=tuple(rows),
            weeks=self.weeks(row, line),
            requires=tuple(tuple(map(str.strip, each.split("|"))) for each in self.slugs(row, "requires", slug)),
            excludes=self.slugs(row, "excludes", slug),
            includes=self.slugs(row, "includes", slug),
            look=self.look(row.get("look", {}), slug),
            line=line,
        )

    def start(self, row: Mapping[str, Any]) -> Start:
        slug = self.slug(row)
        self.only({"slug", "name", "text", "options"}, row, slug)
        return Start(
            slug, self.words(row, "name", slug), self.maybe(row, "text", slug), self.slugs(row, "options", slug)
        )

    def only(self, known: Collection[str], row: Mapping[str, Any], slug: str) -> None:
        for key in sorted(set(row) - set(known)):
            says = f"{slug}: {key} means nothing here; known are {', '.join(sorted(known))}"
            self.problems.add(self.lines.get(slug, 1), says)

    def slug(self, row: Mapping[str, Any]) -> str:
        slug = row.get("slug")
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            self.problems.add(
                self.lines.get(str(slug), 1), f"slug is {slug!r}: use lower-case letters, digits and hyphens"
            )
            return ""
        line = self.lines.get(slug, 1)
        if slug in (YES, NO):
            self.problems.add(line, f"{slug} is an answer and no slug: give it another")
        if slug in self.seen:
            self.problems.add(line, f"{slug} is there twice: give each option a slug of its own")
        self.seen.add(slug)
        return slug

    def rows(self, found: Mapping[str, Any], table: str, line: int = 1) -> list[Mapping[str, Any]]:
        value = found.get(table, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problems.add(line, f"{table} is no list of tables: write [[{table}]] above each")
            return []
        return value

    def words(self, row: Mapping[str, Any], key: str, slug: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            self.problems.add(
                self.lines.get(slug, 1), f"{slug}: {key} is {value!r}: write some words between quotation marks"
            )
            return ""
        return value.strip()

    def maybe(self, row: Mapping[str, Any], key: str, slug: str) -> str:
        return self.words(row, key, slug) if key in row else ""

    def slugs(self, row: Mapping[str, Any], key: str, slug: str) -> tuple[str, ...]:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self.problems.add(self.lines.get(slug, 1), f'{slug}: {key} needs a list of slugs, such as ["glass-roof"]')
            return ()
        return tuple(value)

    def weeks(self, row: Mapping[str, Any], line: int) -> int:
        value = row.get("weeks", 0)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 104:
            self.problems.add(line, f"weeks is {value!r}: write a whole number of weeks up to 104")
            return 0
        return value

    def amount(self, value: object, slug: str) -> Decimal:
        try:
            amount = Decimal(value) if isinstance(value, str) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(Decimal("0.01")):
            says = f'{slug}: price is {value!r}: write dollars between quotation marks, such as "450"; "0" where it is free'
            self.problems.add(self.lines.get(slug, 1), says)
            return Decimal(0)
        return amount

    def when(
        self, row: Mapping[str, Any], slug: str
    ) -> tuple[tuple[str, ...], tuple[str, ...], date | None, date | None]:
        line = self.lines.get(slug, 1)
        since, until = row.get("from"), row.get("until")
        for key, day in (("from", since), ("until", until)):
            if day is not None and type(day) is not date:
                self.problems.add(
                    line, f"{slug}: {key} is {day!r}: write a day without quotation marks, such as 2027-03-01"
                )
                return (), (), None, None
        if since and until and until < since:
            self.problems.add(line, f"{slug}: until {until} is before from {since}: turn them round")
            return (), (), None, None
        for key in sorted(set(row) - {"price", "with", "states", "from", "until"}):
            self.problems.add(
                line, f"{slug}: {key} means nothing in a price; known are from, price, states, until, with"
            )
        return self.slugs(row, "with", slug), self.slugs(row, "states", slug), since, until

    def look(self, found: object, slug: str) -> Mapping[str, str]:
        line = self.lines.get(slug, 1)
        if not isinstance(found, dict):
            self.problems.add(line, f'{slug}: look is no table: write look = {{ paint = "#14604f" }}')
            return {}
        for part, value in found.items():
            if part not in LOOKS:
                self.problems.add(
                    line, f"{slug}: look has {part}, which no drawing knows; known are {', '.join(LOOKS)}"
                )
            elif part in self.shapes and value not in self.shapes[part]:
                self.problems.add(line, f"{slug}: there is no {part} {value}; drawn are {', '.join(self.shapes[part])}")
            elif part not in self.shapes and not (isinstance(value, str) and drawing.COLOR.fullmatch(value)):
                self.problems.add(
                    line, f"{slug}: {part} is {value!r}: write six hex digits in lower case, such as #14604f"
                )
        return dict(found)
