"""The content security policy of each answer: our own host, and those of the tags that stand in this very page by permission.

So the browser itself refuses a tag that got into a page in any other way. Pages without tags, which are all that a cache may
keep, say the same to the letter, whichever process answers.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.traffic.tags import NONE

Handler = Callable[[HttpRequest], HttpResponse]
Directives = dict[str, list[str]]

HEADER = "Content-Security-Policy"
OURS = "'self'"
NOBODY = "'none'"
ALWAYS: Directives = {
    "default-src": [OURS],
    "img-src": [OURS, "data:"],
    "object-src": [NOBODY],
    "base-uri": [NOBODY],
    "form-action": [OURS],
    "frame-ancestors": [NOBODY],
    "frame-src": [NOBODY],
}


def generated(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        found = directives(getattr(request, "tags", NONE).hosts)
        # The CMS brings its own (console/gate.py): its editor needs what no page of ours does.
        response.headers.setdefault(HEADER, "; ".join(f"{name} {' '.join(words)}" for name, words in found.items()))
        return response

    return handle


def directives(hosts: frozenset[str]) -> Directives:
    if not hosts:
        return ALWAYS
    theirs = sorted(hosts)
    return ALWAYS | {
        "script-src": [OURS, *theirs],
        "connect-src": [OURS, *theirs],
        "img-src": [*ALWAYS["img-src"], *theirs],
    }
