"""A browser that was told an age below 13, at every address that we have."""

import html
import re
import tomllib
from pathlib import Path

import pytest
from django.urls import get_resolver

from forecourt.minors import asking
from forecourt.proof import access

CHILD = "under-13"
HOLDINGS = Path("forecourt/proof/holdings.toml")


PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
ANY = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000001", "slug": "pipit", "request_kind": "know"}


def visitors_routes() -> list[tuple[str, str]]:
    """Every address that a visitor can reach, with some value for each parameter; the CMS's own lie under the staff's paths."""
    return [
        (route.name, "/" + PARAMETER.sub(lambda found: ANY.get(found[1] or "str", "x"), route.path))
        for route in access.routes()
        if not route.path.startswith(("staff/", "tour/")) and not set("^$\\") & set(route.path)
    ]


def is_refused(answer) -> bool:
    return answer.status_code == 403 and "for grown-ups" in html.unescape(answer.content.decode())


@pytest.mark.parametrize(("name", "where"), visitors_routes())
def test_nothing_is_taken_from_a_child_at_any_address_that_is_not_named_open(client, db, at, name, where):
    client.cookies["age"] = CHILD

    answer = client.post(where, {"typed": "something"})

    assert is_refused(answer) == (name not in asking.OPEN)


def test_what_is_named_is_there():
    names = {name for name, _ in visitors_routes()}

    assert names >= asking.OPEN | asking.ASKS


# Forms whose views are open to a child, and why that keeps nothing of them.
KEEPS_NOTHING = {
    "forecourt.minors.forms.ParentForm": "a parent's address, to ask them, gone by its day",
    "forecourt.minors.forms.ReportForm": "it takes what we hold out of use and erases it",
    "forecourt.rights.choice_forms.AgeForm": "an outcome for one visit",
    "forecourt.rights.choice_forms.AddressForm": "a no",
    "forecourt.vehicles.recalls.forms.RecallForm": "not kept",
    "forecourt.vehicles.recalls.forms.CoverForm": "not kept",
}


def test_no_view_that_is_open_to_a_child_has_a_form_that_collects():
    """A form that is new, in a view that somebody named open, has to be thought about here."""
    forms = set(tomllib.loads(HOLDINGS.read_text())["forms"]) - set(KEEPS_NOTHING)
    views = {
        pattern.callback.__module__
        for name in asking.OPEN
        for pattern in [find(get_resolver(), name)]
        if pattern.callback.__name__ not in SHARES_ITS_FILE
    }
    for form in forms:
        module = form.rsplit(".", 1)[0]
        assert not {view for view in views if uses(view, module, form.rsplit(".", 1)[1])}, form


# A button that ends something, in the same file as a form that asks.
SHARES_ITS_FILE = {
    "forget",
    "cancellation",
    "withdrawal",
    "deletion",
    "no_link",
    "sign_out",
    "end_session",
    "no_choice",
}


def find(resolver, wanted: str, spaces: tuple[str, ...] = ()):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            if found := find(pattern, wanted, inner):
                return found
        elif ":".join((*spaces, pattern.name or "")) == wanted:
            return pattern
    return None


def uses(view: str, module: str, form: str) -> bool:
    import importlib

    found = getattr(importlib.import_module(view), form, None)
    return getattr(found, "__module__", "") == module


@pytest.mark.parametrize("path", ["/test-drive/", "/account/register/", "/programs/military/form/"])
def test_pages_that_only_ask_are_refused_before_anything_is_typed(client, db, at, path):
    client.cookies["age"] = CHILD

    assert is_refused(client.get(path))
    assert not client.get(path).wsgi_request.COOKIES.get("choices")


def test_the_answer_is_kind_leads_on_and_is_kept_by_no_cache(client, db, at):
    client.cookies["age"] = CHILD

    answer = client.post("/contact/", {"words": "Hello"})

    assert "You did nothing wrong" in answer.content.decode()
    assert "/privacy/children/" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "Hello" not in answer.content.decode()


@pytest.mark.parametrize("age", ["13-15", "16+", "", "nonsense"])
def test_everybody_else_is_asked_as_before(client, db, at, age):
    client.cookies["age"] = age

    assert not is_refused(client.get("/test-drive/"))
    assert not is_refused(client.post("/contact/", {"words": "Hello"}))


def test_a_child_may_look_and_may_say_no(client, db, at):
    client.cookies["age"] = CHILD

    assert client.get("/models/").status_code == 200
    assert client.get("/build/").status_code in (200, 302)
    assert client.post("/privacy/choices/sale/no/").status_code == 303
