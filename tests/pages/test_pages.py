from pathlib import Path

import pytest
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Site

from forecourt.pages import written
from forecourt.pages.load import Done, load
from forecourt.pages.models import EditorialPage, HomePage, Link, Loaded
from forecourt.policy.problems import BrokenPack


@pytest.fixture
def loaded(db, now) -> Done:
    return load(now)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Two pages of another brand."""
    (tmp_path / "home.md").write_text("---\ntitle: Welcome\n---\nHello.\n")
    (tmp_path / "story.md").write_text("---\ntitle: A story\nlead: Once.\n---\nThere was a car.\n")
    return tmp_path


def put(folder: Path, name: str, words: str) -> None:
    (folder / f"{name}.md").write_text(f"---\ntitle: A story\nlead: Once.\n---\n{words}\n")


def test_the_brand_packs_pages_are_served(loaded):
    home = Client().get("/")
    story = Client().get("/how-a-stop-works/")

    assert home.status_code == 200
    assert "How a stop works" in home.content.decode()
    assert "Nobody asks who you are before you may say no." in story.content.decode()


def test_loading_twice_changes_nothing(loaded, now):
    before = list(EditorialPage.objects.values_list("pk", "latest_revision_id"))

    assert load(now) == Done()
    assert list(EditorialPage.objects.values_list("pk", "latest_revision_id")) == before
    assert Site.objects.count() == 1
    assert HomePage.objects.count() == 1


def test_a_changed_file_changes_its_page(db, now, pack):
    load(now, pack)
    put(pack, "story", "There were two cars.")

    assert load(now, pack) == Done(renewed=1)
    assert "There were two cars." in Client().get("/story/").content.decode()


def test_what_an_editor_changed_is_left_alone(db, now, pack):
    load(now, pack)
    page = EditorialPage.objects.get()
    page.lead = "Twice."
    page.save_revision().publish()
    put(pack, "story", "There were two cars.")

    assert load(now, pack) == Done(kept=1)
    assert "There was a car." in Client().get("/story/").content.decode()


def test_a_draft_is_left_alone_too(db, now, pack):
    load(now, pack)
    page = EditorialPage.objects.get()
    page.lead = "Not yet."
    page.save_revision()
    put(pack, "story", "There were two cars.")

    assert load(now, pack) == Done(kept=1)


def test_what_an_editor_took_away_stays_away(db, now, pack):
    load(now, pack)
    EditorialPage.objects.get().delete()

    assert load(now, pack) == Done(kept=1)
    assert not EditorialPage.objects.exists()
    assert Loaded.objects.filter(source="story", page=None).exists()


def test_a_pack_without_pages_still_has_a_front_door(db, now, tmp_path):
    load(now, tmp_path)

    assert Client().get("/").status_code == 200


def test_public_pages_set_no_cookie_and_name_no_other_host(loaded):
    for page in ("/", "/why-small/", "/how-a-stop-works/", "/about-our-dealers/", "/no-such-page/"):
        answer = Client().get(page)

        assert not answer.cookies, page
        assert 'src="http' not in answer.content.decode()
        assert "gravatar" not in answer.content.decode()
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_quotation_becomes_a_quote_and_a_list_of_links_becomes_links():
    made = written.blocks(
        "Words.\n\n> Said\n> so.\n>\n> — somebody\n\n- [Here](/here/)\n- [There](https://there.example/)\n"
    )

    assert made == [
        ("text", "<p>Words.</p>\n"),
        ("quote", {"words": "Said so.", "who": "somebody"}),
        ("links", [{"words": "Here", "address": "/here/"}, {"words": "There", "address": "https://there.example/"}]),
    ]


def test_a_list_with_words_in_it_stays_text():
    assert [kind for kind, _ in written.blocks("- [Here](/here/) and words\n- more\n")] == ["text"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Words alone.", "begin with a line ---"),
        ("---\nlead: Once.\n---\nWords.", "the page has no title"),
        ("---\ntitle: A\nauthor: B\n---\nWords.", "'author: B' is none of"),
        ("---\ntitle: A\nplace: first\n---\nWords.", "place is 'first'"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_with_its_mend(tmp_path, text, says):
    (tmp_path / "broken.md").write_text(text)

    with pytest.raises(BrokenPack, match=says) as told:
        written.read(tmp_path / "broken.md")

    assert told.value.path.endswith("broken.md")


def test_a_link_of_the_pack_that_leads_nowhere_fit_is_named_with_its_line(tmp_path):
    (tmp_path / "broken.md").write_text("---\ntitle: A\n---\nWords.\n\n- [Here](/here/)\n- [There](javascript:alert)\n")
    (tmp_path / "fit.md").write_text(
        "---\ntitle: A\n---\nWords.\n\n- [Here](/here/)\n- [Mail](mailto:a@wren.example)\n"
    )

    with pytest.raises(BrokenPack, match=r"broken.md:7: “There” leads to") as told:
        written.read(tmp_path / "broken.md")

    assert "begins with https://" in str(told.value)
    assert written.read(tmp_path / "fit.md").blocks[1][0] == "links"


@pytest.mark.parametrize(
    ("address", "fit"),
    [
        ("/dealers/", True),
        ("/", True),
        ("/privacy/#P-3F-5", True),
        ("https://wren.example/a?b=c#d", True),
        ("mailto:hello@wren.example?subject=Hello", True),
        ("tel:+1-800-555-0137", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("\tjavascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("vbscript:x", False),
        ("//evil.example/", False),
        ("/\\evil.example/", False),
        ("https:evil.example", False),
        ("https://", False),
        ("https://a b", False),
        ("https://[", False),
        ("http://wren.example/", False),
        ("mailto:", False),
        ("tel:", False),
        ("dealers/", False),
    ],
)
def test_an_editors_link_leads_to_us_to_a_safe_site_or_to_a_person(address, fit):
    link = Link()
    value = link.to_python({"words": "Here", "address": address})

    if fit:
        assert link.clean(value)["address"] == address
    else:
        with pytest.raises(StructBlockValidationError) as refused:
            link.clean(value)
        assert "Write a path of ours" in str(refused.value.block_errors["address"])


def test_the_cms_has_no_forms_that_would_collect_from_visitors(settings):
    collecting = {"wagtail.contrib.forms", "wagtail.contrib.search_promotions", "wagtail.embeds"}

    assert collecting.isdisjoint(settings.INSTALLED_APPS)
