"""A child asks us to ask a parent; the parent says yes, confirms it a day later, or says no."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.consent import policies
from forecourt.interactions.views import refusal
from forecourt.minors import consents, methods
from forecourt.minors.forms import ParentForm
from forecourt.policy.policy import Age
from forecourt.traffic.pace import Pace
from forecourt.web import cookies
from forecourt.web.forms import takes
from forecourt.web.private import private

AGE_COOKIE = "age"
SLOWLY = "More questions came from your network in this minute than a person sends. Wait a minute, then press the button again."
# A class of children may share one network; each address is written to once.
asking = Pace(most=12)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    if consents.COLLECTS not in policies.in_force(request.now).uses:
        raise Http404("This brand keeps nothing of children, whatever a parent says.")
    if request.method != "POST":
        return show_form(request, ParentForm(now=request.now))
    form = ParentForm(request.POST, request.FILES, now=request.now)
    if form.undeclared:
        return show_form(request, form, problem=refusal(form.undeclared), status=422)
    if not form.is_valid():
        return show_form(request, form, status=422)
    if not asking.admits(request):
        return show_form(request, form, problem=SLOWLY, status=429)
    consents.ask(form.cleaned_data["parent"], form.nonce_id, request.now)
    return HttpResponseRedirect(f"{reverse('minors:ask')}?asked=yes", status=303)


@private
def show_form(request: HttpRequest, form: ParentForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "asked": "asked" in request.GET, "days": consents.days(request.now)}
    return render(request, "minors/ask.html", context, status=status)


@private
@require_safe
def consent(request: HttpRequest, token: str) -> HttpResponse:
    found = consents.by_token(token, request.now)
    if found is None:
        return gone(request)
    ways = [method.way.value for method in methods.of_brand()]
    context = {"asking": found, "token": token, "days": consents.days(request.now), "ways": ways}
    return render(request, "minors/consent.html", context)


@private
@require_POST
@takes()
def yes(request: HttpRequest, token: str) -> HttpResponse:
    found = consents.by_token(token, request.now)
    if found is None:
        return gone(request)
    try:
        consents.say_yes(found, request.now)
    except consents.NotNow:
        return gone(request)
    return HttpResponseRedirect(reverse("minors:consent", args=[token]), status=303)


@private
@require_POST
@takes()
def no(request: HttpRequest, token: str) -> HttpResponse:
    """Before a yes, or after it: the same press."""
    found = consents.by_token(token, request.now)
    if found is None:
        return gone(request)
    consents.forget(found, request.now)
    return HttpResponseRedirect(reverse("minors:consent", args=[token]), status=303)


@private
@require_POST
@takes()
def here(request: HttpRequest, token: str) -> HttpResponse:
    """In the child's own browser, until it is closed."""
    found = consents.by_token(token, request.now)
    if found is None or found.confirmed_at is None:
        return gone(request)
    response = HttpResponseRedirect(reverse("builds:start"), status=303)
    value = f"{Age.CHILD}+{consents.mark(found)}"
    cookies.set_declared(response, AGE_COOKIE, value, policies.in_force(request.now))
    return response


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "minors/gone.html", status=404)
