"""The California privacy notice as somebody reads it."""

import html
import re

import pytest

from forecourt.consent import policies
from forecourt.edge import public_pages
from forecourt.web import sitemap

pytestmark = pytest.mark.django_db


def read(answer) -> str:
    return html.unescape(answer.content.decode())


def test_it_is_linked_from_the_policy_the_foot_of_each_page_and_the_sitemap(client, at):
    for address in ("/privacy/", "/models/"):
        assert 'href="/privacy/california/"' in read(client.get(address))
    assert "/privacy/california/" in sitemap.paths(at.now)
    assert public_pages.is_public("/privacy/california/", frozenset())


def test_it_names_rights_ways_to_ask_signals_minors_agents_and_how_new_it_is(client, at):
    page = read(client.get("/privacy/california/"))

    assert f"Last updated {policies.in_force(at.now).posted:%b}" in page
    for heading in (
        "Your rights",
        "How to use them",
        "Signals of your browser",
        "Somebody who acts for you",
        "Under 16",
    ):
        assert heading in page
    for words in ("signed permission", "15 business days", "45 days", "24 months", "800", "118 Gorse Foundry Lane"):
        assert words in page


def test_it_says_yes_and_no_to_sale_for_each_kind(client, at):
    table = re.findall(
        r'<th scope="row"><a href="#([\w-]+)">[^<]*</a></th><td>[^<]*</td><td>(\w+)',
        read(client.get("/privacy/california/")),
    )
    told = dict(table)

    assert told["identifiers"] == "Yes"
    assert told["internet-or-other-network-activity"] == "Yes"
    assert told["characteristics-that-the-law-protects"] == "No"
    assert told["customer-records"] == "No"


def test_each_version_keeps_its_address_and_says_which_one_holds(client, at):
    now, coming = client.get("/privacy/california/2026-10-15/"), read(client.get("/privacy/california/2026-12-15/"))

    assert now.status_code == 200
    assert "Counts from Dec" in coming
    assert client.get("/privacy/california/1999-01-01/").status_code == 404


def test_no_code_of_the_list_is_left_without_its_words(client, at):
    assert not re.search(r">[^<]*\b(user|vehicle|inquiry|choice)\.\w+", read(client.get("/privacy/california/")))
