"""The policy's cookie table is the only source of cookies."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from forecourt.consent.choices import Answer, Choices
from forecourt.edge.cookies import UndeclaredCookie, declared_only
from forecourt.policy.policy import Switch
from forecourt.proof import surplus
from forecourt.proof.models import SurplusCookie

OURS = {"httponly": True, "samesite": "Lax"}
DAY = 86_400


def answer(now, *, choices=None, **cookie) -> HttpResponse:
    def view(request):
        response = HttpResponse("ok")
        response.set_cookie(**cookie)
        return response

    request = RequestFactory().get("/")
    request.now = now
    request.choices = choices or Choices()
    return declared_only(view)(request)


@pytest.mark.parametrize(
    "cookie",
    [
        {"key": "staff_session", "path": "/staff"},
        {"key": "choices", "max_age": 365 * DAY},
        {"key": "form_memory", "max_age": 180 * DAY},
        {"key": "login_id", "path": "/staff/account/login/", "max_age": 180 * DAY},
    ],
)
def test_a_declared_cookie_is_set(now, cookie):
    assert cookie["key"] in answer(now, value="x", **OURS, **cookie).cookies


@pytest.mark.parametrize(
    ("cookie", "says"),
    [
        ({"key": "visitor"}, r"add \[cookies.visitor\]"),
        ({"key": "staff_session", "path": "/"}, "is set for /"),
        ({"key": "staff_session", "path": "/staff", "max_age": 60}, "outlives"),
        ({"key": "staff_session", "path": "/staff", "expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, "outlives"),
        ({"key": "form_memory", "max_age": 181 * DAY}, "outlives"),
        ({"key": "form_memory"}, "outlives"),
        ({"key": "form_memory", "max_age": DAY, "domain": ".wren.example"}, "without a domain"),
        ({"key": "form_memory", "max_age": DAY, "httponly": False}, "read by scripts"),
        ({"key": "form_memory", "max_age": DAY, "samesite": "None"}, "sent by other sites"),
        ({"key": "recent", "max_age": DAY}, "needs a yes to personal"),
    ],
)
def test_a_cookie_that_the_policy_does_not_declare_so_is_an_error_with_its_mend(now, cookie, says):
    with pytest.raises(UndeclaredCookie, match=says):
        answer(now, value="x", **OURS | cookie)


def test_a_cookie_that_goes_round_as_a_bare_header_is_an_error_too(now):
    request = RequestFactory().get("/")
    request.now = now

    with pytest.raises(UndeclaredCookie, match="the cookie visitor is set as a header of its own"):
        declared_only(lambda request: HttpResponse(headers={"Set-Cookie": "visitor=1; Max-Age=9"}))(request)


def test_over_https_a_cookie_travels_encrypted_or_not_at_all(now, settings):
    settings.HTTPS = True

    with pytest.raises(UndeclaredCookie, match="unencrypted"):
        answer(now, key="form_memory", value="x", max_age=DAY, **OURS)


def test_a_cookie_that_needs_a_yes_is_set_after_it_and_not_after_a_no(now):
    cookie = {"key": "recent", "value": "x", "max_age": DAY, **OURS}

    assert "recent" in answer(now, choices=Choices().say(Answer.YES, Switch.PERSONAL), **cookie).cookies
    with pytest.raises(UndeclaredCookie, match="needs a yes"):
        answer(now, choices=Choices().say(Answer.NO, Switch.PERSONAL), **cookie)


def test_in_production_it_is_dropped_and_rings_once_a_day_and_the_page_is_served(now, db, settings, caplog):
    settings.UNDECLARED_COOKIES_ARE_ERRORS = False
    answers = [answer(now, key="visitor", value="7") for _ in range(3)]

    assert [(one.content, len(one.cookies)) for one in answers] == [(b"ok", 0)] * 3
    assert "visitor" in caplog.text
    assert [(row.name, row.day) for row in surplus.ringing(now)] == [("visitor", now.date())]


def test_an_alarm_that_cannot_be_kept_costs_nobody_a_page(now, settings, monkeypatch, caplog):
    from django.db import OperationalError

    settings.UNDECLARED_COOKIES_ARE_ERRORS = False

    def fails(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr(SurplusCookie.objects, "bulk_create", fails)

    assert answer(now, key="visitor", value="7").content == b"ok"
    assert "could not be kept" in caplog.text


def test_a_cookie_may_always_be_deleted(now):
    def view(request):
        response = HttpResponse("ok")
        response.delete_cookie("staff_session", path="/staff")
        return response

    request = RequestFactory().get("/")
    request.now = now
    assert declared_only(view)(request).cookies["staff_session"]["max-age"] == 0
