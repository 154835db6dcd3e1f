"""The list and each model's page, without script."""

import re

import pytest

from forecourt.vehicles import catalogue
from forecourt.web.templatetags.web import money

pytestmark = pytest.mark.django_db
LINES = catalogue.lines()


def test_the_list_shows_each_line_with_its_year_and_price(client):
    page = client.get("/models/").content.decode()

    for line in LINES:
        assert f'href="/models/{line.slug}/"' in page
        assert f"{line.year} model, {line.power}" in page
    assert page.count('<svg class="car"') == len(LINES)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
def test_a_model_page_shows_figures_price_basis_and_disclaimer_from_its_record(client, line):
    page = client.get(line.get_absolute_url()).content.decode()

    assert line.price_basis in page
    assert line.disclaimer in page
    assert f"{line.year} prices" in page
    for trim in line.trims:
        assert money(trim.price) in page
    for figure in line.figures:
        assert f"<strong>{figure.value}</strong>&nbsp;{figure.unit}" in page


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.slug)
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
    assert "Find one at a dealer" in outgoing
