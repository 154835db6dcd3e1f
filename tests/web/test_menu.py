"""The menu and the footer: what stands there, and that all of it is there."""

import pytest
from django.urls import reverse
from lxml import html

from forecourt.pages import load
from forecourt.pages.models import EditorialPage
from forecourt.vehicles import catalogue
from forecourt.web import menu
from forecourt.web.brand import brand


@pytest.fixture
def loaded(db, now):
    load.load(now)


def tree(client, path="/models/", **headers):
    return html.fromstring(client.get(path, headers=headers).content)


@pytest.mark.parametrize(("group", "words", "name"), menu.ENTRIES)
def test_every_entry_names_an_address_that_some_room_has(group, words, name):
    assert reverse(name)
    assert group in {*menu.TITLES, "bar", "choices"}


def test_an_entry_that_no_room_has_is_left_out_of_the_page(monkeypatch, loaded, client):
    monkeypatch.setattr(menu, "ENTRIES", (*menu.ENTRIES, ("shopping", "Offers of tomorrow", "offers:tomorrow")))

    page = client.get("/models/")

    assert page.status_code == 200
    assert "Offers of tomorrow" not in page.content.decode()


def test_each_model_stands_under_its_year(loaded, client):
    for found in tree(client).xpath("//*[contains(@class, 'menu-group-models')]"):
        shown = {
            (" ".join(part.get("aria-labelledby").split()[1:]) and part.getprevious().text, link.text)
            for part in found.xpath("ul")
            for link in part.iter("a")
        }
        for line in (*catalogue.lines(), *catalogue.previous()):
            year = f"Outgoing {line.year}" if line.status is catalogue.Status.OUTGOING else str(line.year)
            assert (year, line.full_name) in shown


def test_the_footer_holds_every_group_and_the_header_those_to_shop_by(loaded, client):
    page = tree(client)

    assert [one.text for one in page.xpath("//footer//p[@class='menu-title']")] == list(menu.TITLES.values())
    assert [one.text for one in page.xpath("//header//p[@class='menu-title']")] == [
        menu.TITLES[name] for name in ("models", "shopping", "community", "company")
    ]


def test_a_page_that_an_editor_takes_back_leaves_the_menu(loaded, client):
    assert tree(client).xpath("//footer//a[@href='/community/']")

    EditorialPage.objects.get(slug="community").unpublish()

    assert not tree(client).xpath("//a[@href='/community/']")


def test_choices_are_one_step_from_every_page_with_the_icon(loaded, client):
    for path in ("/", "/models/pipit/", "/no/such/page/"):
        (link,) = tree(client, path).xpath("//footer//a[@class='choices-link']")
        assert link.get("href") == "/privacy/choices/"
        assert link.text_content() == "Your Privacy Choices"
        assert link.xpath("svg[@aria-hidden='true']")


@pytest.mark.parametrize(("signal", "said"), [("1", True), ("0", False)])
def test_the_footer_says_calmly_that_a_signal_is_honored(loaded, client, signal, said):
    footer = tree(client, **{"Sec-GPC": signal}).xpath("//footer")[0].text_content()

    assert ("Your browser’s opt-out signal is honored." in footer) == said


def test_social_networks_are_plain_links_with_our_own_drawings(loaded, client):
    links = tree(client).xpath("//footer//div[contains(@class, 'menu-group-social')]//a")

    assert [link.get("href") for link in links] == [network["address"] for network in brand().social]
    assert len(links) == 5
    assert all({one.tag for one in link.iter()} <= {"a", "svg", "path", "circle", "span"} for link in links)


def test_the_bar_leads_from_looking_to_having(loaded, client):
    hrefs = [link.get("href") for link in tree(client).xpath("//header//*[contains(@class, 'menu-bar')]//a")]
    known = [menu.address_of(name) for name in menu.BAR if menu.address_of(name) in hrefs]

    assert hrefs[: len(known)] == known
    assert known[0] == "/models/"


def test_the_menu_opens_without_scripts(loaded, client):
    (opener,) = tree(client).xpath("//header//details/summary")

    assert opener.text == "Menu"
    assert opener.getparent().get("open") is None
