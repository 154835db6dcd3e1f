"""The pages of offers: where they hold, the terms beside what states them, and nothing left at their minute."""

import re
from datetime import timedelta

import pytest
from lxml import html

from forecourt.edge import public_pages
from forecourt.vehicles import offers
from tests.vehicles.test_payment_terms import PLOVER

pytestmark = pytest.mark.django_db


def shown(client, address="/offers/", **asked) -> set[str]:
    page = html.fromstring(client.get(address, asked).content)
    return {
        found.get("aria-labelledby").removeprefix("offer-") for found in page.xpath("//article[@class='offer-card']")
    }


def test_the_list_shows_what_runs_and_each_term_beside_its_companions(client, at):
    page = html.fromstring(client.get("/offers/").content)

    assert shown(client) == {offer.slug for offer in offers.running(at.now)}
    card = " ".join(page.xpath("//article[@aria-labelledby='offer-siskin-west-lease']")[0].text_content().split())
    for words in (
        "A lease of 36 months", "$3,089.38 in all", "$295.38 at signing, then 35 of $295.38, one each month", "none is required",
        "$395.00 when you give it back", "$25,895.00; paid by the end of the lease $13,822.68", "until Friday, December 31, 2027, 11:59 pm PST",
    ):  # fmt: skip
        assert words in card.replace("\xa0", " ")


@pytest.mark.parametrize("place", ["55802", "mn", "Minnesota", "Duluth, MN", "55802-1234"])
def test_a_zip_or_a_state_leaves_those_that_hold_there(client, at, place):
    assert shown(client, place=place) == {offer.slug for offer in offers.running(at.now, "MN")}


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("", "Enter a ZIP code or a state"),
        ("99999", "There is no ZIP code 99999"),
        ("09012", "military or diplomatic"),
        ("Springfield", "is in"),
        ("xyzzy", "We know no such place"),
        ("x" * 81, "That is too long"),
    ],
)
def test_a_place_that_we_do_not_know_is_answered_under_the_box_and_all_offers_stay(client, at, place, says):
    answer = client.get("/offers/", {"place": place})

    assert says in answer.content.decode()
    assert f'value="{place}"' in answer.content.decode() or not place
    assert shown(client, place=place) == shown(client)


def test_looking_for_offers_sets_no_cookie(client, at):
    assert not client.get("/offers/", {"place": "55802"}).cookies


def test_an_offer_says_whom_it_is_for_where_and_until_when(client, at):
    for offer in offers.running(at.now):
        page = client.get(f"/offers/{offer.slug}/").content.decode()

        for words in (*offer.eligibility, *offer.disclosures, *offer.text, offer.headline):
            assert words in page
        assert "it holds no add-ons" in page


def test_titles_and_descriptions_state_no_term_since_none_stands_beside_them(client, at):
    for offer in offers.running(at.now):
        page = client.get(f"/offers/{offer.slug}/").content.decode()
        head = page.partition("</head>")[0]

        assert "$" not in head
        assert "%" not in head


def test_an_offer_that_has_not_begun_is_not_there_yet(client, at):
    assert client.get("/offers/spring-avocet/").status_code == 404
    assert client.get("/offers/ostrich/").status_code == 404


def test_an_offer_vanishes_at_its_minute_everywhere_and_says_what_to_do(client, at):
    offer = offers.find("pipit-west-finance")
    at.now = offer.ends - timedelta(seconds=1)
    assert client.get("/offers/pipit-west-finance/").status_code == 200
    assert "pipit-west-finance" in shown(client)
    assert "pipit-west-finance" in shown(client, "/models/pipit/")

    at.now = offer.ends

    answer = client.get("/offers/pipit-west-finance/")
    assert answer.status_code == 410
    assert "This offer is over" in answer.content.decode()
    assert 'href="/offers/"' in answer.content.decode()
    assert offer.headline not in answer.content.decode()
    assert "pipit-west-finance" not in shown(client) | shown(client, "/models/pipit/")


def test_the_page_cache_knows_each_minute_at_which_an_offer_begins_or_ends(at):
    for offer in offers.offers():
        for moment in (offer.starts, offer.ends):
            assert public_pages.next_change(moment - timedelta(seconds=1)) == moment


def test_a_models_page_and_the_home_page_show_offers_with_their_terms(client, at):
    assert shown(client, "/models/pipit/") == {offer.slug for offer in offers.for_car("pipit", at.now)}
    page = client.get("/models/pipit/").content.decode()
    assert re.search(r"<dt>Due at signing</dt><dd>\$1,154\.49 in all", page)


def test_an_outgoing_model_shows_none(client, at):
    assert not shown(client, "/models/dunlin/")


def test_a_brand_without_offers_has_no_such_pages_and_no_entry(client, settings):
    settings.BRAND = PLOVER

    assert client.get("/offers/").status_code == 404
