"""What model pages and dealers tell machines, and the drawn car beside a link."""

import json
import struct
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from lxml import html

from forecourt.vehicles import catalogue, previews
from forecourt.web.brand import brand

pytestmark = pytest.mark.django_db
EDITIONS = (*catalogue.lines(), *catalogue.previous())
NEEDED = {
    "Offer": {"price", "priceCurrency", "availability", "itemCondition", "url"},
    "AggregateOffer": {"lowPrice", "highPrice", "priceCurrency", "offerCount", "offers"},
    "Car": {
        "name",
        "image",
        "brand",
        "model",
        "vehicleModelDate",
        "offers",
        "vehicleEngine",
        "bodyType",
        "itemCondition",
    },
    "AutoDealer": {"name", "address", "telephone", "geo", "url", "image", "openingHoursSpecification"},
    "PostalAddress": {"streetAddress", "addressLocality", "addressRegion", "postalCode", "addressCountry"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}


def told(client, path: str) -> list[dict]:
    (data,) = html.fromstring(client.get(path).content).xpath("//head/script[@type='application/ld+json']")
    graph = json.loads(data.text)
    assert graph["@context"] == "https://schema.org"
    return graph["@graph"]


def nodes(found) -> list[dict]:
    """With everything inside."""
    if isinstance(found, list):
        return [node for each in found for node in nodes(each)]
    if isinstance(found, dict):
        return [found, *(node for each in found.values() for node in nodes(each))]
    return []


def of_type(graph: list[dict], name: str) -> list[dict]:
    return [node for node in nodes(graph) if name in (node.get("@type"), *node.get("@type", []))]


def is_complete(graph: list[dict]) -> bool:
    return all(
        set(node) >= needed and all(node.values()) for name, needed in NEEDED.items() for node in of_type(graph, name)
    )


@pytest.mark.parametrize("line", EDITIONS, ids=previews.name_of)
def test_a_model_page_tells_machines_what_it_shows_people(client, line):
    graph = told(client, line.get_absolute_url())
    (car,) = of_type(graph, "Car")

    assert is_complete(graph)
    assert (car["model"], car["vehicleModelDate"], car["brand"]["name"]) == (line.name, str(line.year), brand().name)
    assert car["url"] == f"{brand().site_url}{line.get_absolute_url()}"
    assert Decimal(car["offers"]["lowPrice"]) == line.starts_at
    assert {offer["name"]: Decimal(offer["price"]) for offer in of_type(graph, "Offer")} == {
        trim.name: trim.price for trim in line.trims
    }
    assert {offer["description"] for offer in of_type(graph, "Offer")} == {line.price_basis}
    assert {offer["availability"].rsplit("/")[-1] for offer in of_type(graph, "Offer")} == {
        "InStock" if line.is_current else "LimitedAvailability"
    }
    assert [figure["value"] for figure in car["additionalProperty"]] == [figure.value for figure in line.figures]
    assert client.get(urlsplit(car["image"]).path)["Content-Type"] == "image/png"


def test_an_earlier_year_stands_below_its_model(client):
    (trail,) = of_type(told(client, "/models/pipit/2026/"), "BreadcrumbList")

    assert [(step["position"], step["name"], urlsplit(step["item"]).path) for step in trail["itemListElement"]] == [
        (1, "Models", "/models/"),
        (2, "Pipit", "/models/pipit/"),
        (3, "2026", "/models/pipit/2026/"),
    ]


def test_a_dealer_tells_machines_where_it_is_and_when_it_opens(client, dealer):
    graph = told(client, dealer.get_absolute_url())
    (found,) = of_type(graph, "AutoDealer")

    assert is_complete(graph)
    assert found["name"] == dealer.name
    assert found["address"]["postalCode"] == dealer.postal_code
    assert (found["geo"]["latitude"], found["geo"]["longitude"]) == (dealer.latitude, dealer.longitude)
    days = {row["dayOfWeek"].rsplit("/")[-1] for row in found["openingHoursSpecification"]}
    assert "Sunday" not in days
    assert len(days) == 6


def test_a_dealer_that_opens_by_appointment_names_no_hours(client, dealer):
    dealer.by_appointment = True
    dealer.save()

    (found,) = of_type(told(client, dealer.get_absolute_url()), "AutoDealer")
    assert "openingHoursSpecification" not in found


@pytest.mark.parametrize("name", [previews.BRAND, *map(previews.name_of, EDITIONS)])
def test_a_preview_is_a_picture_of_the_size_that_it_says(client, name):
    answer = client.get(previews.address(name))
    picture = answer.content

    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"].endswith("immutable")
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (previews.WIDTH, previews.HEIGHT)


def test_a_picture_of_before_the_car_changed_is_todays_and_not_kept(client):
    answer = client.get("/previews/000000000000/pipit-2027.png")

    assert answer.content == previews.png("pipit-2027")
    assert answer["Cache-Control"] == "no-cache"


def test_there_is_no_picture_of_a_car_that_there_is_not(client):
    for name in ("pipit-1999", "pipit", "ostrich-2027"):
        assert client.get(f"/previews/000000000000/{name}.png").status_code == 404


def test_two_cars_have_two_pictures():
    assert len({previews.picture(previews.name_of(line)).digest for line in EDITIONS}) == len(EDITIONS)


def test_a_long_name_is_set_smaller():
    line = catalogue.line("pipit")
    sizes = [
        previews.framed(line.svg(place="test"), title=title, below="").count(f'font-size="{previews.TITLE}"')
        for title in ("Pipit", "P" * 30)
    ]

    assert sizes == [1, 0]
