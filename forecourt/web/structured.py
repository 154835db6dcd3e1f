"""What a page says to machines, as JSON-LD in the words of schema.org. Data, not a script: browsers run nothing of it.

Each maker gives one node, which `script` puts into the page. Addresses are whole, on the address that the brand publishes.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forecourt.web import style
from forecourt.web.brand import brand

Node = Mapping[str, Any]
# So that no text can end the element that it stands in.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def script(nodes: Iterable[Node]) -> SafeString:
    graph = {"@context": "https://schema.org", "@graph": list(nodes)}
    written = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308


def absolute(path: str) -> str:
    return f"{brand().site_url}{path}"


def organization_id() -> str:
    return absolute("/#organization")


def organization() -> Node:
    found = brand()
    return {
        "@type": "Organization",
        "@id": organization_id(),
        "name": found.name,
        "legalName": found.legal_name,
        "url": absolute("/"),
        "logo": absolute(style.assets()[style.theme().mark].href),
        "telephone": found.phone,
        "address": postal_address(**found.place),
        "sameAs": [network["address"] for network in found.social],
    }


def website() -> Node:
    return {
        "@type": "WebSite",
        "url": absolute("/"),
        "name": brand().name,
        "publisher": {"@id": organization_id()},
    }


def breadcrumbs(*steps: tuple[str, str]) -> Node:
    """From the outside in, each its words and path; the last one is the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": words, "item": absolute(path)}
            for at, (words, path) in enumerate(steps, 1)
        ],
    }


def postal_address(*, street: str, city: str, state: str, zip: str) -> Node:
    return {
        "@type": "PostalAddress",
        "streetAddress": street,
        "addressLocality": city,
        "addressRegion": state,
        "postalCode": zip,
        "addressCountry": "US",
    }
