"""The cars at dealers as listing services read them, and what their pages and offers tell machines."""

import csv
import io
import json
from datetime import date
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from forecourt.vehicles import offers
from forecourt.vehicles.machines import feed
from forecourt.vehicles.offers.deal import Kind
from forecourt.vehicles.stock import store
from forecourt.web import sitemap
from tests.cast import make_car
from tests.vehicles.test_machines import of_type, told

pytestmark = pytest.mark.django_db
NEEDED = {
    "vin", "store_code", "dealership_name", "dealership_address", "price", "condition", "make", "model", "trim", "year",
    "mileage", "link", "image_link", "availability",
}  # fmt: skip


@pytest.fixture
def cars(dealer, monkeypatch):
    """Two new ones, one of which is at the suggested price, a certified one, and one that was sold."""
    monkeypatch.setattr(store, "_kept", None)
    used = {
        "condition": "certified",
        "inspected": date(2026, 10, 1),
        "result": "passed",
        "mileage": 12_345,
        "year": 2026,
    }
    found = [
        make_car(dealer, 1),
        make_car(dealer, 2, basis="suggested"),
        make_car(dealer, 3, **used),
        make_car(dealer, 4, active=False),
    ]
    yield found
    store._kept = None


def rows(client) -> dict[str, dict[str, str]]:
    answer = client.get("/feeds/vehicles.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return {row["vin"]: row for row in csv.DictReader(io.StringIO(answer.content.decode(), newline=""))}


def test_the_feed_has_a_row_for_each_car_that_is_shown_and_no_other(cars, client):
    assert set(rows(client)) == {car.vin for car in cars[:3]}


def test_a_row_says_what_the_car_says(cars, client, dealer):
    for car in cars[:3]:
        row = rows(client)[car.vin]

        assert not [name for name in NEEDED if not row[name]]
        assert row["price"] == f"{car.price:.2f} USD"
        assert (row["condition"], row["certified_pre_owned"]) == (
            ("used", "yes") if car.mileage > 99 else ("new", "no")
        )
        assert (row["year"], row["mileage"], row["store_code"]) == (str(car.year), f"{car.mileage} miles", dealer.slug)
        assert row["vehicle_msrp"] == (row["price"] if car.basis == "suggested" else "")
        assert client.get(urlsplit(row["link"]).path).status_code == 200
        assert client.get(urlsplit(row["image_link"]).path)["Content-Type"] == "image/png"


def test_both_forms_of_the_feed_say_the_same(cars, client):
    tree = etree.fromstring(client.get("/feeds/vehicles.xml").content)
    listings = {listing.findtext("vin"): {part.tag: part.text for part in listing} for listing in tree}

    assert listings == {vin: {name: value for name, value in row.items() if value} for vin, row in rows(client).items()}


def test_a_name_with_commas_and_quotes_stays_one_cell(cars, client, dealer):
    dealer.name = 'Wren "Old Town", Salem & Daughters'
    dealer.save()

    assert {row["dealership_name"] for row in rows(client).values()} == {dealer.name}
    assert {
        listing.text for listing in etree.fromstring(client.get("/feeds/vehicles.xml").content).iter("dealership_name")
    } == {dealer.name}


def test_a_car_under_a_stop_sale_recall_is_in_no_feed(cars, client, monkeypatch):
    monkeypatch.setattr("forecourt.vehicles.stock.recalled.stopped", lambda vins: frozenset({cars[0].vin}))

    assert set(rows(client)) == {car.vin for car in cars[1:3]}
    assert client.get(f"/previews/stock/{cars[0].slug}.png").status_code == 404


def test_the_columns_are_each_there_once():
    assert len(set(feed.COLUMNS)) == len(feed.COLUMNS)
    assert set(feed.COLUMNS) >= NEEDED


def test_a_brand_without_cars_at_dealers_has_an_empty_feed(dealer, client, monkeypatch):
    monkeypatch.setattr(store, "_kept", None)

    assert rows(client) == {}


def test_a_car_at_a_dealer_tells_machines_what_it_is_and_who_sells_it(cars, client, dealer):
    car = cars[2]
    graph = told(client, car.get_absolute_url())
    (found,) = of_type(graph, "Car")

    assert found["vehicleIdentificationNumber"] == car.vin
    assert found["mileageFromOdometer"] == {"@type": "QuantitativeValue", "value": car.mileage, "unitCode": "SMI"}
    assert found["itemCondition"] == "https://schema.org/UsedCondition"
    (offer,) = of_type(graph, "Offer")
    assert (offer["price"], offer["priceCurrency"]) == (f"{car.price:.2f}", "USD")
    assert offer["seller"]["@type"] == "AutoDealer"
    assert offer["seller"]["name"] == dealer.name


def test_cars_at_dealers_are_in_the_sitemap_and_those_that_are_sold_are_not(cars, now):
    found = sitemap.paths(now)

    assert {car.get_absolute_url() for car in cars[:3]} <= set(found)
    assert cars[3].get_absolute_url() not in found


def test_a_page_of_what_is_gone_names_no_address_to_share(cars, client):
    answer = client.get(cars[3].get_absolute_url())

    assert answer.status_code == 410
    assert not html.fromstring(answer.content).xpath("//link[@rel='canonical'] | //meta[@property='og:url']")


def test_offers_are_in_the_sitemap_while_they_run(db, now):
    found = {path for path in sitemap.paths(now) if path.startswith("/offers/")}

    assert found == {"/offers/", *(offer.get_absolute_url() for offer in offers.running(now))}


def test_an_offer_tells_machines_no_figure_whose_terms_would_not_stand_beside_it(client, at):
    for offer in offers.running(at.now):
        (node, _) = told(client, offer.get_absolute_url())

        assert node["@type"] == ("OfferForLease" if offer.kind is Kind.LEASE else "Offer")
        assert (node["validFrom"], node["validThrough"]) == (offer.starts.isoformat(), offer.ends.isoformat())
        written = json.dumps(node)
        terms = [offer.leasing.payment, offer.leasing.due_at_signing] if offer.leasing else []
        terms += [each for each in (offer.credit.payment, offer.credit.down) if each] if offer.credit else []
        assert not [term for term in terms if f"{term}" in written]
        assert ("price" in node) == (offer.kind is not Kind.LEASE)
