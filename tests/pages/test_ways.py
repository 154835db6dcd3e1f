"""Where the front page leads a shopper."""

import pytest
from lxml import html

from forecourt.pages import load, ways
from forecourt.vehicles import catalogue
from forecourt.web import menu
from forecourt.web.templatetags.web import money


@pytest.fixture
def front(db, at, dealer, client) -> html.HtmlElement:
    load.load(at.now)
    return html.fromstring(client.get("/").content)


def test_the_front_page_leads_to_all_there_is_to_shop_with(front):
    shown = [str(href) for href in front.xpath("//section[@class='ways']//li/a/@href")]

    assert shown == [menu.address_of(name) for name in ways.SENTENCES]
    assert "/build/" in shown


def test_each_of_its_ways_answers(front, client):
    for href in front.xpath("//section[@class='ways']//li/a/@href"):
        assert client.get(href).status_code == 200


def test_a_dealer_is_found_from_the_front_page_by_zip_code(front, client):
    (form,) = front.xpath("//form[contains(@class, 'ways-dealers')]")
    (field,) = form.xpath(".//input[@name='place']")

    assert form.get("method") == "get"
    assert form.xpath(f".//label[@for='{field.get('id')}']")
    assert "Wren of Salem" in client.get(form.get("action"), {"place": "27284"}).content.decode()


def test_each_car_on_the_front_page_has_its_year_and_price(front):
    said = {
        link.get("href"): link.text_content() for link in front.xpath("//section[contains(@class, 'home-lines')]//a")
    }

    for line in catalogue.bookable():
        assert f"{line.year}, from {money(line.starts_at)}" in said[line.get_absolute_url()]


def test_a_brand_that_builds_nothing_to_order_leads_to_what_it_has(monkeypatch, db):
    monkeypatch.setattr(menu, "all_links", lambda: [("shopping", menu.Link("Find a dealer", "/dealers/"))])

    assert list(ways.ways()) == []
