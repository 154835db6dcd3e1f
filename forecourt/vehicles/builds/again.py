"""A car that was saved, under the rules of today: what of it is no longer offered, and the nearest car that is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forecourt.vehicles import options
from forecourt.vehicles.builds.models import SavedBuild
from forecourt.vehicles.builds.wishes import Change, Wishes, differences
from forecourt.vehicles.options import Compiled
from forecourt.vehicles.options.ranges import NO


@dataclass(frozen=True, slots=True)
class Today:
    """`wishes` are None where the line is not built to order any more. `gone` are the saved names of what is not offered, `changes` what
    has to be otherwise beside that."""

    wishes: Wishes | None
    gone: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    total: Decimal | None = None

    @property
    def is_the_same(self) -> bool:
        return self.wishes is not None and not self.gone and not self.changes


def today(build: SavedBuild, on: date) -> Today:
    compiled = options.of_line(build.line)
    names = {slug: name for slug, name, _ in build.parts}
    if compiled is None:
        return Today(None, tuple(names.values()))
    known = {slug: option for slug, option in compiled.range.options.items() if slug in names}
    was = {option.variable: NO for option in compiled.range.extras} | {
        option.variable: option.value for option in known.values()
    }
    car = compiled.diagram.nearest({}, was, [compiled.range.defaults])
    if car is None:
        raise LookupError("the reader lets in no range of which nothing can be ordered")
    gone = tuple(name for slug, name in names.items() if slug not in known)
    wishes = Wishes.of(compiled, car, Wishes.read(compiled, build.wishes))
    return Today(wishes, gone, changes(compiled, was, car), compiled.range.price(car, "", on).total)


def changes(compiled: Compiled, was: dict[str, str], car: dict[str, str]) -> tuple[Change, ...]:
    """A group whose saved option is gone has nothing to be compared with."""
    unknown = [family.slug for family in compiled.range.families if family.slug not in was]
    return tuple(differences(compiled, {**car, **was}, car, leave_out=unknown))
