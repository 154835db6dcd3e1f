"""Who may see what under /account/. A page of an account wants a session; what changes or shows everything wants a fresh one."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from forecourt.accounts import offer, sessions
from forecourt.accounts.models import Session
from forecourt.security_log import Event
from forecourt.web.private import private

View = Callable[..., HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def secure(view: View) -> View:
    """Every page of this room: kept by no cache, also not by the browser's own for going back."""

    @private
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not offer.is_open(request.now):
            raise Http404("This brand has no accounts.")
        return view(request, *args, **kwargs)

    @wraps(view)
    def answered(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = wrapped(request, *args, **kwargs)
        # Forms of browsers that say nothing else are known to be ours by where they came from.
        response["Referrer-Policy"] = "same-origin"
        return response

    return answered


def signed_in(view: View) -> View:
    """Without a session: 401, with the page to sign in, and nothing else."""

    @secure
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if session_of(request) is None:
            return refuse(request)
        if request.method not in SAFE and not is_surely_ours(request):
            request.refused_as = Event.FORM_REFUSED
            return render(request, "web/foreign_form.html", status=403)
        return view(request, *args, **kwargs)

    return wrapped


def confirmed(view: View) -> View:
    """Before anything is deleted, corrected or disclosed in full, the person shows once more who they are."""

    @signed_in
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if must_confirm(the_session(request), request):
            back = request.path if request.method in SAFE else offer.HOME
            return see(f"{reverse('accounts:confirm')}?{urlencode({'next': back})}")
        return view(request, *args, **kwargs)

    return wrapped


def must_confirm(session: Session, request: HttpRequest) -> bool:
    return not sessions.is_fresh(session, request.now)


def session_of(request: HttpRequest) -> Session | None:
    return getattr(request, "signed_in", None)


def the_session(request: HttpRequest) -> Session:
    session = session_of(request)
    assert session is not None
    return session


def refuse(request: HttpRequest) -> HttpResponse:
    from forecourt.accounts import views  # the page to sign in, whose own view needs this file

    return views.show_sign_in(request, status=401)


def is_surely_ours(request: HttpRequest) -> bool:
    """A form that rides on somebody's session has to say where it came from; edge/forms.py has turned away what says elsewhere."""
    if "Sec-Fetch-Site" in request.headers:
        return True
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


def place_after(request: HttpRequest) -> str:
    """Where somebody wanted to go before signing in: a page of the account, and nowhere else."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    path = urlsplit(asked).path
    return (
        path if asked == path and path.startswith(offer.HOME) and "//" not in path and "\\" not in path else offer.HOME
    )


def see(path: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(path, status=303)
