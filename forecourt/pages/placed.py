"""The pages that editors put under a heading of the site's menu. A draft, or one that was taken back, is not among them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from wagtail.models import Page

from forecourt.pages.models import EditorialPage
from forecourt.web.menu import Link


def links() -> Iterator[tuple[str, Link]]:
    """In the order of the tree."""
    found = (
        EditorialPage.objects.live()
        .public()
        .exclude(group="")
        .order_by("path")
        .values_list("group", "title", "url_path")
    )
    for group, title, url_path in found:
        yield group, Link(title, path_of(url_path))


def addresses(now: datetime) -> Iterator[str]:
    """Of every page that editors show, under a heading or not."""
    for url_path in (
        Page.objects.live().public().filter(depth__gt=1).order_by("path").values_list("url_path", flat=True)
    ):
        yield path_of(url_path)


def path_of(url_path: str) -> str:
    """As the CMS serves it: without the front page's own slug, with which each of its paths begins."""
    _, _, below = url_path.lstrip("/").partition("/")
    return reverse("wagtail_serve", args=[below])
