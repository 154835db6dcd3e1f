"""A site that says how it was asked, behind the server that our own site stands behind."""

import itertools
import json

from forecourt.edge.page_cache import PageCache
from forecourt.edge.server import Server


class News:
    """Tells of a change when a page asks for it, and of none by itself."""

    epoch = 1


def said(environ, start_response):
    match environ["PATH_INFO"]:
        case "/breaks/":
            raise RuntimeError("on purpose")
        case "/changes/":
            News.epoch += 1
        case path if path.startswith("/kept/"):
            start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
            return [f"{path} made {next(made)}".encode()]
    body = environ["wsgi.input"].read()
    words = {name: value for name, value in environ.items() if isinstance(value, str)}
    start_response("201 Created", [("Content-Type", "application/json"), ("Set-Cookie", " a=1"), ("Set-Cookie", "b=2")])
    return [json.dumps({**words, "body": body.decode("latin-1"), "length": len(body)}).encode()]


made = itertools.count(1)
application = Server(PageCache(said, news=News(), is_public=lambda path, words: path.startswith("/kept/")))
