"""Build Your Own without a script: every press is a form's, every build an address."""

import html
import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as some

from forecourt.vehicles import options
from forecourt.vehicles.builds.wishes import Wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
BUTTON = re.compile(
    r'<button type="submit" name="b" value="([^"]*)" class="([^"]*)" data-option="([^"]*)" aria-pressed="(\w+)"'
)


def see(client, line="siskin", build="", status=200, **more):
    answer = client.get(f"/build/{line}/", {"b": build, **more})
    assert answer.status_code == status
    assert not answer.cookies
    return html.unescape(answer.content.decode()).replace("\u00a0", " ")


def offered(page):
    """For each option its next build, whether it is open, and whether this car has it."""
    return {slug: (to, "closed" not in css, has == "true") for to, css, slug, has in BUTTON.findall(page)}


def total(page):
    return re.search(r'class="build-total figures" data-total>\$([\d,.]+)', page)[1]


def test_a_press_leads_to_a_car_that_has_it_and_costs_the_sum_of_its_parts(client):
    page = see(client)
    assert total(page) == "24,900"

    to, is_open, has = offered(page)["spruce"]
    assert (is_open, has) == (True, False)
    page = see(client, build=to)

    assert offered(page)["spruce"][2]
    assert total(page) == "25,350"
    parts = re.findall(r'<td class="number">\$([\d,]+)', page)
    assert sum(int(part.replace(",", "")) for part in parts) == 25_350


def test_what_a_press_brings_along_is_said(client):
    page = see(client, build="five-16-dark")

    assert "This came with it: Siskin Long Song instead of Siskin" in page


def test_what_cannot_be_had_says_what_it_needs_and_offers_the_smallest_change(client):
    page = see(client, build="battery-42")
    to, is_open, _ = offered(page)["five-16-dark"]
    assert not is_open

    page = see(client, build=to)

    assert "16-inch Five, dark needs Siskin Long Song." in page
    assert "54 kWh, 241 miles instead of 42 kWh, 196 miles" in page
    assert total(page) == "24,900"  # the car is as it was
    offer = re.search(r'name="b" value="([^"]*)">Take it with this change', page)[1]
    taken = offered(see(client, build=offer))
    assert taken["five-16-dark"][2]
    assert taken["siskin-long-song"][2]


def test_a_view_is_an_address_and_every_press_keeps_it(client):
    page = see(client, build="cloth-oat", view="inside")

    assert 'aria-label="Siskin inside: Oat cloth"' in page
    assert re.findall(r'data-view="(\w+)" aria-current="true">Inside<', page) == ["inside"]
    assert 'href="?b=cloth-oat&view=rear"' in page
    forms = re.findall(r'<form method="get".*?</form>', page, re.DOTALL)
    assert len(forms) == 2
    assert all('name="view" value="inside"' in form for form in forms)


def test_a_view_that_nobody_drew_is_answered_with_the_first(client):
    assert 'aria-label="Siskin from the side: ' in see(client, view="top")


@pytest.mark.parametrize("view", ["side", "front", "rear", "inside"])
def test_the_picture_alone_takes_the_view_and_can_be_taken_away(client, view):
    drawn = client.get("/build/siskin/car.svg", {"b": "knit-spruce", "view": view}).content.decode()

    assert ("Siskin inside: Spruce knit" in drawn) == (view == "inside")
    photos = {client.get("/build/siskin/car.png", {"b": b, "view": view}).content for b in ("knit-spruce.slate", "")}
    assert len(photos) == 2


def test_an_extra_is_taken_and_given_back(client):
    with_it = offered(see(client))["armrest"][0]
    page = see(client, build=with_it)
    without = offered(page)["armrest"][0]

    assert offered(page)["armrest"][2]
    assert not offered(see(client, build=without))["armrest"][2]


def test_what_a_pack_brings_can_only_be_left_out_with_the_pack(client):
    page = see(client, build="winter-pack")
    to, is_open, has = offered(page)["heated-wheel"]
    assert has
    assert not is_open

    page = see(client, build=to)

    assert "Without Heated steering wheel something has to change" in page
    assert "Winter pack comes with Heated steering wheel." in page
    assert "without Winter pack" in page


def test_a_state_changes_the_price_and_stays_in_the_address(client):
    assert total(see(client, build="winter-pack")) == total(see(client, build="winter-pack", state="TX"))
    cold = see(client, build="winter-pack", state="MN")

    assert total(cold) == "25,590"
    assert '<input type="hidden" name="state" value="MN">' in cold


def test_an_option_that_is_no_longer_offered_is_left_out_and_said(client):
    page = see(client, build="gorse.ejector-seat.~paint")

    assert "Something in this address is no longer offered" in page
    assert offered(page)["gorse"][2]


def test_an_old_address_that_no_longer_goes_together_shows_the_nearest_car_and_what_it_left_out(client):
    page = see(client, build="siskin.five-16-dark.gorse.armrest.heated-seats")

    assert "Not all of this address goes together" in page
    assert re.search(r"Left out: (Siskin|16-inch Five, dark)\.", page)
    assert "needs a change" not in page
    for kept in ("gorse", "armrest", "heated-seats"):
        assert offered(page)[kept][2]


def test_the_payment_follows_the_car_and_the_state_and_is_the_estimates_to_the_cent(client):
    from datetime import date
    from decimal import Decimal

    from forecourt.vehicles.payments import estimates
    from forecourt.web.templatetags.web import money

    for build, price in (("", 24_900), ("spruce", 25_350)):
        for state in ("", "MN"):
            today = date(2026, 12, 1)
            expected = estimates.of(Decimal(price), state, today)
            for page in (
                see(client, build=build, state=state),
                html.unescape(client.get("/build/siskin/payment/", {"b": build, "state": state}).content.decode()),
            ):
                assert f"{money(expected.finance.payment)} a month" in page
                assert f"{money(expected.lease.payment)} a month" in page
                assert f"{money(expected.lease.due_at_signing)} due at signing" in page
                assert f"{expected.finance.apr}% APR" in page
                assert ("taxes of Minnesota" in page) == bool(state)


@pytest.mark.parametrize("build", ["." * 5000, "~", "~gorse", "<script>", "a" * 9000, "gorse.gorse.chalk"])
def test_any_address_is_answered_with_a_car(client, build):
    page = see(client, build=build)

    assert total(page)
    assert "<script>." not in page


def test_lines_that_are_not_built_to_order_have_no_such_page(client):
    see(client, line="dunlin", status=404)
    see(client, line="ostrich", status=404)


def compared(client, **asked):
    answer = client.get("/build/compare/", asked)
    assert answer.status_code == 200
    assert not answer.cookies
    return html.unescape(answer.content.decode())


def test_two_builds_are_compared_and_the_gap_is_the_difference_of_their_sums(client):
    page = compared(client, a="siskin:gorse", c="siskin:siskin-long-song.fan-16")

    assert "The other costs $3,250 more." in page
    assert re.search(r'build-differs"><th scope="row">Wheels</th><td>15-inch Disc</td><td>16-inch Fan', page)


def test_cars_of_two_lines_are_compared_too(client):
    page = compared(client, a="siskin:", c="pipit:tow-bar")

    assert "The one costs $70 more." in page
    assert '<th scope="row">Battery or Engine and gearbox</th><td>42 kWh, 196 miles</td><td>1.5 liters' in page
    assert re.search(r'<th scope="row">Tow bar</th><td>(No|Not offered)</td><td>Yes</td>', page)


def test_every_car_that_can_be_chosen_beside_another_is_one(client):
    page = compared(client)
    values = re.findall(r'<option value="([^"]+)"', page)

    assert {value.partition(":")[0] for value in values} == {"siskin", "pipit", "linnet", "avocet"}
    for value in dict.fromkeys(values):
        compared(client, a=value, c="siskin:")
    assert client.get("/build/compare/", {"a": "ostrich:"}).status_code == 404


def test_the_rules_come_under_a_name_that_changes_with_them(client):
    found = options.of_line("siskin")

    answer = client.get(f"/build/siskin/rules-{found.digest}.bin")

    assert answer.content == found.data
    assert "immutable" in answer["Cache-Control"]
    assert client.get("/build/siskin/rules-0123.bin").status_code == 301


def test_the_page_shows_every_popular_start_and_each_is_a_car(client):
    page = html.unescape(client.get("/build/").content.decode())

    starts = re.findall(r'href="(/build/[a-z]+/\?b=[^"]+)"', page)
    assert len(starts) == 12
    for start in starts:
        assert "needs a change" not in html.unescape(client.get(start).content.decode()).split("build-options")[0]


def test_the_picture_takes_the_paint(client):
    drawn = client.get("/build/siskin/car.svg", {"b": "gorse.caps-black"}).content.decode()

    assert 'fill="#f2b51c"' in drawn
    assert 'fill="#232a2c"' in drawn


@given(some.sampled_from(options.lines()), some.data())
@how(max_examples=25, deadline=None)
def test_every_option_that_is_shown_as_open_leads_to_a_car_that_has_it_and_every_closed_one_to_an_offer(line, data):
    client, compiled, build = Client(), options.of_line(line), ""
    for _ in range(data.draw(some.integers(1, 6))):
        shown = offered(see(client, line, build))
        slug = data.draw(some.sampled_from(sorted(shown)))
        to, is_open, had = shown[slug]
        wishes = Wishes.read(compiled, to)
        option = compiled.range.options[slug]
        expected = option.value if option.family or not had else "no"
        if is_open:
            assert wishes.car[option.variable] == expected
            assert compiled.diagram.allows(wishes.car)
            build = to
        else:
            assert wishes.car is None
            offer = wishes.nearest()
            assert wishes.why_not()
            assert offer.car[option.variable] == expected
            assert urlencode({"b": offer})
            build = str(offer)
