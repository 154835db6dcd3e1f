"""Whether a browser kept the cookie that it was just given; only the request after it tells. For every page."""

from django.http import HttpRequest

from forecourt.consent import policies
from forecourt.policy.policy import Cookie
from forecourt.web import cookies


def refused_cookies(request: HttpRequest) -> dict[str, list[Cookie]]:
    """Those that this address says were set (web.cookies.told) and the browser did not send: the page says what that means."""
    names = request.GET.getlist(cookies.SET)
    if not names:
        return {"refused_cookies": []}
    declared = policies.in_force(request.now).cookies
    missing = [declared[name] for name in dict.fromkeys(names) if name in declared and name not in request.COOKIES]
    return {"refused_cookies": [row for row in missing if row.without]}
