import html
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from forecourt.dealers import actions, pack
from forecourt.dealers.models import Dealer, Loading

WREN = Path(__file__).parent.parent.parent / "brands" / "wren"


@pytest.fixture(scope="module")
def wren():
    return pack.read(WREN, datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture(autouse=True)
def loaded(db, at, wren):
    actions.keep_dealers(wren)
    Loading.objects.create(digest="wren", dealers=len(wren.dealers), at=at.now)


def read(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    assert not answer.cookies
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def slugs(page):
    return re.findall(r'<h3><a href="/dealers/([a-z0-9-]+)/"', page)


def link(page, words):
    return re.search(rf'href="([^"]+)"[^>]*>{words}', page)[1]


def test_a_zip_code_shows_the_nearest_dealers_first(client):
    page = read(client, "/dealers/?place=55802")

    assert "Near Duluth, MN 55802" in page
    assert slugs(page)[:3] == ["harbor-duluth-mn", "bramble-ironwood-mi", "clover-minneapolis-mn"]
    assert "94 miles" in page
    assert "1 to 10 of 166 dealers, nearest first" in page


def test_show_more_reaches_every_dealer_once(client):
    seen, address = [], "/dealers/?place=55802"
    while True:
        page = read(client, address)
        seen += slugs(page)
        if "Show more dealers" not in page:
            break
        address = link(page, "Show more dealers")

    assert len(seen) == len(set(seen)) == Dealer.objects.count()
    assert parse_qs(urlsplit(address).query)["place"] == ["55802"]


def test_show_more_keeps_the_services_that_were_asked_for(client):
    page = read(client, "/dealers/?place=Duluth, MN&service=certified&service=charging")

    more = parse_qs(urlsplit(link(page, "Show more dealers")).query)
    assert more["service"] == ["certified", "charging"]
    assert "harbor-duluth-mn" not in slugs(page)


def test_choosing_a_dealer_is_a_link_to_the_booking(client):
    assert 'href="/test-drive/?dealer=harbor-duluth-mn"' in read(client, "/dealers/?place=55802")


def test_a_dealer_without_test_drives_offers_none(client):
    page = read(client, "/dealers/?place=97914")

    assert slugs(page)[0] == "lowland-ontario-or"
    assert "No test drives here" in page
    assert "/test-drive/?dealer=lowland-ontario-or" not in page


@pytest.mark.parametrize("words", ["northern plains", "Zoe O'Hara", "Peña", "minnesota"])
def test_a_dealer_is_found_by_its_name_or_state(client, words):
    page = read(client, f"/dealers/?place={words}")

    assert slugs(page)
    assert f"Dealers that match “{words}”" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("09012", "military or diplomatic post office"),
        ("00000", "There is no ZIP code 00000"),
        ("5580", "A ZIP code has five digits"),
        ("Quux", "We know no dealer and no place of that name"),
        ("Nowherest, TX", "no place called Nowherest in Texas"),
        ("", "Enter a ZIP code, a city and state, or a dealer’s name."),
        ("x" * 201, "That is too long for a place"),
        ("55\x0002", "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_found_gets_a_sentence_and_stays_in_the_field(client, typed, said):
    answer = client.get("/dealers/", {"place": typed})

    page = html.unescape(answer.content.decode())
    assert answer.status_code == 200
    assert said in page
    assert f'value="{typed}"' in page or not typed
    assert 'aria-invalid="true"' in page
    assert not slugs(page)


def test_a_dealer_with_the_longest_name_of_all_is_found_by_its_whole_name(client, at):
    longest = " ".join(["Longwood"] * 22) + " X"
    assert len(longest) == pack.LONGEST_NAME - 1
    Dealer.objects.filter(slug="harbor-duluth-mn").update(name=longest)
    Loading.objects.create(digest="renamed", dealers=166, at=at.now)

    assert slugs(read(client, f"/dealers/?place={longest}")) == ["harbor-duluth-mn"]
    booking = read(client, f"/test-drive/?zip={longest}")
    assert "dealer=harbor-duluth-mn" in booking
    assert f'maxlength="{pack.LONGEST_NAME}"' in booking


def test_what_is_typed_is_shown_as_text_and_never_as_markup(client):
    page = client.get("/dealers/", {"place": '<script>alert("x")</script>'}).content.decode()

    assert "<script>alert" not in page


def test_a_city_of_many_states_offers_each_as_a_link_that_works(client):
    page = read(client, "/dealers/?place=Clinton")

    assert "Which one?" in page
    assert "Near Clinton, MA" in read(client, link(page, "Clinton, MA"))


def test_a_service_that_nobody_knows_is_named_as_an_error(client):
    assert "No dealer offers that. Choose from the list." in read(client, "/dealers/?place=55802&service=valet")


def test_services_that_no_dealer_has_together_lead_back_to_all(client):
    Dealer.objects.update(services=["sales"])
    Loading.objects.create(digest="by hand", dealers=166, at="2026-12-01T00:00Z")

    page = read(client, "/dealers/?place=55802&service=charging")

    assert "No dealer offers all of that" in page
    assert slugs(read(client, link(page, "show every dealer")))


def test_a_list_that_changed_since_starts_anew_and_says_so(client):
    page = read(client, "/dealers/?place=55802&after=long-gone")

    assert "The list has changed" in page
    assert slugs(page)[0] == "harbor-duluth-mn"


def test_a_dealers_page_shows_address_hours_and_its_own_policy(client):
    page = read(client, "/dealers/harbor-duluth-mn/")

    assert "8935 Dovecote Lane" in page
    assert 'href="https://harbor-duluth-mn.example/privacy" rel="noopener noreferrer external"' in page
    assert "Harbor Wren sells Wren cars, but it is not Wren." in page
    assert re.search(r"Tuesday <span class=\"quiet\">today</span></th><td>9 am – 6 pm", page)
    assert "December 25: Christmas Day" in page
    assert 'href="/test-drive/?dealer=harbor-duluth-mn"' in page


def test_a_dealer_by_appointment_asks_for_a_call(client):
    page = read(client, "/dealers/alder-key-west-fl/")

    assert "Test drives here are by appointment: call" in page
    assert "/test-drive/?dealer=" not in page


def test_a_dealer_that_left_says_so_and_shows_others(client):
    Dealer.objects.filter(pk="harbor-duluth-mn").update(active=False)

    page = read(client, "/dealers/harbor-duluth-mn/", status=410)

    assert "Harbor Wren has left us" in page
    assert "/dealers/?place=55802" in page


def test_an_unknown_dealer_is_not_found(client):
    assert client.get("/dealers/nobody/").status_code == 404


def test_names_with_accents_and_apostrophes_stand_as_they_are_written(client):
    assert "<h1>Zoë O’Hara-Peña’s Wren</h1>" in read(client, "/dealers/zoe-ohara-pena-santa-fe/")
