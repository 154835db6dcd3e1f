"""Only cookies that the policy declares leave, as it declares them: their name, their path, and no longer than it says.

A surplus cookie is an error in tests. In production it is dropped and reported, since a page without it beats a promise broken.
"""

import logging
from collections.abc import Callable
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.policy.policy import Cookie, Policy

log = logging.getLogger(__name__)
DAY = 86_400


class UndeclaredCookie(Exception):
    """Names the cookie and the row of uses.toml that is missing or differs."""


def declared_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.cookies:
            policy = policies.in_force(request.now)
            for name, morsel in list(response.cookies.items()):
                if surplus := objection(policy, name, morsel):
                    report(surplus)
                    del response.cookies[name]
        return response

    return handle


def objection(policy: Policy, name: str, morsel: Morsel) -> str:
    """What is wrong with setting this cookie; empty where the policy declares it so."""
    declared = policy.cookies.get(name)
    if declared is None:
        return f"the cookie {name} is not in the policy: add [cookies.{name}] to {policy.uses_path} or do not set it"
    if not morsel["path"].rstrip("/").startswith(declared.path.rstrip("/")):
        return f"the cookie {name} is set for {morsel['path']}, and [cookies.{name}] declares {declared.path}"
    if lasts_longer(morsel, declared):
        return f"the cookie {name} outlives what [cookies.{name}] declares: lifetime"
    return ""


def lasts_longer(morsel: Morsel, declared: Cookie) -> bool:
    if str(morsel["max-age"]) == "0":  # it is being deleted
        return False
    if declared.lifetime is None:
        return morsel["max-age"] != "" or morsel["expires"] != ""
    # An Expires alone is not worth parsing: whoever sets a lasting cookie says its age.
    return morsel["max-age"] == "" or int(morsel["max-age"]) > declared.lifetime * DAY


def report(surplus: str) -> None:
    if settings.UNDECLARED_COOKIES_ARE_ERRORS:
        raise UndeclaredCookie(surplus)
    log.error("A cookie was dropped: %s", surplus)
