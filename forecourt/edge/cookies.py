"""Only cookies that the policy declares leave, as it declares them: name, path, how long, and after which yes.

A surplus cookie is an error in tests. In production it is dropped, since a page without it beats a promise broken, and the row
of proof/surplus.py raises the alarm: on the console's figures, and in the next check of P-10-2.
"""

import logging
from collections.abc import Callable, Iterator
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.policy.policy import Cookie, Policy, Switch
from forecourt.proof import surplus

log = logging.getLogger(__name__)
DAY = 86_400


class UndeclaredCookie(Exception):
    """Names the cookie and the row of uses.toml that is missing or differs."""


def declared_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if raw := response.headers.get("Set-Cookie"):
            del response.headers["Set-Cookie"]
            name = raw.partition("=")[0]
            report(name, f"the cookie {name} is set as a header of its own: set it by web/cookies.py", request)
        if response.cookies:
            policy, said_yes = policies.in_force(request.now), yeses(request)
            for name, morsel in list(response.cookies.items()):
                if says := objection(policy, name, morsel, said_yes):
                    del response.cookies[name]
                    report(name, says, request)
        return response

    return handle


def yeses(request: HttpRequest) -> frozenset[Switch]:
    """What this browser allowed, as it stands at the end of the request; nobody who said nothing has allowed anything."""
    choices = getattr(request, "choices", None)
    return choices.said_yes if choices else frozenset()


def objection(policy: Policy, name: str, morsel: Morsel, said_yes: frozenset[Switch] = frozenset()) -> str:
    """What is wrong with setting this cookie; empty where the policy declares it so."""
    declared = policy.cookies.get(name)
    if declared is None:
        return f"the cookie {name} is not in the policy: add [cookies.{name}] to {policy.uses_path} or do not set it"
    return next(differences(name, morsel, declared, said_yes), "")


def differences(name: str, morsel: Morsel, declared: Cookie, said_yes: frozenset[Switch]) -> Iterator[str]:
    row = f"[cookies.{name}]"
    if declared.host:
        yield f"the cookie {name} is {declared.setter}’s to set, on {declared.host}: do not set it"
    if morsel["path"] != declared.path:
        yield f"the cookie {name} is set for {morsel['path'] or 'no path'}, and {row} declares {declared.path}"
    if morsel["domain"]:
        yield f"the cookie {name} goes to other hosts under {morsel['domain']}: set it without a domain"
    if is_deleted(morsel):
        return
    if not morsel["httponly"] or morsel["samesite"] not in ("Lax", "Strict"):
        yield f"the cookie {name} can be read by scripts or sent by other sites: set it by web/cookies.py"
    if settings.HTTPS and not morsel["secure"]:
        yield f"the cookie {name} may travel unencrypted: set it by web/cookies.py"
    if lasts_longer(morsel, declared):
        yield f"the cookie {name} outlives what {row} declares: lifetime"
    if declared.switch and declared.switch not in said_yes:
        yield f"the cookie {name} needs a yes to {declared.switch}, and this browser has said none"


def is_deleted(morsel: Morsel) -> bool:
    return str(morsel["max-age"]) == "0"


def lasts_longer(morsel: Morsel, declared: Cookie) -> bool:
    if declared.lifetime is None:
        return morsel["max-age"] != "" or morsel["expires"] != ""
    # An Expires alone is not worth parsing: whoever sets a lasting cookie says its age.
    return morsel["max-age"] == "" or int(morsel["max-age"]) > declared.lifetime * DAY


def report(name: str, says: str, request: HttpRequest) -> None:
    if settings.UNDECLARED_COOKIES_ARE_ERRORS:
        raise UndeclaredCookie(says)
    log.error("A cookie was dropped: %s", says)
    surplus.saw(name, says, request.now)
