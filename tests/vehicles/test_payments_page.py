"""Estimate a payment, as anybody can read it without a script."""

import re

import pytest

from forecourt.vehicles.payments import forms
from tests.vehicles.test_payment_terms import PLOVER

pytestmark = pytest.mark.django_db


def page(client, **asked) -> str:
    answer = client.get("/payments/", asked)

    assert answer.status_code == 200
    assert not answer.cookies
    return " ".join(
        re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\xa0", " ").replace("&#x27;", "'").split()
    )


def test_it_begins_with_a_car_and_both_kinds_of_payment(client):
    shown = page(client)

    assert "For the 2027 Siskin at $24,900 and $995 delivery" in shown
    assert "$451.40 a month" in shown
    assert "60 monthly payments at 5.90% APR, $2,490 down" in shown
    assert "$23,405.00 × 0.0049166667 ÷ (1 − (1 + 0.0049166667) −60 ) = $451.40" in shown
    assert "This is a lease: 36 monthly payments, $3,615.34 due at signing" in shown
    assert "$8,963.00 ÷ 36 + ( $23,405.00 + $14,442.00 ) × 0.00215 = $330.34" in shown.replace("($", "( $").replace(
        "00)", "00 )"
    )


def test_a_state_brings_its_tax_its_way_of_taxing_and_its_source(client):
    shown = page(client, car="siskin:0", state="CA")

    assert "California’s own 7.25%" in shown
    assert "It falls on each payment" in shown
    assert "18 CCR 1660" in shown


def test_a_state_that_we_do_not_know_is_said_and_a_rate_of_ones_own_taken(client):
    assert "We do not know how Delaware taxes cars" in page(client, car="pipit:0", state="DE")
    assert "The tax is the 4% that you entered" in page(client, car="pipit:0", state="DE", tax="4")
    assert "the lease is shown without tax" in page(client, car="pipit:0", state="DE", tax="4")


def test_without_interest_the_formula_is_the_one_without_interest(client):
    assert "$23,000.00 ÷ 60 = $383.33" in page(client, price="23,005", down="$1,000", apr="0%")


def test_a_build_is_taken_from_the_address_and_led_back_to(client):
    answer = client.get("/payments/", {"price": "29530", "line": "siskin", "b": "gorse.city-pack", "state": "MN"})

    assert 'at <strong class="figures">$29,530</strong>' in answer.content.decode()
    assert "/build/siskin/?b=gorse.city-pack&amp;state=MN" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"price": "abc"}, "Enter dollars from $5,000 to $250,000, such as $5,000."),
        ({"price": "999999"}, "Enter dollars from $5,000"),
        ({"price": "1e5"}, "Enter dollars from $5,000"),
        ({"price": "٣٠٠٠٠"}, "Enter dollars from $5,000"),
        ({"down": "-1"}, "Enter dollars from $0"),
        ({"down": "24,900"}, "it has to stay below the price, $24,900"),
        ({"price": "20000", "down": "15000", "trade_in": "5000"}, "it has to stay below the price, $20,000"),
        ({"apr": "99"}, "Enter a percentage from 0 to 36"),
        ({"apr": "NaN"}, "Enter a percentage from 0 to 36"),
        ({"car": ""}, "Choose a car above, or enter a price here."),
        ({"car": "ostrich:0"}, "Choose one from the list."),
        ({"months": "61"}, "Choose one from the list."),
        ({"months": ""}, "Choose one from the list."),
        ({"state": "ZZ"}, "Choose one from the list."),
    ],
)
def test_what_cannot_be_read_is_answered_under_its_field_and_nothing_is_lost(client, asked, says):
    shown = client.get("/payments/", {"car": "siskin:0", "trade_in": "1234.56"} | asked).content.decode()

    assert says in shown
    for key, value in ({"trade_in": "1234.56"} | asked).items():
        if key not in ("car", "months", "state"):
            assert f'name="{key}" value="{value}"' in shown
    assert "a month" not in shown.split("data-figures")[1]


def test_so_much_down_that_no_lease_is_left_leaves_the_loan(client):
    shown = page(client, car="siskin:0", down="20000")

    assert "nothing is left to be leased" in shown
    assert "At 5.90% APR" in shown or "at 5.90% APR" in shown


def test_each_plot_has_its_words_and_its_table(client):
    shown = client.get("/payments/").content.decode()

    assert shown.count('role="img"') >= 4
    assert re.search(r"A month, by months: 24 \$1,03\d\.\d\d, 36 \$7\d\d\.\d\d, ", shown)
    assert shown.count("The same as a table") == 4


def test_every_field_of_the_form_can_be_left_as_it_comes(client):
    names = re.findall(r'name="(\w+)"', client.get("/payments/").content.decode())

    assert set(forms.EstimateForm.base_fields) <= set(names)


def test_a_brand_without_terms_has_no_such_page(client, settings):
    settings.BRAND = PLOVER

    assert client.get("/payments/").status_code == 404
