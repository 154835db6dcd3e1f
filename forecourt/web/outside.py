"""Every link away from this site is made here: marked, with no word about where it was followed, and nothing in its address."""

import logging
import re
from urllib.parse import urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lxml import html

from forecourt.policy import outside
from forecourt.web.brand import brand
from forecourt.web.icons import drawn

log = logging.getLogger(__name__)
REL = "noopener noreferrer external"
REFERRER = "no-referrer"
SAYS = "(leads to another site)"
# No letter: where the mark goes once the HTML is put together again.
PLACE = "\ue000"
A_LINK = re.compile(r"<a\s", re.IGNORECASE)


def leads_away(address: str) -> bool:
    """Whether a link leaves our site; an email address or a phone number is no site."""
    if not outside.has_host(address):
        return False
    try:
        host = urlsplit(address.strip()).netloc.lower()
    except ValueError:
        return True
    return host != urlsplit(brand().site_url).netloc.lower()


def mark() -> SafeString:
    return format_html('<span class="outside">\u2060{}</span><span class="unseen"> {}</span>', drawn("external"), SAYS)


def link(address: str, words: SafeString, css: str = "") -> SafeString:
    """A link as it may stand on a page. One of ours stays as it is; one that may not be followed leaves its words."""
    named = format_html(' class="{}"', css) if css else ""
    if not leads_away(address):
        return format_html('<a href="{}"{}>{}</a>', address, named, words)
    if says := outside.objection(address):
        report(address, says)
        return words
    return format_html(
        '<a href="{}"{} rel="{}" referrerpolicy="{}">{}{}</a>', address, named, REL, REFERRER, words, mark()
    )


def marked(source: str) -> SafeString:
    """What an editor or the policy wrote, with its links away made like all others. The HTML is already safe."""
    if not A_LINK.search(source):
        return mark_safe(source)  # noqa: S308 the caller's own HTML
    whole = html.fragment_fromstring(source.replace(PLACE, ""), create_parent="div")
    for found in list(whole.iter("a")):
        address = found.get("href") or ""
        if not leads_away(address):
            continue
        if says := outside.objection(address):
            report(address, says)
            found.drop_tag()
            continue
        found.set("rel", REL)
        found.set("referrerpolicy", REFERRER)
        found.attrib.pop("target", None)
        end(found, PLACE)
    inside = html.tostring(whole, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    return mark_safe(inside.replace(PLACE, mark()))  # noqa: S308 as it came in


def end(element: html.HtmlElement, words: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + words
    else:
        element.text = (element.text or "") + words


def report(address: str, says: str) -> None:
    """The address itself may be what must not be told, so the log gets its host alone."""
    try:
        host = urlsplit(address).hostname
    except ValueError:
        host = None
    log.error("A link to %s was left out: %s", host or "nowhere", says)
