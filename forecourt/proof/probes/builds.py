"""The sentences about building a car and saving it."""

import random
import re
import secrets
from collections.abc import Iterator
from decimal import Decimal

from forecourt.people import subjects
from forecourt.proof.browser import Browser, Page
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.vehicles import catalogue, options
from forecourt.vehicles.builds import saving, shelves
from forecourt.vehicles.builds.models import SavedBuild, Shelf
from forecourt.vehicles.builds.wishes import Wishes
from forecourt.vehicles.rules.oracle import Oracle

PRESSES = 6
GUESSES = 10_000
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


# P-10A-3

SAVED = "/build/saved/"


@probe("P-10A-3")
def a_saved_car_is_found_by_its_owner_alone(world):
    """Builds two cars in a browser that keeps cookies, and saves them: no cookie may come before the press, and both have to be there
    on the next visit. Names one, makes a link to the other, and opens that as a stranger: it may show the one car, and nothing of its owner.
    Then guesses ten thousand addresses and cookies, stops the link, and deletes both: nothing may open, and nothing may be left."""
    owner = Browser(keeps_cookies=True)
    try:
        yield from saved_and_shown(world, owner)
    finally:
        if held := owner.jar.get(saving.COOKIE):
            shelves.forget(held.value)


def saved_and_shown(world, owner: Browser) -> Iterator[str]:
    compiled = next(filter(None, (options.of_line(line.slug) for line in catalogue.bookable())), None)
    if compiled is None:
        raise CouldNotRun("no line of this brand is built to order")
    starts = compiled.range.starts[:2]
    for start in starts:
        page = owner.get(f"/build/{compiled.range.slug}/?b={'.'.join(start.options)}").must_be_fine()
        if start is starts[0] and owner.offered_cookies:
            yield "a cookie came before the press on save"
            return
        page.form(f"{SAVED}new/").send(owner).must_be_fine()
    listed = owner.get(SAVED).must_be_fine()
    builds = shelves.of_browser(owner.jar[saving.COOKIE].value, world.now) if saving.COOKIE in owner.jar else []
    world.look(len(builds))
    if len(builds) != len(starts) or not all(build.title in listed.text for build in builds):
        yield "a saved car does not return to the browser that saved it"
        return
    secret, shown = builds
    name = f"Robin’s {secrets.token_hex(4)}"
    listed.form(f"{secret.pk}/name/").send(owner, name=name)
    listed = owner.get(SAVED).form(f"{shown.pk}/link/").send(owner)
    if name not in listed.text:
        yield "a saved car does not keep its name"
    link = listed.link("/build/shared/")
    yield from tells_of_its_owner(world, Browser().get(link), owner, secret, name)
    yield from opens_to_a_guess(world, link, owner)
    owner.get(SAVED).form(f"{shown.pk}/link/removal/").send(owner)
    if Browser().get(link).is_fine:
        yield "a link that was stopped still shows the car"
    for build in builds:
        owner.get(SAVED).form(f"{build.pk}/deletion/").send(owner)
    yield from still_saved(builds, owner)


def tells_of_its_owner(world, page: Page, owner: Browser, secret: SavedBuild, name: str) -> Iterator[str]:
    world.look()
    if not page.is_fine:
        yield "the link does not show the car"
    told = page.body.decode()
    if any(word in told for word in (name, secret.title, str(secret.pk), owner.jar[saving.COOKIE].value)):
        yield "the link tells of more than the one car"
    if "no-store" not in page.headers.get("Cache-Control", "") or page.headers.get("Referrer-Policy") != "no-referrer":
        yield "the link may be kept by a cache or told to another site"


def opens_to_a_guess(world, link: str, owner: Browser) -> Iterator[str]:
    """Small numbers, what looks like the link itself, and made-up ones; a few of them through the pages, as a stranger would."""
    token = link.rstrip("/").rsplit("/", 1)[-1]
    near = [
        f"{token[:at]}{letter}{token[at + 1 :]}" for at in range(len(token)) for letter in "ab01" if letter != token[at]
    ]
    guesses = [*map(str, range(GUESSES // 2)), *near]
    guesses += [secrets.token_urlsafe(24) for _ in range(GUESSES - len(guesses))]
    world.look(len(guesses))
    found = SavedBuild.objects.filter(link_digest__in=[shelves.digest(guess) for guess in guesses]).exists()
    found |= Shelf.objects.filter(index__in=[shelves.index(guess) for guess in guesses]).exists()
    if found or any(Browser().get(f"/build/shared/{guess}/").is_fine for guess in guesses[:: GUESSES // 20]):
        yield "a guessed address opens a saved car"
    stranger = Browser()
    stranger.holds(saving.COOKIE, near[0])
    builds = shelves.of_browser(owner.jar[saving.COOKIE].value, world.now)
    if any(str(build.pk) in stranger.get(SAVED).body.decode() for build in builds):
        yield "a guessed cookie opens somebody's saved cars"


def still_saved(builds: list[SavedBuild], owner: Browser) -> Iterator[str]:
    if SavedBuild.objects.filter(pk__in=[build.pk for build in builds]).exists() or saving.COOKIE in owner.jar:
        yield "a deleted car still lies with us"
    elif not all(subjects.is_erased(build.shelf_id) for build in builds):
        yield "the key of what was deleted is still there"


@mutant("P-10A-3", seam="forecourt.vehicles.builds.views.render", finding="a cookie came before the press on save")
def to_build_is_to_be_known(render):
    def render_and_mark(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        saving.hand_over(request, response, shelves.new_token())
        return response

    return render_and_mark


@mutant(
    "P-10A-3", seam="forecourt.vehicles.builds.saved_views.render", finding="the link tells of more than the one car"
)
def the_link_shows_the_whole_shelf(render):
    def render_all(request, template, context, **how):
        response = render(request, template, context, **how)
        if template == "builds/shared.html":
            others = ", ".join(context["card"].build.shelf.builds.values_list("title", flat=True))
            response.content = response.content.replace(b"</main>", f"<p>{others}</p></main>".encode())
        return response

    return render_all


@mutant("P-10A-3", seam="forecourt.vehicles.builds.shelves.new_token", finding="a guessed address opens a saved car")
def links_are_counted(new_token):
    return lambda: str(SavedBuild.objects.exclude(link=None).count() + Shelf.objects.count() * 7)


@mutant("P-10A-3", seam="forecourt.vehicles.builds.shelves.delete", finding="a deleted car still lies with us")
def deleting_is_for_show(delete):
    return lambda build: None


@mutant(
    "P-10A-3", seam="forecourt.vehicles.builds.shelves.unshare", finding="a link that was stopped still shows the car"
)
def a_link_is_forever(unshare):
    return lambda build: None


@mutant("P-10A-3", seam="forecourt.vehicles.builds.saving.confirm", finding="a saved car does not return")
def nothing_is_put_on_the_shelf(confirm):
    def forgets(request):
        shelves.forget(saving.token_of(request))
        return confirm(request)

    return forgets
