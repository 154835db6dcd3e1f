"""The one way to set and delete a cookie of ours: as the policy's row declares it, and no other way.

    cookies.set_declared(response, "choices", str(choices), policies.in_force(request.now))

No script can read one, no other site can send it along, and it goes to this host alone. What was not declared, or comes
without the yes that its row asks for, is caught on its way out (edge/cookies.py).
"""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse

from forecourt.policy.policy import Policy

# Whoever sends somebody on to a page after a cookie was set names it in the address, since only the next request tells.
SET = "cookie"


def set_declared(response: HttpResponse, name: str, value: str, policy: Policy) -> None:
    """For as long as its row says. Whoever says yes in this very request has put the new choices on it first."""
    row = policy.cookies.get(name)
    response.set_cookie(
        name,
        value,
        max_age=row.lifetime * 86_400 if row and row.lifetime else None,
        path=row.path if row else "/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def delete(response: HttpResponse, name: str, policy: Policy) -> None:
    """Gone with this answer; the row behind it, where there is one, is its owner's to destroy."""
    row = policy.cookies.get(name)
    response.set_cookie(
        name,
        "",
        max_age=0,
        expires="Thu, 01 Jan 1970 00:00:00 GMT",
        path=row.path if row else "/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def told(path: str, *names: str) -> str:
    """The address to send somebody on to: the page there says kindly what does not work if their browser kept none of it."""
    start = "&" if "?" in path else "?"
    return f"{path}{start}{urlencode([(SET, name) for name in names])}" if names else path
