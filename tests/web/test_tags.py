"""Fields as one component; times, distances and money in the reader's form."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from forecourt.web.marks import Bar, Day
from forecourt.web.templatetags import web

NBSP = "\u00a0"


class Booking(forms.Form):
    first_name = forms.CharField(label="First name", help_text="So that somebody can greet you.")
    note = forms.CharField(required=False)
    texts = forms.BooleanField(label="Text me", required=False, help_text="Two at most.")
    gears = forms.ChoiceField(choices=[("m", "Manual"), ("a", "Automatic")], widget=forms.RadioSelect)
    nonce = forms.CharField(widget=forms.HiddenInput)


def shown(form: forms.Form, name: str, extra: str = "") -> str:
    return Template(f"{{% load web %}}{{% field form.{name} {extra} %}}").render(Context({"form": form}))


def test_label_hint_control_and_error_stand_in_this_order_and_are_tied():
    page = shown(Booking({"first_name": ""}), "first_name")

    parts = ["<label for=", 'id="id_first_name-hint"', "<input", 'id="id_first_name-error"']
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert 'aria-describedby="id_first_name-hint id_first_name-error"' in page
    assert 'aria-invalid="true"' in page
    assert "placeholder" not in page


def test_what_was_typed_is_never_lost_nor_trusted():
    page = shown(Booking({"first_name": '"><b>Ada', "gears": "x"}), "first_name")

    assert 'value="&quot;&gt;&lt;b&gt;Ada"' in page


def test_only_what_may_stay_empty_says_optional():
    assert "optional" in shown(Booking(), "note")
    assert "optional" not in shown(Booking(), "first_name")
    assert "optional" not in shown(Booking(), "texts")


def test_a_checkbox_starts_empty_with_its_label_after_it():
    page = shown(Booking(), "texts")

    assert "checked" not in page
    assert page.index("<input") < page.index("<label") < page.index("Two at most.")
    assert 'aria-describedby="id_texts-hint"' in page


def test_radio_buttons_are_a_group_with_a_legend_and_none_is_chosen_for_you():
    page = shown(Booking({}), "gears")

    assert "<legend>Gears</legend>" in page
    assert page.count('type="radio"') == 2
    assert "checked" not in page
    assert 'aria-describedby="id_gears-error"' in page


def test_a_hidden_field_is_only_that():
    assert shown(Booking(initial={"nonce": "n1"}), "nonce").strip() == (
        '<input type="hidden" name="nonce" value="n1" id="id_nonce">'
    )


def test_extra_words_become_attributes():
    assert 'autocomplete="given-name"' in shown(Booking(), "first_name", 'autocomplete="given-name"')


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", f"Saturday 12:05{NBSP}am"),
        ("America/Los_Angeles", f"Friday 9:05{NBSP}pm"),
        ("Asia/Tokyo", f"Saturday 2:05{NBSP}pm"),
    ],
)
def test_a_time_is_told_in_the_place_where_it_happens(zone, words):
    assert web.local(datetime(2026, 11, 28, 5, 5, tzinfo=UTC), zone) == words


def test_days_are_told_in_full_and_in_short():
    moment = datetime(2026, 11, 28, 5, 5, tzinfo=UTC)

    assert web.local_full(moment, "America/Chicago") == f"Friday, November{NBSP}27, 2026, 11:05{NBSP}pm"
    assert web.local_zone(moment, "America/Chicago") == "CST"
    assert web.day(date(2026, 11, 28)) == f"Saturday, November{NBSP}28"
    assert web.short_day(moment) == f"Nov{NBSP}28, 2026"
    assert web.at(moment) == "05:05"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0, "under 1 mile"),
        (0.99, "under 1 mile"),
        (1, "1 mile"),
        (1.04, "1 mile"),
        (1.25, "1.2 miles"),
        (9.94, "9.9 miles"),
        (9.96, "10 miles"),
        (2345.4, "2,345 miles"),
    ],
)
def test_a_distance_is_round_and_its_unit_stays_with_it(distance, words):
    assert web.miles(distance) == words.replace("1 mile", f"1{NBSP}mile").replace(" miles", f"{NBSP}miles")


def test_money_shows_cents_only_where_there_are_some():
    assert web.money(Decimal("24900")) == "$24,900"
    assert web.money(Decimal("24900.00")) == "$24,900"
    assert web.money(Decimal("19.5")) == "$19.50"


def test_a_phone_number_is_told_as_people_say_it():
    assert web.phone("+12185550142") == f"(218){NBSP}555\u20110142"
    assert web.phone("nobody") == "nobody"


def test_a_strip_says_in_words_what_it_draws():
    bars = [Bar(date(2026, 11, 1), Day.PASSED), Bar(date(2026, 11, 2), Day.FAILED), Bar(date(2026, 11, 3), Day.NOT_RUN)]

    page = Template("{% load web %}{% strip bars %}").render(Context({"bars": bars}))

    assert f"3 days: 1 with no failure found, 1 with a failure (Nov{NBSP}2, 2026), 1 without a check." in page
    assert 'aria-hidden="true"' in page
