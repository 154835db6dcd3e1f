"""What can be ordered of one model line: its options, the rules between them, and their prices. Frozen; made by `reader`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from forecourt.vehicles.rules.problem import Choice, Clause, Literal, Problem, Variable

YES, NO = "yes", "no"
FREE = Decimal(0)


@dataclass(frozen=True, slots=True)
class PriceRow:
    """Counts where all that it names is so; of several, the first one written. An empty tuple names nothing."""

    price: Decimal
    having: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def counts(self, has: frozenset[str], state: str, on: date) -> bool:
        """`until` is the last day on which it counts."""
        return (
            all(slug in has for slug in self.having)
            and (not self.states or state in self.states)
            and (self.since is None or self.since <= on)
            and (self.until is None or on <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Option:
    """`family` is the group of which one is taken, or "" for what is taken or left by itself. `look` is what the drawing makes of
    it: part of the car to color or wheel."""

    slug: str
    name: str
    text: str
    family: str
    section: str
    prices: tuple[PriceRow, ...]
    weeks: int
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...]
    includes: tuple[str, ...]
    look: Mapping[str, str]
    line: int

    @property
    def variable(self) -> str:
        return self.family or self.slug

    @property
    def value(self) -> str:
        return self.slug if self.family else YES


@dataclass(frozen=True, slots=True)
class Family:
    slug: str
    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A build that many people begin with."""

    slug: str
    name: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """`price` is None for what comes with something else."""

    option: Option
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Price:
    parts: tuple[Part, ...]

    @property
    def total(self) -> Decimal:
        return sum((part.price for part in self.parts if part.price), FREE)


@dataclass(frozen=True, slots=True)
class Rule:
    """In the words of the options' names; `line` is where the file says so."""

    id: str
    says: str
    line: int


@dataclass(frozen=True)
class Range:
    slug: str
    families: tuple[Family, ...]
    extras: tuple[Option, ...]
    starts: tuple[Start, ...]
    weeks: int

    @cached_property
    def options(self) -> dict[str, Option]:
        inside = (option for family in self.families for option in family.options)
        return {option.slug: option for option in (*inside, *self.extras)}

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[Option, ...]], ...]:
        """The extras under their headings, in the order of the file."""
        found: dict[str, list[Option]] = {}
        for option in self.extras:
            found.setdefault(option.section, []).append(option)
        return tuple((name, tuple(options)) for name, options in found.items())

    @cached_property
    def _rules(self) -> dict[str, tuple[Rule, Clause]]:
        return {rule.id: (rule, clause) for rule, clause in self._written()}

    def rule(self, id: str) -> Rule:
        return self._rules[id][0]

    @cached_property
    def problem(self) -> Problem:
        variables = [Variable(each.slug, tuple(option.slug for option in each.options)) for each in self.families]
        variables += [Variable(option.slug, (NO, YES)) for option in self.extras]
        return Problem(tuple(variables), tuple(clause for _, clause in self._rules.values()))

    @cached_property
    def defaults(self) -> dict[str, str]:
        """What is preferred where nobody chose: each family's first option, and no extra."""
        return {each.slug: each.options[0].slug for each in self.families} | {each.slug: NO for each in self.extras}

    def has(self, choice: Choice) -> frozenset[str]:
        """The slugs of all that this car has."""
        return frozenset(slug for slug, option in self.options.items() if choice.get(option.variable) == option.value)

    @cached_property
    def _bringers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for option in self.options.values():
            for slug in option.includes:
                found.setdefault(slug, set()).add(option.slug)
        return {slug: frozenset(bringers) for slug, bringers in found.items()}

    def price_of(self, option: Option, has: frozenset[str], state: str, on: date) -> Decimal | None:
        """Of an option on a car that has it; None where another part includes it."""
        if not has.isdisjoint(self._bringers.get(option.slug, ())):
            return None
        return row_for(option, has, state, on).price

    def price(self, choice: Choice, state: str, on: date) -> Price:
        """The sum of its parts, families first, in the order of the file. What another part includes costs nothing."""
        has = self.has(choice)
        return Price(
            tuple(
                Part(option, self.price_of(option, has, state, on))
                for slug, option in self.options.items()
                if slug in has
            )
        )

    def delivery(self, choice: Choice) -> tuple[int, tuple[Option, ...]]:
        """Weeks to delivery, and which options it is that take the longest; none where it is the line's own time."""
        longest = max((self.options[slug].weeks for slug in self.has(choice)), default=0)
        if longest <= self.weeks:
            return self.weeks, ()
        return longest, tuple(
            each for slug, each in self.options.items() if slug in self.has(choice) and each.weeks == longest
        )

    def _written(self) -> Iterator[tuple[Rule, Clause]]:
        for option in self.options.values():
            own = ~literal(option)
            for alternatives in option.requires:
                others = [self.options[slug] for slug in alternatives]
                yield self._made(
                    option,
                    "needs",
                    " or ".join(each.name for each in others),
                    alternatives,
                    [own, *map(literal, others)],
                )
            for slug in option.includes:
                yield self._made(
                    option, "comes with", self.options[slug].name, (slug,), [own, literal(self.options[slug])]
                )
            for slug in option.excludes:
                yield self._made(
                    option, "does not go with", self.options[slug].name, (slug,), [own, ~literal(self.options[slug])]
                )

    @staticmethod
    def _made(
        option: Option, verb: str, names: str, slugs: Iterable[str], literals: list[Literal]
    ) -> tuple[Rule, Clause]:
        id = f"{option.slug} {verb} {'|'.join(slugs)}"
        return Rule(id, f"{option.name} {verb} {names}", option.line), Clause(tuple(literals), id)


def literal(option: Option) -> Literal:
    return Literal(option.variable, option.value)


def row_for(option: Option, has: frozenset[str], state: str, on: date) -> PriceRow:
    """LookupError where no price counts: the reader makes sure that one always does."""
    found = next((row for row in option.prices if row.counts(has, state, on)), None)
    if found is None:
        raise LookupError(f"{option.slug} has no price there and then")
    return found
