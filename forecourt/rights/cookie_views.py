"""Every cookie, those of this browser, and a button to delete each."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from forecourt.consent import policies
from forecourt.consent.choices import COOKIE as CHOICES
from forecourt.rights import my_cookies
from forecourt.web import cookies
from forecourt.web.forms import takes

ALL = "all"


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    policy = policies.in_force(request.now)
    asked = set(request.GET.getlist("deleted")) & set(policy.cookies)
    context = {
        "policy": policy,
        "jar": my_cookies.jar(request.COOKIES, policy, request.choices, request.now),
        "stops": [row for row in policy.cookies.values() if row.without and not row.host],
        "deleted": sorted(asked - set(request.COOKIES)),
        "comes_back": CHOICES in asked and request.choices.sent,
    }
    return render(request, "rights/cookies.html", context)


@never_cache
@require_POST
@takes("name")
def deletion(request: HttpRequest) -> HttpResponse:
    """One of ours, or all that this browser sent and those that go to other pages alone."""
    policy = policies.in_force(request.now)
    wanted = request.POST.get("name", "")
    names = [name for name in my_cookies.deletable(policy) if wanted in (name, ALL)]
    request.choices = my_cookies.forget(names, request.COOKIES, request.choices, request.now)
    query = urlencode([("deleted", name) for name in names if wanted != ALL or name in request.COOKIES])
    response = HttpResponseRedirect(f"{reverse('rights:cookies')}?{query}", status=303)
    for name in names:
        cookies.delete(response, name, policy)
    return response
