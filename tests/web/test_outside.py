"""Links away from the site: one maker, one look, nothing told."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from lxml import html

from forecourt.web import outside

ROOMS = Path(__file__).resolve().parents[2] / "forecourt"
TEMPLATES = sorted(path for path in ROOMS.rglob("templates/**/*.html") if "email" not in path.parts)
# What may stand in a link that a template writes itself: a path or place of ours, an email address, a phone number.
OURS = re.compile(r"(/(?!/)|#|\?|mailto:|tel:|sms:|\{% (url|pageurl|if) |\{\{ ?[\w.|]+)")
# Variables that templates put into href themselves; each holds a path of ours.
NOT_OURS = re.compile(r"policy_url|preferences|\.address|homepage|website|external|outside")


def drawn(source: str, **values) -> html.HtmlElement:
    return html.fragment_fromstring(Template("{% load web %}" + source).render(Context(values)), create_parent="p")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_no_template_writes_a_link_away_by_itself(path):
    for href in re.findall(r"""<a\s[^>]*?href="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)\"""", path.read_text("utf-8"), re.S):
        assert OURS.match(href), f"{href}: use {{% external address %}}words{{% endexternal %}}"
        assert not NOT_OURS.search(href.split("|")[0]), f"{href}: use {{% external address %}}words{{% endexternal %}}"


def test_a_link_away_is_marked_for_eyes_and_ears_and_keeps_quiet():
    link = drawn("{% external address %}its policy{% endexternal %}", address="https://shop.example/privacy").find("a")

    assert link.get("href") == "https://shop.example/privacy"
    assert set(link.get("rel").split()) == {"noopener", "noreferrer", "external"}
    assert link.get("referrerpolicy") == "no-referrer"
    assert link.text_content().replace("\u2060", "") == "its policy (leads to another site)"
    assert link.xpath(".//svg[@aria-hidden='true']")


@pytest.mark.parametrize(
    "address", ["/links/", "https://wren.example/models/", "mailto:a@wren.example", "tel:+12185550142"]
)
def test_a_link_of_ours_stays_as_it_is(address, settings):
    settings.SITE_URL = ""
    link = drawn("{% external address %}here{% endexternal %}", address=address).find("a")

    assert dict(link.attrib) == {"href": address}
    assert link.text_content() == "here"


def test_a_link_that_would_tell_leaves_its_words_and_the_log_names_its_host_alone(caplog):
    drawing = drawn(
        "{% external address %}here{% endexternal %}", address="https://shop.example/?email=ada@post.example"
    )

    assert drawing.find("a") is None
    assert drawing.text_content() == "here"
    assert "shop.example" in caplog.text
    assert "ada" not in caplog.text


def test_words_in_a_link_are_escaped_as_anywhere():
    link = drawn("{% external a %}{{ words }}{% endexternal %}", a="https://shop.example/", words="<b>&")

    assert "&lt;b&gt;&amp;" in html.tostring(link, encoding="unicode")


def test_finished_html_gets_its_links_away_marked_and_nothing_else_changed():
    source = '<p>A <a href="https://shop.example/a?b=1&amp;c=2" target="_blank"><b>q&amp;a</b> x</a>, <a href="/links/">b</a> &lt;i&gt;<br>é</p>'

    made = str(outside.marked(source))
    away, ours = html.fragment_fromstring(made, create_parent="div").iter("a")

    assert away.get("href") == "https://shop.example/a?b=1&c=2"
    assert away.get("referrerpolicy") == "no-referrer"
    assert away.get("target") is None
    assert away.text_content().endswith("x\u2060 (leads to another site)")
    assert dict(ours.attrib) == {"href": "/links/"}
    assert made.endswith(', <a href="/links/">b</a> &lt;i&gt;<br>é</p>')


def test_finished_html_loses_a_link_that_would_tell():
    made = str(outside.marked('<p>A <a href="https://shop.example/?token=1">q</a> x</p>'))

    assert made == "<p>A q x</p>"


def test_text_without_links_is_not_touched():
    assert str(outside.marked("5 < 6 & <br/> so")) == "5 < 6 & <br/> so"
