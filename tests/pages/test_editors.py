"""What an editor writes, by the editor's own form, and what of it a visitor's browser gets."""

import json

import pytest
from django.test import Client
from lxml import html
from wagtail.models import Page

from forecourt.console import accounts
from forecourt.pages.load import load
from forecourt.pages.models import EditorialPage, HomePage
from tests.console.signing_in import PASSWORD, SECRET, sign_in

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">here</a>',
    '<iframe src="https://evil.example/"></iframe>',
    '<svg onload="alert(1)"></svg>',
    '"><script>alert(1)</script>',
    "</title><script>alert(1)</script>",
)
UNFIT = (
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:alert(1)",
    "//evil.example/",
    "/\\evil.example/",
)


@pytest.fixture
def editor(db, at, settings, monkeypatch, tmp_path) -> Client:
    """Somebody who may publish, signed in with both factors."""
    from allauth.mfa.totp.internal import auth as totp

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([59_000_000]))
    user = accounts.add(PASSWORD, groups=[accounts.EDITORS], chosen=True)
    accounts.sign(user, at.now)
    totp.TOTP.activate(user, SECRET)
    load(at.now, tmp_path)
    return sign_in(Client(), user)


def written(*words: str, entities: tuple[dict, ...] = (), kind: str = "unstyled") -> str:
    """What the editor's field holds: its own notation, in which words are never code."""
    blocks = [
        {
            "key": f"key{number}",
            "type": kind,
            "text": text,
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [{"key": key, "offset": 0, "length": len(text)} for key in range(len(entities))],
        }
        for number, text in enumerate(words)
    ]
    return json.dumps({"blocks": blocks, "entityMap": {str(key): one for key, one in enumerate(entities)}})


def link(address: str, kind: str = "LINK", **more: str) -> dict:
    return {"type": kind, "mutability": "MUTABLE", "data": {"url": address, "href": address, "src": address, **more}}


def publish(editor: Client, text: str, *, words: str = "A story", slug: str = "story", **blocks: str):
    """The form of a new page under the home page, sent as the editor's browser sends it."""
    home = HomePage.objects.get()
    fields = {
        "title": words,
        "slug": slug,
        "lead": words,
        "group": "",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": text,
        "seo_title": "",
        "search_description": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "action-publish",
        **blocks,
    }
    return editor.post(f"/staff/cms/pages/add/pages/editorialpage/{home.pk}/", fields)


def shown(slug: str = "story") -> html.HtmlElement:
    """What the editor wrote, as a visitor gets it."""
    page = Client().get(f"/{slug}/")
    assert page.status_code == 200
    return html.fromstring(page.content.decode()).xpath("//article")[0]


def runs(article: html.HtmlElement) -> list:
    """Whatever a browser would run or fetch."""
    return article.xpath(
        ".//script | .//iframe | .//object | .//embed | .//svg | .//img | .//style | .//@*[starts-with(name(), 'on')] | .//@style"
    )


def test_what_an_editor_writes_stands_on_the_page(editor):
    assert publish(editor, written("There was a car.", entities=(link("/dealers/"),))).status_code == 302

    found = shown().xpath(".//*[@class='prose']//a")[0]
    assert (found.get("href"), found.text_content()) == ("/dealers/", "There was a car.")


def test_code_that_an_editor_writes_is_shown_as_words(editor):
    assert publish(editor, written(*HOSTILE), words=" ".join(HOSTILE)).status_code == 302

    article = shown()
    for words in HOSTILE:
        for where in ("h1", "p[@class='lead']", "*[@class='prose']"):
            assert words in article.xpath(f"string(.//{where})")
    assert not runs(article)
    assert not article.xpath(".//a")


def test_a_link_that_would_run_something_or_leave_unmarked_is_not_published(editor):
    for number, address in enumerate(UNFIT):
        answer = publish(editor, written("Here", entities=(link(address),)), slug=f"story-{number}")

        if answer.status_code == 302:  # what is left of it is no link at all
            assert not shown(f"story-{number}").xpath(".//a[@href]"), address
        else:
            assert not EditorialPage.objects.filter(slug=f"story-{number}").exists(), address


def test_what_the_editors_field_cannot_hold_is_dropped_or_refused(editor):
    """The field is a script's, so anything may be sent in its name."""
    editor.raise_request_exception = False
    sent = (
        written("x", entities=(link("javascript:alert(1)", "EMBED"),)),
        written("x", entities=(link("x", "IMAGE", onerror="alert(1)"),)),
        written("x", entities=(link("/dealers/", "LINK", onclick="alert(1)", style="position:fixed"),)),
        written("x", entities=(link("/dealers/", "DOCUMENT", id="1"),)),
        written("alert(1)", kind="script"),
        written("alert(1)", kind="atomic"),
    )
    for number, text in enumerate(sent):
        publish(editor, text, slug=f"story-{number}")

        if EditorialPage.objects.filter(slug=f"story-{number}").exists():
            assert not runs(shown(f"story-{number}")), text


def test_words_of_a_quote_are_words_too(editor):
    words = " ".join(HOSTILE)
    quote = {"body-0-type": "quote", "body-0-value-words": words, "body-0-value-who": words}

    assert publish(editor, "", **quote).status_code == 302

    article = shown()
    assert words in " ".join(article.text_content().split())
    assert not runs(article)
    assert not article.xpath(".//a[@href]")


def test_an_editor_may_not_lead_somebody_astray_by_a_list_of_links(editor):
    links = {
        "body-0-type": "links",
        "body-0-value-count": "1",
        "body-0-value-0-deleted": "",
        "body-0-value-0-order": "0",
        "body-0-value-0-id": "",
        "body-0-value-0-value-words": "Here",
        "body-0-value-0-value-address": "javascript:alert(1)",
    }

    answer = publish(editor, "", **links)

    assert answer.status_code == 200
    assert "Write a path of ours" in answer.content.decode()
    assert not Page.objects.filter(slug="story").exists()
