"""What every page has, and what none may have."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.views import defaults

from forecourt.vehicles import catalogue
from forecourt.web.brand import brand

ROOMS = Path(__file__).resolve().parents[2] / "forecourt"
# Emails are left out, and the file that people take home: no stylesheet of ours reaches them there.
TAKEN_ALONG = {"archive.html"}
TEMPLATES = sorted(
    path for path in ROOMS.rglob("templates/**/*.html") if "email" not in path.parts and path.name not in TAKEN_ALONG
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_no_template_holds_style_or_script(path):
    source = path.read_text("utf-8")

    assert not re.search(r"<style|\sstyle=|javascript:|\son[a-z]+=|<script(?![^>]*\ssrc=)", source, re.I)


def test_the_footer_has_owner_trademark_address_and_legal_links(db, client, monkeypatch):
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: datetime(2031, 1, 1, tzinfo=UTC))

    page = client.get("/models/").content.decode()
    footer = page[page.index("<footer") :]

    assert f"© 2031 {brand().legal_name}" in footer
    assert brand().trademark in footer
    assert all(line in footer for line in brand().address.splitlines())
    assert {"/privacy/", "/privacy/checks/", "/privacy/choices/", "/links/", "/contact/"} <= set(
        re.findall(r'href="(/[^"]*)"', footer)
    )
    assert f'href="tel:{brand().phone}"' in footer


def test_the_page_that_is_open_is_named_in_the_navigation(db, client):
    page = client.get("/models/").content.decode()

    assert set(re.findall(r'<a href="([^"]+)" aria-current="page"', page)) == {"/models/"}


def test_nothing_on_a_page_comes_from_elsewhere_and_no_cookie_is_set(db, client):
    response = client.get("/models/pipit/")

    assert not re.search(
        r'(?:src|action)="(?:https?:)?//|<link(?! rel="canonical")[^>]+"(?:https?:)?//', response.content.decode()
    )
    assert not response.cookies


@pytest.mark.parametrize(
    ("view", "status", "says"),
    [
        (lambda request: defaults.bad_request(request, ValueError()), 400, "we did nothing with it"),
        (lambda request: defaults.permission_denied(request, ValueError()), 403, "nothing was saved"),
        (lambda request: defaults.page_not_found(request, ValueError()), 404, "/test-drive/"),
        (defaults.server_error, 500, "counts once"),
    ],
)
def test_an_error_page_helps_and_needs_no_database(view, status, says):
    response = view(RequestFactory().get("/somewhere/"))

    assert response.status_code == status
    assert says in response.content.decode()
    assert "<footer" in response.content.decode()


def test_an_address_that_does_not_exist_is_answered_kindly(client):
    response = client.get("/models/ostrich/")

    assert response.status_code == 404
    assert "Nothing nests here" in response.content.decode()


def test_the_pattern_page_is_for_the_demo_only(db, client, settings):
    assert client.get("/demo/patterns/").status_code == 200

    settings.DEMO = False

    assert client.get("/demo/patterns/").status_code == 404


def test_a_sentence_says_its_mark_in_words_and_opens_to_how_it_is_kept(db, client):
    page = client.get("/demo/patterns/").content.decode()

    marks = [
        re.sub(r"<[^>]+>|\s+", " ", mark).split() for mark in re.findall(r'<span class="mark .*?</span></span>', page)
    ]
    words = {" ".join(mark) for mark in marks}
    assert words >= {"checked 14:02", "informs", "not checked yet", "under review since Nov 21, 2026"}
    assert "signed by the head of purchasing, until Mar 1, 2027" in words
    assert "90 days: 88 with no failure found, 1 with a failure" in page


def test_the_home_page_parts_stand_without_evidence():
    assert "checked" in render_to_string("web/home_promise.html")


def test_the_home_page_shows_a_car_and_two_buttons():
    page = render_to_string("web/home_hero.html", {"line": catalogue.line("siskin")})

    assert page.count('<svg class="car"') == 1
    assert re.findall(r'class="button[^"]*" href="([^"]+)"', page) == ["/test-drive/", "/models/"]
