"""What a first visit to a model's page costs, over the wire and with everything that the page asks for."""

import gzip
from urllib.parse import urlsplit

import pytest
from lxml import html

from forecourt.vehicles import catalogue
from tests.edge.test_page_cache import ask
from tests.edge.test_public_pages import cache, filled  # noqa: F401 (fixtures)

MOST = 60_000
EDITIONS = (*catalogue.lines(), *catalogue.previous())
FETCHED = (
    "//link[contains('stylesheet preload modulepreload icon', @rel)]/@href | //script/@src | //img/@src | //source/@src"
    " | //iframe/@src | //image/@href | //video/@src"
)


def headers_of(found) -> int:
    return sum(len(name) + len(str(value)) + 4 for name, value in found)


def over_the_wire(client, address: str) -> int:
    """As a browser asks for it; what the tests' server leaves uncompressed, the site's sends compressed beforehand."""
    answer = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200, address
    body = answer.getvalue()
    is_packed = "Content-Encoding" in answer or not answer["Content-Type"].startswith(
        ("text/", "image/svg", "application/j")
    )
    return headers_of(answer.items()) + len(body if is_packed else gzip.compress(body))


@pytest.mark.parametrize("line", EDITIONS, ids=lambda line: f"{line.slug}-{line.year}")
def test_a_first_visit_to_a_model_stays_under_60_kilobytes(cache, client, line):  # noqa: F811
    page = ask(cache, line.get_absolute_url(), HTTP_ACCEPT_ENCODING="br, gzip")
    plain = ask(cache, line.get_absolute_url())
    wanted = dict.fromkeys(html.fromstring(plain.page).xpath(FETCHED))

    assert page.headers["Content-Encoding"] == "br"
    assert {urlsplit(address).netloc for address in wanted} == {""}
    assert page.cookies == []
    assert (
        len(page.body) + headers_of(page.headers.items()) + sum(over_the_wire(client, each) for each in wanted) < MOST
    )
