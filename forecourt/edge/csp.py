"""The content security policy of each answer: our own host, and those of the tags that stand in this very page by permission.

So the browser itself refuses a tag that got into a page in any other way. Pages without tags, which are all that a cache may
keep, always say the same.
"""

from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from forecourt.edge.staff import is_staff
from forecourt.traffic.tags import NONE

OURS = "'self'"
NOBODY = "'none'"
ALWAYS = {
    "default-src": [OURS],
    "img-src": [OURS, "data:"],
    "object-src": [NOBODY],
    "base-uri": [NOBODY],
    "form-action": [OURS],
    "frame-ancestors": [NOBODY],
}
# The CMS shows what is being written in a frame of our own.
OUTSIDE_THE_CMS = {"frame-src": [NOBODY]}


class GeneratedPolicy(CSPMiddleware):
    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only:
            parts.config = directives(getattr(request, "tags", NONE).hosts, cms=is_staff(request))
        return parts


def directives(hosts: frozenset[str], *, cms: bool = False) -> dict[str, Any]:
    found = ALWAYS if cms else ALWAYS | OUTSIDE_THE_CMS
    if not hosts:
        return found
    theirs = sorted(hosts)
    return found | {
        "script-src": [OURS, *theirs],
        "connect-src": [OURS, *theirs],
        "img-src": [*found["img-src"], *theirs],
    }
