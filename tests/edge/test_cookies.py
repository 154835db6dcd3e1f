"""The policy's cookie table is the only source of cookies."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from forecourt.edge.cookies import UndeclaredCookie, declared_only


def answer(now, **cookie) -> HttpResponse:
    def view(request):
        response = HttpResponse("ok")
        response.set_cookie(**cookie)
        return response

    request = RequestFactory().get("/")
    request.now = now
    return declared_only(view)(request)


def test_a_declared_cookie_is_set(now):
    assert "staff_session" in answer(now, key="staff_session", value="x", path="/staff").cookies


@pytest.mark.parametrize(
    ("cookie", "says"),
    [
        ({"key": "visitor", "value": "7"}, r"add \[cookies.visitor\]"),
        ({"key": "staff_session", "value": "x", "path": "/"}, "is set for /"),
        ({"key": "staff_session", "value": "x", "path": "/staff", "max_age": 60}, "outlives"),
    ],
)
def test_a_cookie_that_the_policy_does_not_declare_so_is_an_error_with_its_mend(now, cookie, says):
    with pytest.raises(UndeclaredCookie, match=says):
        answer(now, **cookie)


def test_in_production_it_is_dropped_and_reported_and_the_page_is_served(now, settings, caplog):
    settings.UNDECLARED_COOKIES_ARE_ERRORS = False
    response = answer(now, key="visitor", value="7")

    assert (response.content, len(response.cookies)) == (b"ok", 0)
    assert "visitor" in caplog.text


def test_a_cookie_may_always_be_deleted(now):
    def view(request):
        response = HttpResponse("ok")
        response.delete_cookie("staff_session", path="/staff")
        return response

    request = RequestFactory().get("/")
    request.now = now
    assert declared_only(view)(request).cookies["staff_session"]["max-age"] == 0
