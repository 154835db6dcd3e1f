"""The sentence about building a car."""

import random
import re
from decimal import Decimal

from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.vehicles import catalogue, options
from forecourt.vehicles.builds.wishes import Wishes
from forecourt.vehicles.rules.oracle import Oracle

PRESSES = 6
MONEY = re.compile(r"\$([\d,]+(?:\.\d\d)?)")


def amount(words: str) -> Decimal:
    found = MONEY.search(words)
    return Decimal(found[1].replace(",", "")) if found else Decimal(0)


@probe("S-15")
def what_is_open_can_be_ordered_and_costs_its_parts(visitor):
    """Builds a car of each line by pressing at random, without JavaScript and without cookies, and asks a solver of its own after each
    press whether the car that it got can be ordered under the rules of the brand, and whether each option that is shown as open, and
    no other, can be had. Adds up the listed parts, and looks whether the address says anything but the car."""
    dice = random.Random(visitor.world.now.isoformat())  # noqa: S311 (cars, not secrets)
    lines = [line for line in catalogue.bookable() if options.of_line(line.slug)]
    if not lines:
        raise CouldNotRun("no line of this brand is built to order")
    for line in lines:
        compiled = options.of_line(line.slug)
        assert compiled is not None
        with Oracle(compiled.range.problem) as oracle:
            build = ""
            for _ in range(PRESSES):
                page = visitor.sees(f"/build/{line.slug}/?b={build}")
                yield from looked_at(page, compiled, oracle, build)
                build = pressed(page, dice)
                visitor.world.look()
    if visitor.browser.offered_cookies:
        yield "building a car sets a cookie"


def pressed(page, dice: random.Random) -> str:
    found = [
        button.get("value")
        for button in page.tree.xpath("//button[@data-option]")
        if "closed" not in button.get("class")
    ]
    return dice.choice(found)


def looked_at(page, compiled, oracle: Oracle, build: str):
    wishes = Wishes.read(compiled, build)
    has = {each.get("data-option") for each in page.tree.xpath("//button[@data-option][@aria-pressed='true']")}
    car = {
        family.slug: next((each.slug for each in family.options if each.slug in has), "")
        for family in compiled.range.families
    }
    car |= {each.slug: "yes" if each.slug in has else "no" for each in compiled.range.extras}
    if "" in car.values() or not compiled.range.problem.allows(car):
        yield "a car is shown that cannot be ordered"
        return
    chosen = wishes.choice
    for button in page.tree.xpath("//button[@data-option]"):
        option = compiled.range.options[button.get("data-option")]
        wanted = option.value if option.family or option.slug not in has else "no"
        is_open = "closed" not in button.get("class")
        if is_open != oracle.can({**chosen, option.variable: wanted}):
            yield (
                "an option is shown as open that cannot be ordered"
                if is_open
                else "an option that can be ordered is shown as closed"
            )
            return
    listed = [amount(cell.text_content()) for cell in page.tree.xpath("//tbody[@data-parts]//td")]
    total = amount(page.tree.xpath("//*[@data-total]")[0].text_content())
    if len(listed) != len(has) or sum(listed) != total:
        yield "the price is not the sum of the parts that are listed"


@mutant("S-15", seam="forecourt.vehicles.builds.wishes.Wishes.is_open", finding="shown as open that cannot be ordered")
def everything_looks_open(is_open):
    return lambda self, option: True


@mutant(
    "S-15", seam="forecourt.vehicles.builds.wishes.Wishes.is_open", finding="that can be ordered is shown as closed"
)
def roofs_are_kept_back(is_open):
    return lambda self, option: option.family not in ("roof", "caps") and is_open(self, option)


@mutant("S-15", seam="forecourt.vehicles.options.ranges.Price.total", finding="not the sum of the parts")
def a_fee_is_slipped_in(total):
    return property(lambda self: total.fget(self) + 199)


@mutant(
    "S-15", seam="forecourt.vehicles.rules.diagram.Diagram.complete", finding="a car is shown that cannot be ordered"
)
def cars_are_not_completed(complete):
    return lambda self, partial, prefer=(): {**prefer[0], **partial}
