"""What a beacon notes of a request, made small before anything is kept."""

import ipaddress
import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from forecourt.traffic.models import View

HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?")
# The first word that is there: browsers name their ancestors too.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
BITS = {4: 24, 6: 48}


def note(request: HttpRequest, kind: str, came_from: str, now: datetime) -> View:
    """To be asked only after the yes was seen."""
    return View.objects.create(
        kind=kind,
        at=now.replace(minute=0, second=0, microsecond=0),
        network=cut(address_of(request)),
        browser=family(request.headers.get("User-Agent", "")),
        came_from=came_from if HOST.fullmatch(came_from) else "",
    )


def address_of(request: HttpRequest) -> str:
    """Behind our proxy, the last address that it added; nobody else can write that."""
    if settings.HTTPS:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")


def cut(address: str) -> str:
    """203.0.113.0/24 or 2001:db8:1::/48; empty for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    found = mapped or found
    return str(ipaddress.ip_network((found, BITS[found.version]), strict=False))


def family(agent: str) -> str:
    return next((name for word, name in FAMILIES if word in agent), "other")


def host_of(address: str) -> str:
    """The host alone of the page before; empty where there was none, or nonsense."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host if HOST.fullmatch(host) else ""
