"""What editors put into the menu leads on from the front page and from each story; what they take out does not."""

import pytest

from forecourt.pages import load
from forecourt.pages.models import EditorialPage


@pytest.fixture
def pages(db, now):
    load.load(now)


def main(response) -> str:
    """The page without the menu and the footer, which have tests of their own."""
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("path", ["/", "/about-our-dealers/"])
def test_pages_in_the_menu_are_linked_and_others_are_not(pages, client, path):
    EditorialPage.objects.filter(slug="why-small").update(show_in_menus=False)
    page = main(client.get(path))

    assert "/how-a-stop-works/" in page
    assert "/why-small/" not in page


def test_a_draft_is_not_linked(pages, client):
    EditorialPage.objects.filter(slug="how-a-stop-works").update(live=False)

    assert "/how-a-stop-works/" not in main(client.get("/"))


def test_a_story_does_not_lead_to_itself(pages, client):
    assert 'href="/why-small/"' not in main(client.get("/why-small/"))
