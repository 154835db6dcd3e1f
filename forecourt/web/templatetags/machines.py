"""What a page's head says to search engines and to whoever makes a preview of a link to it."""

from typing import TypeGuard

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forecourt.web import sitemap, structured
from forecourt.web.brand import brand
from forecourt.web.menu import address_of

register = template.Library()
NOTHING = SafeString("")


def is_to_share(request: HttpRequest | None) -> TypeGuard[HttpRequest]:
    """Whether the page has an address that others may list: not one person's own, not an answer to a form, not staff's."""
    return (
        request is not None
        and request.method in ("GET", "HEAD")
        and not getattr(request, "is_private", False)
        and not request.path.startswith(sitemap.CLOSED)
    )


@register.simple_block_tag(takes_context=True)
def page_title(context: template.Context, content: SafeString) -> SafeString:
    """The title, and once more for previews."""
    return _told(context, content, "<title>{}</title>", "og:title")


@register.simple_block_tag(takes_context=True)
def page_description(context: template.Context, content: SafeString) -> SafeString:
    return _told(context, content, '<meta name="description" content="{}">', "og:description")


def _told(context: template.Context, content: SafeString, element: str, name: str) -> SafeString:
    # What a template itself writes may hold quotation marks; what it was given is escaped already.
    words = mark_safe(content.strip().replace('"', "&quot;"))  # noqa: S308
    shown = format_html(element, words)
    if not is_to_share(context.get("request")):
        return shown
    return shown + format_html('\n<meta property="{}" content="{}">', name, words)


@register.simple_tag(takes_context=True)
def page_address(context: template.Context) -> SafeString:
    """The one address of this page, however it was asked for: without a paint, a state or a place that somebody looked at."""
    request = context.get("request")
    if not is_to_share(request):
        return NOTHING
    return format_html(
        '<link rel="canonical" href="{0}">\n<meta property="og:url" content="{0}">'
        '<meta property="og:type" content="website"><meta property="og:site_name" content="{1}">',
        structured.absolute(request.path),
        brand().name,
    )


@register.simple_tag(takes_context=True)
def page_picture(context: template.Context) -> SafeString:
    """`preview` of the view, or the brand's own picture where some room draws one."""
    if not is_to_share(context.get("request")):
        return NOTHING
    found = context.get("preview")
    path, says = (found.href, found.says) if found else (address_of("machines:brand_preview"), brand().name)
    return format_html(
        '<meta property="og:image" content="{}"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image:alt" content="{}">'
        '<meta name="twitter:card" content="summary_large_image">',
        structured.absolute(path),
        says,
    )


@register.simple_tag
def structured_data(nodes: list[structured.Node] | None) -> SafeString:
    return structured.script(nodes) if nodes else NOTHING
