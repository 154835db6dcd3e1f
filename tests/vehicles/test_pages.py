"""The list and each model's page, without script."""

import re

import pytest
from lxml import html

from forecourt.vehicles import catalogue
from forecourt.web.templatetags.web import money

pytestmark = pytest.mark.django_db
LINES = catalogue.lines()
EDITIONS = (*LINES, *catalogue.previous())


def test_the_list_shows_each_line_with_its_year_and_price(client):
    page = client.get("/models/").content.decode()

    for line in LINES:
        assert f'href="/models/{line.slug}/"' in page
        assert f"{line.year} model, {line.power}" in page
    for line in catalogue.previous():
        assert f'href="/models/{line.slug}/{line.year}/"' in page
        assert f"{line.year} price from {money(line.starts_at)}" in page
    assert page.count('<svg class="car"') == len(LINES) + len(catalogue.previous())
    assert "<h1>Four cars, and one to remember</h1>" in page


@pytest.mark.parametrize("line", EDITIONS, ids=lambda line: f"{line.slug}-{line.year}")
def test_a_model_page_shows_figures_price_basis_and_disclaimer_from_its_record(client, line):
    page = client.get(line.get_absolute_url()).content.decode()

    assert line.price_basis in page
    assert line.disclaimer in page
    assert f"{line.year} prices" in page
    for trim in line.trims:
        assert money(trim.price) in page
    for figure in line.figures:
        assert f"<strong>{figure.value}</strong>&nbsp;{figure.unit}" in page


@pytest.mark.parametrize("line", EDITIONS, ids=lambda line: f"{line.slug}-{line.year}")
def test_a_paint_is_chosen_by_address_alone(client, line):
    for paint in line.paints:
        page = client.get(line.get_absolute_url(), {"paint": paint.slug}).content.decode()

        assert f"painted {paint.name}" in page
        assert re.findall(r'value="([\w-]+)" aria-current="true"', page) == [paint.slug]


def test_a_paint_that_nobody_mixes_is_answered_with_the_first_one(client):
    response = client.get("/models/pipit/?paint=<script>")

    assert response.status_code == 200
    assert "painted Rowan" in response.content.decode()


def test_a_current_line_can_be_driven_and_an_outgoing_one_looked_for_at_dealers(client):
    current, outgoing = (client.get(f"/models/{slug}/").content.decode() for slug in ("pipit", "dunlin"))

    assert 'href="/test-drive/?car=pipit"' in current
    assert "car=dunlin" not in outgoing
    assert "/build/dunlin/" not in outgoing
    assert client.get("/build/dunlin/").status_code == 404
    assert "See which 2026 Dunlins are left" in outgoing


@pytest.mark.parametrize("line", [line for line in EDITIONS if not line.is_current], ids=lambda line: line.full_name)
def test_what_is_no_longer_built_leads_to_what_is_left_of_it(client, line):
    page = html.fromstring(client.get(line.get_absolute_url()).content)

    (left,) = page.xpath("//a[@id='left']/@href")
    assert client.get(left).status_code == 200
    assert not page.xpath("//main//a[contains(@href, '/build/') or contains(@href, 'car=')]")


def test_the_switch_of_years_stays_with_the_model_and_its_paint(client):
    page = html.fromstring(client.get("/models/pipit/?paint=gorse").content)
    switch = {link.text: link.get("href") for link in page.xpath("//nav[@class='years']//a")}

    assert switch == {"2027": "/models/pipit/?paint=gorse", "2026": "/models/pipit/2026/?paint=gorse"}
    earlier = client.get(switch["2026"]).content.decode()
    assert "painted Gorse" in earlier
    assert "2026 price from $22,900" in earlier
    assert "2027 price" not in earlier


def test_a_paint_of_one_year_only_is_left_behind(client):
    page = client.get("/models/pipit/2026/?paint=heather").content.decode()

    assert 'href="/models/pipit/2026/?paint=heather" aria-current="page"' in page
    assert 'href="/models/pipit/"' in page


def test_a_model_that_has_one_year_has_no_switch(client):
    assert 'class="years"' not in client.get("/models/linnet/").content.decode()


def test_the_newest_is_found_by_its_year_too_and_a_year_without_cars_is_not(client):
    newest = client.get("/models/pipit/2027/")

    assert (newest.status_code, newest["Location"]) == (302, "/models/pipit/")
    assert client.get("/models/pipit/1999/").status_code == 404
    assert client.get("/models/ostrich/2026/").status_code == 404
