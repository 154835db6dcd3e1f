"""Murmur Ads, the demo's ad network: another company, played on this machine, on names and a port of its own.

    http://tags.murmur.localhost:8401/   its tag, its pixel, and what it knows (its own view of things)
    http://news.localhost:8401/          somebody else's site, which shows Murmur's ads
    http://127.0.0.1:8401/api/           what Wren's machines tell it

It behaves as such networks do, third-party cookie and all, so that what our no stops can be watched stopping.
"""

TAGS, NEWS = "tags.murmur.localhost", "news.localhost"


def addresses(port: int) -> tuple[tuple[str, str], ...]:
    return (("Demo ad network", f"http://{TAGS}:{port}/"), ("Demo news site", f"http://{NEWS}:{port}/"))
