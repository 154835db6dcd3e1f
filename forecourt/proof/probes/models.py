"""The sentences about the model pages. What they should say is read here from the brand's own files, and not as the site reads them."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from lxml import html

from forecourt.proof.browser import Page, words
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.vehicles import catalogue

Record = dict[str, Any]
MONEY = re.compile(r"\$([\d,]+(?:\.\d\d)?)")


def amounts(said: str) -> list[Decimal]:
    return [Decimal(each.replace(",", "")) for each in MONEY.findall(said)]


def records() -> list[Record]:
    """Each file of a line or of an earlier year of it, with its address under `path`."""
    folder = Path(settings.BRAND) / "vehicles"
    found = []
    for file in sorted((*folder.glob("*.toml"), *folder.glob("[0-9]*/*.toml"))):
        year = "" if file.parent == folder else f"{file.parent.name}/"
        found.append(
            {**tomllib.loads(file.read_text("utf-8")), "slug": file.stem, "path": f"/models/{file.stem}/{year}"}
        )
    return found


def part(page: Page, name: str) -> html.HtmlElement:
    found = page.tree.xpath(f"//*[@id='{name}']")
    if not found:
        raise CouldNotRun(f"a model's page has no part {name}")
    return found[0]


def lowest(record: Record) -> Decimal:
    return min(Decimal(trim["price"]) for trim in record["trim"])


# S-09


@probe("S-09")
def a_models_page_says_what_its_record_says(visitor):
    """Opens the page of every model and of every earlier year of it, without JavaScript and without cookies, reads each figure, each
    price, what the prices hold and the small print, and compares them with the file of the brand. Then the same with the prices in
    the list of all models, on the front page, and in what the page tells machines."""
    cards = {urlsplit(href).path: said for href, said in cards_of(visitor.sees("/models/"))}
    for href, said in visitor.sees("/").links():
        if amounts(said):
            cards[urlsplit(href).path] = f"{said} {cards.get(urlsplit(href).path, '')}"
    for record in records():
        page = visitor.sees(record["path"])
        figures = {words(row.find("dt")): words(row.find("dd")) for row in page.tree.xpath("//dl[@class='specs']/div")}
        for figure in record["figure"]:
            if figures.get(figure["label"]) != f"{figure['value']} {figure['unit']}":
                yield "a figure on a model's page is not the one of its record"
        rows = {words(row.find("th")): words(row) for row in part(page, "prices").iter("tr")}
        for trim in record["trim"]:
            if amounts(rows.get(trim["name"], "")) != [Decimal(trim["price"])]:
                yield "a price on a model's page is not the one of its record"
        for said in ("price_basis", "disclaimer"):
            if record[said] not in words(part(page, "prices")):
                yield "a model's page leaves out what its prices hold, or the small print"
        if lowest(record) not in amounts(words(part(page, "from"))):
            yield "the price that a page begins with is not the lowest of its record"
        if {Decimal(price) for price in told_to_machines(page)} != {Decimal(trim["price"]) for trim in record["trim"]}:
            yield "machines are told another price than people"
        if set(amounts(cards.get(record["path"], ""))) != {lowest(record)}:
            yield "another page names another price than the model's record"


def told_to_machines(page: Page) -> Iterator[str]:
    for data in page.tree.xpath("//script[@type='application/ld+json']"):
        for node in json.loads(data.text)["@graph"]:
            yield from (offer["price"] for offer in node.get("offers", {}).get("offers", ()))


def cards_of(page: Page) -> Iterator[tuple[str, str]]:
    for item in page.tree.xpath("//main//li[.//a[starts-with(@href, '/models/')]]"):
        yield item.xpath(".//a/@href")[0], words(item)


@mutant("S-09", seam="forecourt.vehicles.catalogue.Line.starts_at", finding="not the lowest of its record")
def the_page_begins_with_a_cheaper_car(starts_at):
    return property(lambda self: starts_at.fget(self) - 500)


@mutant("S-09", seam="forecourt.vehicles.catalogue.Line.disclaimer", finding="leaves out what its prices hold")
def the_small_print_is_left_out(disclaimer):
    return ""


@mutant("S-09", seam="forecourt.vehicles.structured.dollars", finding="machines are told another price")
def machines_are_told_a_lower_price(dollars):
    return lambda amount: dollars(amount - 500)


@mutant("S-09", seam="forecourt.vehicles.catalogue.Trim.price", finding="a price on a model's page is not")
def prices_are_rounded(price):
    return property(lambda self: round(price.__get__(self) / 1000) * Decimal(1000))


# S-10


@probe("S-10")
def years_switch_within_a_model(visitor):
    """Goes from the page of each model that has earlier years to each of those by the page's own switch, without JavaScript and in a
    paint of its own, looks whether it is still the same model and whether all prices carry the year, and goes back again."""
    editions: dict[str, list[Record]] = {}
    for record in records():
        editions.setdefault(record["slug"], []).append(record)
    several = [found for found in editions.values() if len(found) > 1]
    if not several:
        raise CouldNotRun("no model of this brand has an earlier year")
    for found in several:
        newest = max(found, key=lambda record: record["year"])
        start = visitor.sees(newest["path"])
        for record in found:
            there = by_the_switch(visitor, start, record["year"])
            if there is None or there.path != record["path"]:
                yield "the switch of model years does not lead to the same model of that year"
                continue
            if record["name"] not in words(there.tree.xpath("//h1")[0]):
                yield "the page of another year shows another model"
            year = str(record["year"])
            labels = [
                words(part(there, "from")),
                *(words(each) for each in part(there, "prices").xpath(".//h2 | .//thead/tr")),
            ]
            if not all(year in label for label in labels):
                yield "prices are shown without the model year that they are of"
            if lowest(record) not in amounts(words(part(there, "from"))):
                yield "the page of one year shows the price of another"
            back = by_the_switch(visitor, there, newest["year"])
            if back is None or back.path != newest["path"]:
                yield "the switch of model years does not lead back"


def by_the_switch(visitor, page: Page, year: int) -> Page | None:
    hrefs = [link.get("href") for link in page.tree.xpath("//nav[@class='years']//a") if words(link) == str(year)]
    return visitor.sees(hrefs[0]) if hrefs else None


@mutant("S-10", seam="forecourt.vehicles.views.address", finding="does not lead to the same model")
def the_switch_leads_to_the_list(address):
    return lambda edition, paint: "/models/"


@mutant("S-10", seam="forecourt.vehicles.catalogue.edition", finding="the page of one year shows the price of another")
def last_years_cars_cost_what_this_years_cost(edition):
    def find(slug, year):
        found, newest = edition(slug, year), catalogue.line(slug)
        return found and newest and replace(found, trims=newest.trims)

    return find


@mutant("S-10", seam="forecourt.vehicles.catalogue.editions", finding="does not lead to the same model")
def earlier_years_vanish_from_the_switch(editions):
    return lambda slug: editions(slug)[:1]


# S-11


@probe("S-11")
def what_is_no_longer_built_can_be_read_and_not_ordered(visitor):
    """Opens the page of every car that is no longer built, looks for a way to build it or to book a drive in it, there and by typing
    the addresses, and follows the page's way to those that are left."""
    gone = [record for record in records() if record["status"] != "current"]
    if not gone:
        raise CouldNotRun("this brand still builds everything that it shows")
    for record in gone:
        page = visitor.browser.get(record["path"])
        visitor.world.look()
        if not page.is_fine or record["disclaimer"] not in page.text:
            yield "the page of a car that is no longer built cannot be read"
            continue
        if any(f"car={record['slug']}" in href or f"/build/{record['slug']}/" in href for href, _ in page.links()):
            yield "a car that is no longer built is offered to be built or booked"
        if record["status"] == "outgoing":
            if visitor.browser.get(f"/build/{record['slug']}/").is_fine:
                yield "a car that is no longer built can be built by its address"
            if record["slug"] in visitor.opens_the_booking_form()[1].options("car"):
                yield "a car that is no longer built is offered to be built or booked"
        left = page.tree.xpath("//main//a[@id='left']/@href")
        if not left or not visitor.browser.get(left[0]).is_fine:
            yield "the page does not lead to the cars that are left"


@mutant("S-11", seam="forecourt.vehicles.catalogue.Line.is_current", finding="is offered to be built or booked")
def outgoing_cars_are_sold_on(is_current):
    return property(lambda self: True)


@mutant("S-11", seam="forecourt.vehicles.catalogue.lines", finding="cannot be read")
def outgoing_cars_are_taken_down(lines):
    return lambda: tuple(line for line in lines() if line.is_current)


@mutant("S-11", seam="forecourt.vehicles.views.left", finding="does not lead to the cars that are left")
def the_way_to_the_rest_is_lost(left):
    return lambda line: "/sold/out/"
