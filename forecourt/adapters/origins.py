"""Where a partner's host answers. In the demo every one of them is this machine: other names, on the port after the site's.

    tags.murmur.example -> http://tags.murmur.localhost:8401

Browsers find names under localhost here by themselves (RFC 6761); our own machines ask the loopback address.
"""

from urllib.parse import urlsplit

from django.conf import settings

from forecourt import environment

USUAL_PORT = 8400
LOOPBACK = "127.0.0.1"


def origin(host: str) -> str:
    """For browsers: scheme and host, as a page's address or the content security policy names them."""
    if settings.DEMO:
        return f"http://{host.removesuffix('.example')}.localhost:{port()}"
    return f"https://{host}"


def address(url: str) -> str:
    """For browsers: the same page, where the partner answers."""
    parts = urlsplit(url)
    return parts._replace(**dict(zip(("scheme", "netloc"), origin(parts.netloc).split("://"), strict=True))).geturl()


def endpoint(url: str) -> str:
    """For our own machines, whose resolvers need not know names under localhost."""
    if settings.DEMO:
        return urlsplit(url)._replace(scheme="http", netloc=f"{LOOPBACK}:{port()}").geturl()
    return url


def port() -> int:
    """The demo's partners listen beside the site."""
    return (urlsplit(settings.SITE_URL).port or environment.PORT or USUAL_PORT) + 1
