"""The addresses that search engines may list: whatever the menu leads to, and what rooms add beside it.

sitemap.add_source(addresses)      # addresses(now) yields paths, each time that the sitemap is made
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.urls import Resolver404, resolve
from lxml import etree

from forecourt.web import menu
from forecourt.web.structured import absolute

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# Nothing below these is for strangers: machines are asked to stay away, and no page there names an address to share.
CLOSED = ("/staff/", "/demo/", "/account/", "/claims/", "/contact/messages/", "/m/", "/hooks/", "/beacon/")

Source = Callable[[datetime], Iterable[str]]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    _sources.append(source)


def paths(now: datetime) -> list[str]:
    """Each once. A link with a question mark is a form filled in, and no page of its own."""
    linked = (link.href for _, link in menu.all_links())
    added = (path for source in _sources for path in source(now))
    return sorted({path for path in (*linked, *added) if is_to_list(path)})


def is_to_list(path: str) -> bool:
    if not path.startswith("/") or {"?", "#"} & set(path) or path.startswith(CLOSED):
        return False
    try:
        return not getattr(resolve(path).func, "is_private", False)
    except Resolver404:
        return False


def written(now: datetime) -> bytes:
    root = etree.Element("urlset", {"xmlns": NAMESPACE})
    for path in paths(now):
        etree.SubElement(etree.SubElement(root, "url"), "loc").text = absolute(path)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def robots() -> str:
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    return f"User-agent: *\n{closed}\nSitemap: {absolute('/sitemap.xml')}\n"
