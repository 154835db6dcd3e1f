"""What a line's cars of one year can be, in the line's own words: of its options file where it is built to order, else of its page."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from forecourt.vehicles import catalogue, options
from forecourt.vehicles.catalogue import Line, Paint
from forecourt.vehicles.options.ranges import YES, Price, Range

PAINT = "paint"


@dataclass(frozen=True)
class Lineup:
    """`record` is the edition of that year, and for a car that is older than all editions the oldest: its price basis and disclaimer
    are what we say. `range` knows which options go together."""

    year: int
    record: Line
    editions: tuple[Line, ...]
    range: Range | None

    @property
    def is_built(self) -> bool:
        return self.record.is_current and self.record.year == self.year

    @cached_property
    def trims(self) -> dict[str, str]:
        if self.range and self.is_built:
            return {option.slug: option.name for option in self.range.families[0].options}
        return {slug_of(trim.name): trim.name for trim in self.record.trims}

    @cached_property
    def paints(self) -> dict[str, str]:
        """Of the year; of a year that has no page, all that we know of."""
        if self.range and self.is_built:
            return self._ranges_paints
        if self.record.year == self.year:
            return {paint.slug: paint.name for paint in self.record.paints}
        return self._ranges_paints | {paint.slug: paint.name for line in self.editions for paint in line.paints}

    @cached_property
    def _ranges_paints(self) -> dict[str, str]:
        families = self.range.families if self.range else ()
        return {option.slug: option.name for family in families if family.slug == PAINT for option in family.options}

    @cached_property
    def others(self) -> dict[str, str]:
        """Every option beside version and paint."""
        if self.range is None:
            return {}
        apart = {option.slug for family in (self.range.families[0],) for option in family.options} | set(
            self._ranges_paints
        )
        return {slug: option.name for slug, option in self.range.options.items() if slug not in apart}

    def car(self, trim: str, paint: str, extras: Iterable[str]) -> dict[str, str]:
        """The whole car: of a family that nothing is said of its usual option, and what an option brings with it. {} where the line
        has no options. A paint of another year stands under its own name."""
        if self.range is None:
            return {}
        known = self.range.options
        has = {slug for slug in (trim, paint, *extras) if slug in known}
        while brought := {slug for one in has for slug in known[one].includes} - has:
            has |= brought
        car = dict(self.range.defaults)
        for slug in has:
            car[known[slug].variable] = known[slug].value
        return car | {PAINT: paint}

    def broken_rule(self, car: Mapping[str, str]) -> str:
        """In words; "" for a car that can be built."""
        if self.range is None:
            return ""
        rules = self.range.problem.constraints
        if car[PAINT] not in self._ranges_paints:
            rules = tuple(rule for rule in rules if PAINT not in rule.variables)
        broken = next((rule for rule in rules if not rule.holds(car)), None)
        return self.range.rule(broken.because).says if broken else ""

    def suggested(self, car: Mapping[str, str], trim: str, state: str, on: date) -> Decimal | None:
        """The sum of its parts' prices on that day; None where we do not know them all."""
        if price := self.parts(car, state, on):
            return price.total
        if self.range or self.record.year != self.year:
            return None
        return next((each.price for each in self.record.trims if slug_of(each.name) == trim), None)

    def parts(self, car: Mapping[str, str], state: str, on: date) -> Price | None:
        return self.range.price(car, state, on) if self.range and self.is_built else None

    def painted(self, slug: str) -> Paint:
        """As some edition has it, else as the options have it, else the line's first one."""
        found = (paint for line in (self.record, *self.editions) for paint in line.paints if paint.slug == slug)
        if paint := next(found, None):
            return paint
        if self.range and (option := self.range.options.get(slug)) and "paint" in option.look:
            look = option.look
            return Paint(slug, option.name, look["paint"], look.get("shade", look["paint"]), look["paint"])
        return self.record.paints[0]

    def equipment(self, car: Mapping[str, str]) -> list[tuple[str, list[str]]]:
        """Under headings: one of each family beside version and paint, then the extras that it has."""
        if self.range is None:
            return []
        families = [
            (family.name, [self.range.options[car[family.slug]].name])
            for family in self.range.families[1:]
            if family.slug != PAINT
        ]
        sections = [
            (name, [option.name for option in extras if car[option.slug] == YES])
            for name, extras in self.range.sections
        ]
        return [*families, *((name, names) for name, names in sections if names)]


class Lineups:
    """Of all lines of a brand pack."""

    def __init__(self, editions: Iterable[Line], built: Mapping[str, Range]) -> None:
        self._editions: dict[str, list[Line]] = {}
        for line in editions:
            self._editions.setdefault(line.slug, []).append(line)
        self._built = built
        self._made: dict[tuple[str, int], Lineup] = {}

    def __iter__(self) -> Iterator[str]:
        """The lines' slugs, in the brand's order."""
        return iter(self._editions)

    def newest(self, slug: str) -> int:
        return self._editions[slug][0].year

    def of(self, slug: str, year: int) -> Lineup:
        """KeyError for a line that there is not."""
        if (slug, year) not in self._made:
            editions = tuple(self._editions[slug])
            record = next((line for line in editions if line.year == year), editions[-1])
            self._made[slug, year] = Lineup(year, record, editions, self._built.get(slug))
        return self._made[slug, year]


def lineups() -> Lineups:
    """Of the brand in use."""
    return _read_once(Path(settings.BRAND) / "vehicles")


@cache
def _read_once(folder: Path) -> Lineups:
    return read(folder)


def read(folder: Path) -> Lineups:
    """Compiling the options takes seconds, and a pack is checked and then loaded: the same files are read once."""
    files = sorted(folder.rglob("*.toml"))
    return _read(folder, hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest())


@lru_cache(maxsize=2)
def _read(folder: Path, digest: str) -> Lineups:
    built = {slug: compiled.range for slug, compiled in options.read(folder).items()}
    return Lineups(catalogue.read_editions(folder), built)


def slug_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
