"""Forms without a session: a nonce that we signed, and the browser's word on where the form came from."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from forecourt.edge.forms import OwnPagesOnly, is_from_here
from forecourt.web import forms

NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "nonsense"}, False),
    ],
)
def test_a_form_is_ours_when_the_browser_says_so_or_says_nothing(headers, here):
    assert is_from_here(RequestFactory().post("/test-drive/", headers=headers)) is here


def test_machines_that_prove_themselves_otherwise_are_let_through():
    @csrf_exempt
    def webhook(request):
        return HttpResponse("ok")

    request = RequestFactory().post("/hooks/texts/", headers={"Sec-Fetch-Site": "cross-site"})

    assert OwnPagesOnly(webhook).process_view(request, webhook, (), {}) is None


def test_looking_is_never_turned_away():
    request = RequestFactory().get("/test-drive/", headers={"Sec-Fetch-Site": "cross-site"})

    assert OwnPagesOnly(HttpResponse).process_view(request, HttpResponse, (), {}) is None


def test_a_nonce_is_good_for_a_day_and_for_its_own_form():
    nonce = forms.new_nonce("test-drive", NOW)
    first = forms.read_nonce("test-drive", nonce, NOW)

    assert first == forms.read_nonce("test-drive", nonce, NOW + timedelta(hours=23, minutes=59))
    for form, now in (
        ("test-drive", NOW + timedelta(hours=24)),
        ("brochure", NOW),
        ("test-drive", NOW - timedelta(hours=1)),
    ):
        with pytest.raises(forms.BadNonce):
            forms.read_nonce(form, nonce, now)


def test_two_pages_have_two_nonces():
    pair = {forms.read_nonce("test-drive", forms.new_nonce("test-drive", NOW), NOW).id for _ in range(2)}

    assert len(pair) == 2


@pytest.mark.parametrize("place", [0, 12, 30, -1])
def test_a_changed_letter_makes_it_worthless(place):
    nonce = forms.new_nonce("test-drive", NOW)
    changed = ("X" if nonce[place] != "X" else "Y").join((nonce[:place], nonce[place:][1:]))

    with pytest.raises(forms.BadNonce):
        forms.read_nonce("test-drive", changed, NOW)
