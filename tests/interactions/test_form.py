"""The booking form: what it asks, what it takes, and what it says when something is wrong."""

import io
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.dealers.locator import Network
from forecourt.dealers.network import entry
from forecourt.interactions.forms import BookingForm
from forecourt.interactions.models import TestDrive
from forecourt.web import forms
from tests.cast import ADA, fields, make_dealer


@pytest.fixture
def form(dealer, at, client):
    def send(**more):
        return client.post("/test-drive/", fields(ADA, dealer, at.now, **more))

    return send


def test_it_asks_for_a_car_a_time_a_name_and_one_contact_and_no_more(dealer, at, client):
    page = client.get("/test-drive/", {"dealer": dealer.slug, "car": "pipit"})
    form = page.context["form"]

    assert list(form.fields) == ["nonce", "dealer", "car", "slot", "name", "contact", "texts", "remember"]
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page.content.decode())
    assert [re.search('name="([a-z]+)"', box)[1] for box in boxes] == ["texts", "remember"]
    assert not any("checked" in box for box in boxes)
    assert not page.cookies


def test_the_dealer_its_policy_and_the_notice_stand_before_the_button(dealer, at, client):
    page = client.get("/test-drive/", {"dealer": dealer.slug}).content.decode()
    before, _ = page.split("Book this drive")

    assert dealer.name in before
    assert f'href="{dealer.policy_url}"' in before
    assert 'href="/privacy/"' in before
    assert "We keep it 18 months after the drive." in before
    assert "neither sold nor shared" in before


def test_a_chosen_time_names_the_button(dealer, at, client):
    slot = fields(ADA, dealer, at.now)["slot"]
    page = client.get("/test-drive/", {"dealer": dealer.slug, "slot": slot}).content.decode()

    assert "Book Saturday, December\u00a05, 10:30\u00a0am</button>" in page


def test_a_field_that_nobody_declared_is_refused(form):
    answer = form(birthday="1990-01-01")

    assert answer.status_code == 422
    assert "something that we do not ask for (birthday)" in answer.content.decode()
    assert TestDrive.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"contact": ""}, "Enter an email address or a mobile number."),
        ({"contact": "ada@"}, "That email address is not complete."),
        ({"contact": "555"}, "too few or too many digits"),
        ({"contact": "x" * 300}, "too long"),
        ({"name": "  "}, "Enter the name that the dealer should greet you by."),
        ({"name": "12345"}, "at least one letter"),
        ({"name": "n" * 81}, "longer than 80 letters"),
        ({"car": ""}, "Choose the car"),
        ({"car": "hovercraft"}, "Choose one of these cars."),
        ({"slot": ""}, "Choose a time for your drive."),
        ({"slot": "tomorrow"}, "no drive at that time any more"),
        ({"slot": "2026-12-06T15:30Z"}, "no drive at that time any more"),
        ({"slot": "2019-12-05T15:30Z"}, "no drive at that time any more"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(form, wrong, sentence):
    answer = form(**wrong)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert sentence in page
    for name, typed in {"name": ADA.name, "contact": ADA.contact}.items():
        assert name in wrong or f'value="{typed}"' in page
    assert TestDrive.objects.count() == 0


def test_a_file_that_nobody_asked_for_is_refused(form):
    assert form(licence=io.BytesIO(b"a picture")).status_code == 422
    assert TestDrive.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    [{"dealer": "\x00"}, {"dealer": "x" * 9000}, {"slot": "\x00"}, {"car": "\x00"}, {"more": "\x00", "zip": "27101"}],
)
def test_whatever_stands_in_the_address_gets_a_page(dealer, at, client, query):
    assert client.get("/test-drive/", query).status_code == 200
    assert client.get("/test-drive/", {"dealer": dealer.slug} | query).status_code == 200


def test_a_dealer_that_does_not_exist_or_does_not_drive_sends_back_to_the_list(db, at, client):
    closed = make_dealer(at.now, "wren-no-drives", services=["sales"])
    for slug in ("nobody", closed.slug, ""):
        answer = client.post("/test-drive/", {"dealer": slug, "name": "Ada"})
        assert answer.status_code == 422
        assert "Where are you?" in answer.content.decode()


def test_an_old_page_is_renewed_with_everything_kept(dealer, at, client):
    sent = fields(ADA, dealer, at.now)
    at.now += timedelta(hours=25)
    answer = client.post("/test-drive/", sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "This page was open for a long time" in page
    assert ADA.contact in page
    again = sent | {"nonce": answer.context["form"]["nonce"].value()}
    assert client.post("/test-drive/", again).status_code == 303


def test_scripts_in_a_name_are_only_letters(dealer, at, client):
    answer = client.post("/test-drive/", fields(ADA, dealer, at.now, name="<script>alert(1)</script>", contact=""))

    assert "<script>alert" not in answer.content.decode()


def test_another_sites_form_is_turned_away(dealer, at, client):
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        answer = client.post("/test-drive/", fields(ADA, dealer, at.now), headers=headers)
        assert answer.status_code == 403
        assert "That form was not ours" in answer.content.decode()
    assert TestDrive.objects.count() == 0


def test_a_zip_code_lists_dealers_each_with_its_own_link_to_the_form(dealer, at, client, monkeypatch):
    monkeypatch.setattr("forecourt.dealers.network._kept", (None, Network(map(entry, [dealer]))))
    page = client.get("/test-drive/", {"zip": "27101", "car": "pipit"}).content.decode()

    assert dealer.name in page
    assert f'href="/test-drive/?dealer={dealer.slug}&amp;car=pipit"' in page


@pytest.mark.parametrize("typed", ["00000", "09009", "2710", "zzzz", "\x00", "Springfield", "x" * 500])
def test_a_place_that_we_cannot_find_gets_a_kind_sentence(db, at, client, typed):
    page = client.get("/test-drive/", {"zip": typed})

    assert page.status_code == 200
    assert 'id="zip-error"' in page.content.decode()


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=120))
def test_any_nonce_that_we_did_not_sign_is_refused(text):
    with pytest.raises(forms.BadNonce):
        forms.read_nonce("test-drive", text, datetime(2026, 12, 1, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(
    given_fields=st.fixed_dictionaries(
        {
            "car": st.sampled_from(["pipit", "", "x"]),
            "slot": st.one_of(st.text(max_size=30), st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%MZ}")),
            "name": st.text(max_size=90),
            "contact": st.text(max_size=60),
            "texts": st.sampled_from(["on", "", "0", "yes"]),
        }
    )
)
def test_whatever_is_typed_gets_an_answer(given_fields):
    """No input may crash the form; only a whole booking is valid."""
    now = datetime(2026, 12, 1, 16, tzinfo=UTC)
    data = QueryDict(mutable=True)
    data.update(given_fields | {"nonce": forms.new_nonce("test-drive", now), "dealer": "wren-salem-nc"})
    with mock.patch("forecourt.dealers.slots.is_offered", return_value=False):
        form = BookingForm(data, dealer=SimpleNamespace(name="Wren of Salem"), now=now)

        assert not form.is_valid()
        assert all(sentence.endswith((".", "?")) for errors in form.errors.values() for sentence in errors)


def test_a_number_that_we_cannot_text_books_without_texts_and_hears_so_with_them(form):
    refused = form(contact="+44 7700 900123", texts="on")

    assert refused.status_code == 422
    assert "We can text numbers in the United States only" in refused.content.decode()
    assert form(contact="+44 7700 900123").status_code == 303
