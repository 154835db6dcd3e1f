"""The sentence about cars at dealers."""

import re
from dataclasses import replace

from forecourt.dealers import mine
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import ZIP
from forecourt.vehicles.recalls import campaigns
from forecourt.vehicles.stock.models import Car
from forecourt.web.templatetags.web import money, short_day

CAR = re.compile(r"/stock/([a-z0-9]{10})/")
# How many parts of the list one look reads, and how many cars' pages it opens; each day others.
PARTS = 12
SAMPLE = 24


@probe("S-05")
def each_car_says_what_it_must_and_no_stopped_one_is_shown(visitor):
    """Reads parts of the list of cars, without JavaScript and without cookies, and opens the pages of two dozen, each day others, and of some with open recalls: VIN,
    dealer, price, inspection and open recalls have to stand there as they stand in our records. Asks for the page of each car that a
    recall keeps from being sold, and looks whether a search by ZIP code leaves anything in the browser."""
    cars = {car.slug: car for car in Car.objects.filter(active=True).select_related("dealer").order_by("slug")}
    if not cars:
        raise CouldNotRun("no car stands at a dealer")
    recalls = campaigns.open_for_all([car.vin for car in cars.values()])
    stopped = {slug for slug, car in cars.items() if any(recall.stops_sale for recall in recalls[car.vin])}
    for page in parts(visitor):
        yield from listed(page, cars, recalls, stopped)
    for slug in sorted(stopped)[:SAMPLE]:
        if cars[slug].vin in words(visitor.browser.get(f"/stock/{slug}/")):
            yield "a car that may not be sold is shown"
    free = sorted(set(cars) - stopped)
    step = max(1, len(free) // SAMPLE)
    recalled = [slug for slug in free if recalls[cars[slug].vin]]
    opened = sorted({*free[visitor.world.now.toordinal() % step :: step], *recalled[:SAMPLE]})
    for slug in opened:
        yield from missing(words(visitor.sees(f"/stock/{slug}/")), cars[slug], recalls[cars[slug].vin])
    visitor.world.look(len(stopped) + len(opened))
    if visitor.browser.offered_cookies:
        yield "looking for a car sets a cookie"


def parts(visitor):
    """From the nearest to a ZIP code on, and from the dearest."""
    for address in (f"/stock/?near={ZIP}", "/stock/?sort=price-high"):
        page = visitor.sees(address)
        for _ in range(PARTS):
            yield page
            more = page.link("Show more cars")
            if not more:
                break
            page = visitor.sees(more)


def words(page) -> str:
    return " ".join(page.tree.text_content().replace("\u00a0", " ").split())


def listed(page, cars, recalls, stopped):
    for row in page.tree.xpath("//*[@data-car]"):
        slug = row.get("data-car")
        if slug in stopped:
            yield "a car that may not be sold is shown"
        elif slug not in cars:
            yield "a car is shown that is at no dealer"
        else:
            text = " ".join(row.text_content().replace("\u00a0", " ").split())
            yield from missing(text, cars[slug], recalls[cars[slug].vin])


def missing(text: str, car: Car, recalls):
    if car.vin not in text:
        yield "a car is shown without its VIN"
    if car.dealer.name not in text:
        yield "a car is shown without its dealer"
    if money(car.price) not in text:
        yield "a car is shown without its price"
    if car.inspected and short_day(car.inspected).replace("\u00a0", " ") not in text:
        yield "a certified car is shown without its inspection"
    told = re.search(r"(No|One|\d+) open recalls?", text)
    if told is None:
        yield "a car is shown without a word about recalls"
    elif bool(recalls) != (told[1] != "No"):
        yield "an open recall is not told" if recalls else "a recall is told that is not open"


@mutant("S-05", seam="forecourt.vehicles.stock.recalled.stopped", finding="a car that may not be sold is shown")
def stopped_cars_are_sold(stopped):
    return lambda vins: frozenset()


@mutant("S-05", seam="forecourt.vehicles.stock.shown.all_of", finding="an open recall is not told")
def recalls_are_kept_quiet(all_of):
    def quiet(cars, now, miles=None):
        return [replace(each, recalls=()) for each in all_of(cars, now, miles)]

    return quiet


@mutant("S-05", seam="forecourt.vehicles.stock.store.cars", finding="without its price")
def prices_are_rounded_down(cars):
    def cheaper(slugs):
        found = cars(slugs)
        for car in found:
            car.price -= 1
        return found

    return cheaper


@mutant("S-05", seam="forecourt.vehicles.stock.views.render", finding="without its VIN")
def vins_are_left_out(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = re.sub(rb"7WN[A-Z0-9]{14}", b"on request", response.content)
        return response

    return render_without


@mutant("S-05", seam="forecourt.vehicles.stock.views.render", finding="without its inspection")
def inspections_are_left_out(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = re.sub(
            rb"(Inspected|assed[a-z ]* on) [A-Z][a-z]{2}[^,]+, 20\d\d", b"Inspected", response.content
        )
        return response

    return render_without


@mutant("S-05", seam="forecourt.vehicles.stock.views.render", finding="looking for a car sets a cookie")
def the_first_dealer_is_remembered(render):
    def render_and_keep(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        if rows := (args[0] if args else {}).get("rows"):
            mine.choose(request, response, rows[0].car.dealer)
        return response

    return render_and_keep
