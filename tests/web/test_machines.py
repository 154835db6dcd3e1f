"""What search engines and previews of links are told: the sitemap, one address a page, and nothing about private pages."""

import json
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver, resolve
from lxml import etree, html

from forecourt.edge import public_pages
from forecourt.pages import load
from forecourt.pages.models import EditorialPage
from forecourt.vehicles.stock import store
from forecourt.web import sitemap, structured
from forecourt.web.brand import brand
from tests.cast import make_car

SPACE = {"s": sitemap.NAMESPACE}
# What links on pages lead to that is no page: what editors see, and what the demo shows.
PAGES_TO_CRAWL = 150


@pytest.fixture
def filled(db, at, dealer, monkeypatch) -> None:
    monkeypatch.setattr(store, "_kept", None)
    make_car(dealer, 1)
    load.load(at.now)


def listed(client) -> list[str]:
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    tree = etree.fromstring(answer.content)
    assert tree.tag == f"{{{sitemap.NAMESPACE}}}urlset"
    addresses = [loc.text for loc in tree.findall("s:url/s:loc", SPACE)]
    assert all(address.startswith(f"{brand().site_url}/") for address in addresses)
    return [urlsplit(address).path for address in addresses]


def head(client, path: str) -> html.HtmlElement:
    return html.fromstring(client.get(path).content)


def canonical(tree: html.HtmlElement) -> list[str]:
    return [str(href) for href in tree.xpath("//link[@rel='canonical']/@href")]


def test_each_address_of_the_sitemap_answers_with_a_page_of_that_address(filled, client):
    found = listed(client)

    assert len(found) == len(set(found)) > 80
    for path in found:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "X-Robots-Tag" not in answer, path
        assert canonical(html.fromstring(answer.content)) == [f"{brand().site_url}{path}"], path


def test_each_kind_of_public_page_is_in_the_sitemap(filled, client):
    kinds = {resolve(path).view_name for path in listed(client)}

    assert set(public_pages.PAGES) <= kinds


def test_every_page_that_can_be_reached_by_links_and_may_be_shared_is_in_the_sitemap(filled, client):
    """From the front page on, one page of each look a kind, as far as links go."""
    found, waiting, seen = set(listed(client)), deque(["/"]), {"/"}
    missing = set()
    for _ in range(PAGES_TO_CRAWL):
        if not waiting:
            break
        path = waiting.popleft()
        answer = client.get(path)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        tree = html.fromstring(answer.content)
        if canonical(tree) and path not in found:
            missing.add(path)
        for href in tree.xpath("//a/@href"):
            parts = urlsplit(href)
            if href.startswith("/") and parts.path not in seen and not parts.path.startswith(sitemap.CLOSED):
                seen.add(parts.path)
                waiting.append(parts.path)

    assert len(seen) > 80
    # A car that is compared is a form that was filled in.
    assert {path for path in missing if not path.endswith("/compare/")} == set()


def test_nothing_private_is_in_the_sitemap(filled, client):
    found = listed(client)

    assert not [path for path in found if path.startswith(sitemap.CLOSED)]
    assert not [path for path in found if getattr(resolve(path).func, "is_private", False)]
    assert "/privacy/choices/" not in found  # it may show what one browser chose


def test_a_page_that_an_editor_takes_back_leaves_the_sitemap(filled, client):
    assert "/why-small/" in listed(client)

    EditorialPage.objects.get(slug="why-small").unpublish()

    assert "/why-small/" not in listed(client)


def test_robots_are_shown_the_sitemap_and_kept_from_what_is_not_for_them(client):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()

    assert answer["Content-Type"].startswith("text/plain")
    assert lines[0] == "User-agent: *"
    assert [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")] == list(sitemap.CLOSED)
    assert f"Sitemap: {brand().site_url}/sitemap.xml" in lines


def test_what_robots_are_kept_from_exists():
    prefixes = {f"/{pattern.pattern}" for pattern in patterns()}

    for closed in sitemap.CLOSED:
        assert any(prefix.startswith(closed) for prefix in prefixes), closed


def patterns():
    for included in get_resolver().url_patterns:
        yield from included.url_patterns


@pytest.mark.parametrize(
    "path", ["/privacy/choices/", "/test-drive/no-such-drive/", "/m/no-such-link/", "/no/such/page/", "/demo/"]
)
def test_a_private_page_and_one_that_is_not_there_name_no_address_to_share(filled, client, path):
    tree = head(client, path)

    assert canonical(tree) == []
    assert not tree.xpath("//meta[@property='og:url' or @property='og:image']")


def test_a_page_has_one_address_however_it_was_asked_for(filled, client):
    for path, asked in (
        ("/models/pipit/", "?paint=gorse"),
        ("/dealers/", "?place=27284"),
        ("/build/pipit/", "?b=gorse"),
    ):
        tree = head(client, path + asked)

        assert canonical(tree) == [f"{brand().site_url}{path}"]
        assert tree.xpath("//meta[@property='og:url']/@content") == canonical(tree)


def test_a_preview_says_what_the_page_says(filled, client):
    for path in ("/", "/models/", "/models/pipit/", "/dealers/wren-salem-nc/", "/why-small/", "/privacy/"):
        tree = head(client, path)

        assert tree.xpath("//meta[@property='og:title']/@content") == [tree.findtext(".//title")]
        assert tree.xpath("//meta[@property='og:description']/@content") == tree.xpath(
            "//meta[@name='description']/@content"
        )
        assert tree.xpath("//meta[@name='twitter:card']/@content") == ["summary_large_image"]
        (picture,) = tree.xpath("//meta[@property='og:image']/@content")
        answer = client.get(urlsplit(picture).path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")


def test_structured_data_cannot_end_the_element_that_it_stands_in():
    written = structured.script([{"name": "</script><script>alert(1)</script> & <!-- \u2028"}])

    assert written.count("<") == 2
    assert json.loads(html.fromstring(f"<p>{written}").findtext(".//script"))["@graph"] == [
        {"name": "</script><script>alert(1)</script> & <!-- \u2028"}
    ]


def test_the_front_page_says_who_speaks(filled, client):
    (data,) = head(client, "/").xpath("//script[@type='application/ld+json']")
    organization, website = json.loads(data.text)["@graph"]

    assert organization["@type"] == "Organization"
    assert organization["legalName"] == brand().legal_name
    assert organization["address"]["addressLocality"] == "Duluth"
    assert len(organization["sameAs"]) == len(brand().social)
    assert client.get(urlsplit(organization["logo"]).path).status_code == 200
    assert website["publisher"] == {"@id": organization["@id"]}
