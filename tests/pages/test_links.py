"""Where our links lead: one list, made from where the links are written, and links that may not be written."""

import pytest
from django.core.exceptions import ValidationError
from lxml import html
from wagtail.rich_text import RichText

from forecourt.dealers import actions
from forecourt.dealers.models import Dealer
from forecourt.pages import load, outbound, written
from forecourt.pages.models import EditorialPage
from forecourt.policy.problems import BrokenPack
from forecourt.web.brand import brand


@pytest.fixture
def loaded(db, now, settings):
    load.load(now)
    actions.load(settings.BRAND, now)


def listed(client) -> dict[str, str]:
    page = html.fromstring(client.get("/links/").content)
    return {
        row.find("dt").text_content(): " ".join(row.find("dd").text_content().split()) for row in page.xpath("//dl/div")
    }


def test_the_list_names_networks_the_international_site_and_every_dealer(loaded, client):
    found = listed(client)

    assert "Wren on Chirrup" in found["chirrup.example"]
    assert outbound.host_of(brand().international["address"]) in found
    assert all(outbound.host_of(dealer.policy_url) in found for dealer in Dealer.objects.all())


def test_where_the_ads_page_sends_people_is_on_the_list(loaded, client):
    links = html.fromstring(client.get("/privacy/ads/").content).xpath("//main//a[starts-with(@href, 'https')]/@href")

    assert links
    assert {outbound.host_of(link) for link in links} <= set(listed(client))


def test_dealers_are_counted_and_folded(loaded, client):
    page = html.fromstring(client.get("/links/").content)

    assert page.xpath("//main//details/summary")[0].text_content() == f"{Dealer.objects.count()} sites"


def test_what_an_editor_links_to_is_on_the_list_with_its_page(loaded, client):
    page = EditorialPage.objects.get(slug="why-small")
    page.body = [
        ("text", '<p>See <a href="https://museum.example/cars">the museum</a>.</p>'),
        ("links", [{"words": "A book", "address": "https://books.example/small"}]),
    ]
    page.save_revision().publish()
    found = listed(client)

    assert found["museum.example"] == "the museum, on Why small"
    assert found["books.example"] == "A book, on Why small"


def test_an_editors_link_away_is_marked_in_text_and_in_lists(loaded, client):
    page = EditorialPage.objects.get(slug="why-small")
    page.body = [
        ("text", '<p>See <a href="https://museum.example/cars">the museum</a>.</p>'),
        ("links", [{"words": "A book", "address": "https://books.example/small"}]),
    ]
    page.save_revision().publish()
    links = html.fromstring(client.get("/why-small/").content).xpath("//main//a[starts-with(@href, 'https')]")

    assert len(links) == 2
    for link in links:
        assert "(leads to another site)" in link.text_content()
        assert link.get("referrerpolicy") == "no-referrer"


def test_a_draft_is_not_on_the_list(loaded, client):
    EditorialPage.objects.filter(slug="international").update(live=False)
    world = outbound.host_of(brand().international["address"])

    assert listed(client)[world] == brand().international["name"]


def test_an_editor_is_told_why_a_link_in_a_text_may_not_stand():
    block = EditorialPage.body.field.stream_block.child_blocks["text"]

    with pytest.raises(ValidationError, match="Take out email="):
        block.clean(RichText('<p><a href="https://shop.example/?email=x">shop</a></p>'))


@pytest.mark.parametrize(
    "line", ["See [the shop](https://shop.example/?token=x) now.", "- [The shop](https://shop.example/?token=x)"]
)
def test_a_page_of_the_pack_with_a_link_that_tells_is_refused_by_line(tmp_path, line):
    (tmp_path / "story.md").write_text(f"---\ntitle: A story\n---\nWords.\n\n{line}\n")

    with pytest.raises(BrokenPack, match="take out token=") as told:
        written.read(tmp_path / "story.md")

    assert told.value.line == 6


def test_a_group_that_the_menu_lacks_is_refused(tmp_path):
    (tmp_path / "story.md").write_text("---\ntitle: A story\ngroup: sky\n---\nWords.\n")

    with pytest.raises(BrokenPack, match="group is 'sky': write one of models"):
        written.read(tmp_path / "story.md")
