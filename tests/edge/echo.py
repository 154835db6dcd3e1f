"""A site that says how it was asked, behind the server that our own site stands behind."""

import json

from forecourt.edge.page_cache import PageCache
from forecourt.edge.server import Server


class Deaf:
    """Hears no news, so nothing is kept."""

    epoch = None


def said(environ, start_response):
    if environ["PATH_INFO"] == "/breaks/":
        raise RuntimeError("on purpose")
    body = environ["wsgi.input"].read()
    words = {name: value for name, value in environ.items() if isinstance(value, str)}
    start_response("201 Created", [("Content-Type", "application/json"), ("Set-Cookie", " a=1"), ("Set-Cookie", "b=2")])
    return [json.dumps({**words, "body": body.decode("latin-1"), "length": len(body)}).encode()]


application = Server(PageCache(said, news=Deaf()))
