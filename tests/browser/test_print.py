"""The policy and its checks on paper: what only a screen can do is gone, and nothing is cut in two."""

import pytest

pytestmark = pytest.mark.browser
PAPER = {"width": 660, "height": 900}  # what a Letter or A4 page has between our margins


@pytest.fixture
def on_paper(guest):
    def open_page(path):
        page = guest.goes_to(path)
        page.set_viewport_size(PAPER)
        page.emulate_media(media="print")
        return page

    return open_page


@pytest.mark.parametrize("path", ["/privacy/", "/privacy/checks/", "/privacy/checks/P-3F-5/"])
def test_a_printed_page_shows_nothing_to_press_and_fits_the_paper(on_paper, path):
    page = on_paper(path)

    for gone in (".demo-strip", ".site-header nav", ".site-footer nav", "form", "button"):
        for shown in page.locator(gone).all():
            assert not shown.is_visible(), gone
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


def test_a_printed_sentence_has_no_sign_that_it_would_open(on_paper):
    page = on_paper("/privacy/")

    sign = page.locator(".sentence-text").first.evaluate("it => getComputedStyle(it, '::after').display")
    assert sign == "none"


@pytest.mark.parametrize(("path", "kept_whole"), [("/privacy/", ".sentence"), ("/privacy/checks/", ".checks tbody tr")])
def test_no_row_is_cut_by_the_end_of_a_sheet(on_paper, path, kept_whole):
    page = on_paper(path)

    rows = page.locator(kept_whole)
    assert rows.count() > 20
    assert set(rows.evaluate_all("all => all.map(it => getComputedStyle(it).breakInside)")) == {"avoid"}


def test_a_mark_and_its_ninety_days_share_a_line_on_paper(on_paper):
    row = on_paper("/privacy/checks/").locator("tr", has_text="P-3F-5").first

    mark, strip = row.locator(".mark").bounding_box(), row.locator(".strip").bounding_box()
    assert strip["x"] > mark["x"] + mark["width"]
    assert abs((strip["y"] + strip["height"] / 2) - (mark["y"] + mark["height"] / 2)) < 12
