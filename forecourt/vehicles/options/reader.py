"""Reads a line's options from the brand pack, and holds them to what people need of them: something can be ordered, everything that is
named can be, and everything that is ordered has a price.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from forecourt.policy import problems as pack
from forecourt.policy.problems import Problems
from forecourt.vehicles import drawing
from forecourt.vehicles.options.ranges import Family, Option, PriceRow, Range, Start, literal
from forecourt.vehicles.rules import compiler
from forecourt.vehicles.rules.diagram import Diagram
from forecourt.vehicles.rules.oracle import Oracle
from forecourt.vehicles.rules.problem import Clause, Problem

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KEYS = {"slug", "name", "text", "price", "prices", "weeks", "requires", "excludes", "includes", "look", "section"}
LOOKS = (*drawing.COLOURS, *drawing.SHAPES)


def read(path: Path, shapes: Mapping[str, list[str]]) -> tuple[Range, Diagram]:
    """BrokenPack with all that is wrong in the file, each with its line and the rules that cause it."""
    reader = Reader(path, shapes)
    found = reader.range()
    reader.problems.stop_if_any()
    diagram = compiler.compile(found.problem)
    orderable(found, diagram, reader.problems)
    reader.problems.stop_if_any()
    return found, diagram


class Reader:
    def __init__(self, path: Path, shapes: Mapping[str, list[str]]) -> None:
        self.path = path
        self.shapes = shapes
        self.problems = Problems(path)
        self.source = pack.read(path)
        self.lines: dict[str, int] = {}
        for number, text in enumerate(self.source.splitlines(), 1):
            if found := re.match(r'\s*slug\s*=\s*"([^"]*)"', text):
                self.lines.setdefault(found[1], number)

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
            for slug in start.options:
                if slug not in made.options:
                    self.problems.add(self.lines.get(start.slug, 1), f"{start.slug} names {slug}, which is no option")
        return made

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
        options = tuple(self.option(each, slug) for each in self.rows(row, "option"))
        if not options:
            self.problems.add(
                self.lines.get(slug, 1), f"{slug} has no [[family.option]]: add the first, which is the usual one"
            )
        return Family(slug, self.words(row, "name", slug), options)

    def option(self, row: Mapping[str, Any], family: str) -> Option:
        slug = self.slug(row)
        line = self.lines.get(slug, 1)
        for key in sorted(set(row) - KEYS):
            self.problems.add(line, f"{slug}: {key} means nothing here; known are {', '.join(sorted(KEYS))}")
        rows = [
            PriceRow(self.amount(each.get("price"), slug), *self.when(each, slug)) for each in self.rows(row, "prices")
        ]
        if "price" in row:
            rows.append(PriceRow(self.amount(row["price"], slug)))
        return Option(
            slug=slug,
            name=self.words(row, "name", slug),
            text=row.get("text", ""),
            family=family,
            section=row.get("section", "Extras"),
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
        return Start(slug, self.words(row, "name", slug), row.get("text", ""), self.slugs(row, "options", slug))

    def slug(self, row: Mapping[str, Any]) -> str:
        slug = row.get("slug")
        if not isinstance(slug, str) or not SLUG.fullmatch(slug):
            self.problems.add(
                self.lines.get(str(slug), 1), f"slug is {slug!r}: use lower-case letters, digits and hyphens"
            )
            return ""
        if len(re.findall(rf'^\s*slug\s*=\s*"{slug}"', self.source, re.MULTILINE)) > 1:
            self.problems.add(self.lines[slug], f"{slug} is there twice: give each option a slug of its own")
        return slug

    def rows(self, found: Mapping[str, Any], table: str) -> list[Mapping[str, Any]]:
        value = found.get(table, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.problems.add(1, f"{table} is no list of tables: write [[{table}]] above each")
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
        if not amount.is_finite() or amount < 0 or amount != amount.quantize(Decimal("0.01")):
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
            elif part not in self.shapes and not (isinstance(value, str) and drawing.COLOUR.fullmatch(value)):
                self.problems.add(
                    line, f"{slug}: {part} is {value!r}: write six hex digits in lower case, such as #14604f"
                )
        return dict(found)


def orderable(found: Range, diagram: Diagram, problems: Problems) -> None:
    can = diagram.possible({})
    with Oracle(found.problem) as oracle:
        for option in found.options.values():
            if option.value not in can[option.variable]:
                why = oracle.why_not({}, {option.variable: option.value})
                rules = [found.rule(id) for id in why.rules] if why else []
                said = "; ".join(f"{rule.says} (line {rule.line})" for rule in rules)
                problems.add(option.line, f"nobody can ever order {option.slug}: {said}. Take one of these rules away")
    for option in found.options.values():
        for complaint in unpriced(option, found):
            problems.add(option.line, complaint)
    for start in found.starts:
        if begun(found, diagram, start) is None:
            problems.add(1, f"the popular build {start.slug} cannot be ordered: its options do not go together")


def unpriced(option: Option, found: Range) -> Iterator[str]:
    """Whether it can be ordered, without anything that includes it, where no price counts that holds everywhere and always."""
    always = [row for row in option.prices if not (row.states or row.since or row.until)]
    bringers = [each for each in found.options.values() if option.slug in each.includes]
    asked = (
        Clause((literal(option),), "it is ordered"),
        *(Clause((~literal(each),), "by itself") for each in bringers),
        *(Clause(tuple(~literal(found.options[slug]) for slug in row.having), "without that price") for row in always),
    )
    with Oracle(Problem(found.problem.variables, found.problem.constraints + asked)) as oracle:
        if oracle.can({}):
            yield f'{option.slug} can be ordered where no price of its counts: add price = "…", which holds where no other does'


def begun(found: Range, diagram: Diagram, start: Start) -> dict[str, str] | None:
    wanted = {found.options[slug].variable: found.options[slug].value for slug in start.options}
    return diagram.complete(wanted, [found.defaults])
