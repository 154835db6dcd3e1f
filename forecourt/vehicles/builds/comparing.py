"""Any two cars side by side: of one line or of two, popular ones, saved ones, or as an address has them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forecourt.vehicles import catalogue
from forecourt.vehicles.builds import again, saving, shelves
from forecourt.vehicles.builds.asked import address, built, line_to_build, named, state_in, wishes_of
from forecourt.vehicles.builds.wishes import Wishes, title
from forecourt.vehicles.catalogue import Line
from forecourt.vehicles.options import picture
from forecourt.vehicles.options.ranges import Option, Price

NOTHING = "–"
SIDES = (("a", "The one"), ("c", "The other"))


@dataclass(frozen=True, slots=True)
class Shown:
    """`side` is its word in the address, `value` the car there."""

    side: str
    name: str
    title: str
    value: str
    to: str
    line: Line
    wishes: Wishes
    car: dict[str, str]
    price: Price
    weeks: int
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    state, today = state_in(request), request.now.date()
    first = read(request.GET.get("a", ""), "")
    asked = (first, read(request.GET.get("c", ""), named(first)))
    one, other = (shown(wishes, side, name, state, today) for (side, name), wishes in zip(SIDES, asked, strict=True))
    context = {
        "cars": (one, other),
        "rows": list(rows(one, other)),
        "state": state,
        "gap": other.price.total - one.price.total,
        "choices": choices(request, (one, other)),
    }
    return render(request, "builds/compare.html", context)


def read(text: str, otherwise: str) -> Wishes:
    """ "pipit:gorse.armrest"; where nothing is said, the first line as it usually comes."""
    slug, _, build = (text or otherwise).partition(":")
    if not slug:
        lines = built()
        if not lines:
            raise Http404("No car of ours is built to order.")
        slug = lines[0][0].slug
    _, compiled = line_to_build(slug)
    return Wishes.read(compiled, build).standing


def shown(wishes: Wishes, side: str, name: str, state: str, today: date) -> Shown:
    found, car = wishes.compiled.range, wishes.car
    line = catalogue.line(found.slug)
    assert car is not None
    assert line is not None
    return Shown(
        side=side,
        name=name,
        title=title(found, car),
        value=named(wishes),
        to=address(line.slug, wishes, state),
        line=line,
        wishes=wishes,
        car=car,
        price=found.price(car, state, today),
        weeks=found.delivery(car)[0],
        drawing=picture.drawn(line, found, car, key=f"car-{side}"),
    )


def rows(*cars: Shown) -> Iterator[Row]:
    """Each group of which one is taken, then each extra that one of them has."""
    families: dict[str, list[str]] = {}
    for family in (family for each in cars for family in each.wishes.compiled.range.families):
        families.setdefault(family.slug, []).append(family.name)
    for slug, names in families.items():
        yield Row(" or ".join(dict.fromkeys(names)), tuple(taken(each, slug) for each in cars))
    extras = {option.slug: option.name for each in cars for option in each.wishes.compiled.range.extras}
    for slug, name in extras.items():
        found = Row(name, tuple(answer(each, slug) for each in cars))
        if "Yes" in found.values:
            yield found


def taken(shown: Shown, family: str) -> str:
    options = shown.wishes.compiled.range.options
    return options[shown.car[family]].name if family in shown.car else NOTHING


def answer(shown: Shown, slug: str) -> str:
    option: Option | None = shown.wishes.compiled.range.options.get(slug)
    if option is None:
        return "Not offered"
    return "Yes" if shown.car[option.variable] == option.value else "No"


def choices(request: HttpRequest, now: tuple[Shown, ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can stand on either side, by heading: (value in the address, name)."""
    found = [("Now beside each other", [(each.value, each.title) for each in now])]
    if mine := saving.mine(request):
        request.made_for_one = True
        names = shelves.names_of(mine, purpose=saving.PURPOSE, now=request.now)
        cars = [(names[build.pk], again.today(build, request.now.date()).wishes) for build in mine]
        found.append(("Saved on this device", [(named(wishes), name) for name, wishes in cars if wishes]))
    for line, compiled in built():
        starts = [(named(wishes_of(compiled, each)), f"{line.name}, {each.name}") for each in compiled.range.starts]
        found.append((line.name, [(f"{line.slug}:", f"{line.name} as it usually comes"), *starts]))
    return found
