"""What a visitor chose, as it stands in the address, and the car that comes of it.

    siskin-long-song.gorse.~armrest      the newest wish stands last; "~" says: without

Nothing of it is kept anywhere else, so an address is a build, the browser's own way back is the undo, and no page needs a script.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from forecourt.vehicles.options import Compiled
from forecourt.vehicles.options.ranges import NO, YES, Option, Range
from forecourt.vehicles.rules.oracle import Oracle

LONGEST = 2_000
WITHOUT = "~"
PAINT = "paint"


@dataclass(frozen=True, slots=True)
class Wish:
    option: Option
    wanted: bool = True

    @property
    def variable(self) -> str:
        return self.option.variable

    @property
    def value(self) -> str:
        return self.option.value if self.wanted else NO

    def __str__(self) -> str:
        return self.option.slug if self.wanted else f"{WITHOUT}{self.option.slug}"


@dataclass(frozen=True, slots=True)
class Change:
    """`was` and `becomes` in the words of the options; "" where there is nothing."""

    option: Option
    was: str
    becomes: str


@dataclass(frozen=True)
class Wishes:
    """`compiled` is the line's; each variable is wished for once at the most."""

    compiled: Compiled
    wishes: tuple[Wish, ...]
    unknown: tuple[str, ...] = ()

    @classmethod
    def read(cls, compiled: Compiled, text: str) -> "Wishes":
        """Words that the line has not (any more) are `unknown`, and left aside."""
        known = compiled.range.options
        wishes: dict[str, Wish] = {}
        unknown: list[str] = []
        for word in filter(None, text[:LONGEST].split(".")):
            option = known.get(word.removeprefix(WITHOUT))
            wanted = not word.startswith(WITHOUT)
            if option is None or (option.family and not wanted):
                unknown.append(word[:60])
                continue
            wishes.pop(option.variable, None)
            wishes[option.variable] = Wish(option, wanted)
        return cls(compiled, tuple(wishes.values()), tuple(unknown))

    @classmethod
    def of(cls, compiled: Compiled, car: dict[str, str], begun: "Wishes") -> "Wishes":
        """Wishes that come to this very car: those of `begun` that it fulfils, and what else they need."""
        made = cls(compiled, tuple(wish for wish in begun.wishes if car[wish.variable] == wish.value))
        while made.car != car:
            reached = made.car
            assert reached is not None  # the car itself fulfils them all
            variable = next(name for name in car if car[name] != reached[name])
            made = made.plus(wish_for(compiled.range, variable, car[variable]))
        return made

    def __str__(self) -> str:
        return ".".join(map(str, self.wishes))

    @cached_property
    def choice(self) -> dict[str, str]:
        return {wish.variable: wish.value for wish in self.wishes}

    @cached_property
    def car(self) -> dict[str, str] | None:
        """A car that can be ordered, as they wished and as usual in the rest; None where the wishes do not go together."""
        return self.compiled.diagram.complete(self.choice, [self.compiled.range.defaults])

    @cached_property
    def parts(self) -> frozenset[str]:
        """The slugs of all that the car has."""
        return self.compiled.range.has(self.car or {})

    @cached_property
    def possible(self) -> dict[str, frozenset[str]]:
        return self.compiled.diagram.possible(self.choice)

    def plus(self, wish: Wish) -> "Wishes":
        return Wishes(self.compiled, (*(each for each in self.wishes if each.variable != wish.variable), wish))

    def before(self) -> "Wishes":
        """Without the newest wish."""
        return Wishes(self.compiled, self.wishes[:-1])

    @property
    def standing(self) -> "Wishes":
        """Those of which a car can be built: without the newest one where that suffices, else as many as go together."""
        if self.car is not None:
            return self
        before = self.before()
        if before.car is not None:
            return before
        car = self.compiled.diagram.nearest({}, self.choice, [self.compiled.range.defaults])
        assert car is not None  # the reader lets in no range of which nothing can be ordered
        return Wishes(self.compiled, tuple(wish for wish in self.wishes if car[wish.variable] == wish.value))

    def pressed(self, option: Option) -> "Wishes":
        """What a press on this option asks for: it, or where it is an extra that this car has, to be without it."""
        has = self.car is not None and self.car[option.variable] == option.value
        return self.plus(Wish(option, wanted=bool(option.family) or not has))

    def is_open(self, option: Option) -> bool:
        """Whether a press on it is answered with a car that keeps all the other wishes."""
        wish = self.pressed(option).wishes[-1]
        return wish.value in self.possible[wish.variable]

    def why_not(self) -> tuple[str, ...]:
        """The rules that stand in the way of the newest wish, in words."""
        newest, found = self.wishes[-1], self.compiled.range
        with Oracle(found.problem) as oracle:
            why = oracle.why_not(self.before().choice, {newest.variable: newest.value})
        return tuple(found.rule(id).says for id in why.rules) if why else ()

    def nearest(self) -> "Wishes | None":
        """The newest wish with as many of the others as go with it; None where no car has it."""
        newest = self.wishes[-1]
        keep = self.before().choice
        car = self.compiled.diagram.nearest({newest.variable: newest.value}, keep, [self.compiled.range.defaults])
        if car is None:
            return None
        kept = tuple(wish for wish in self.wishes[:-1] if car[wish.variable] == wish.value)
        return Wishes(self.compiled, (*kept, newest))

    def changes_to(self, other: "Wishes") -> Iterator[Change]:
        """What is different in the other car, beside what its newest wish names."""
        if self.car is None or other.car is None:
            return
        newest = other.wishes[-1].variable if other.wishes else ""
        yield from differences(self.compiled, self.car, other.car, leave_out=(newest,))


def wish_for(found: Range, variable: str, value: str) -> Wish:
    option = found.options[variable if variable in found.options else value]
    return Wish(option, wanted=value == option.value)


def title(found: Range, car: Mapping[str, str]) -> str:
    """Siskin Long Song in Spruce."""
    version = found.options[car[found.families[0].slug]].name
    return f"{version} in {found.options[car[PAINT]].name}" if PAINT in car else version


def differences(
    compiled: Compiled, before: dict[str, str], after: dict[str, str], leave_out: Iterable[str] = ()
) -> Iterator[Change]:
    options = compiled.range.options
    for family in compiled.range.families:
        if before[family.slug] != after[family.slug] and family.slug not in leave_out:
            yield Change(
                options[after[family.slug]], options[before[family.slug]].name, options[after[family.slug]].name
            )
    for option in compiled.range.extras:
        if before[option.slug] != after[option.slug] and option.slug not in leave_out:
            gained = after[option.slug] == YES
            yield Change(option, "" if gained else option.name, option.name if gained else "")
