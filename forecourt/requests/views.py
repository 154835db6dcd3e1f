"""Requests without an account: what there is to ask, the code, and the page on which a request is followed."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.accounts import throttle
from forecourt.accounts.views import wait_words
from forecourt.cases.models import Case
from forecourt.requests import corrections, deleting, desks, identity, leaving, offer, passes, paths
from forecourt.requests.desks import Desk
from forecourt.requests.forms import AddressForm, DigitsForm, FindForm
from forecourt.requests.models import Pass, Request
from forecourt.web.forms import takes
from forecourt.web.private import private

View = Callable[..., HttpResponse]
WRONG = "That is not the code that we sent, or its time is over. Check the digits, or start again."


def where_offered(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not offer.is_open(request.now):
            raise Http404("This brand takes requests by letter and phone.")
        return view(request, *args, **kwargs)

    return wrapped


@where_offered
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The same for everybody."""
    return render(request, "requests/start.html")


@where_offered
@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("contact")
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    form = AddressForm(request.POST or None, auto_id="%s")
    if request.method != "POST" or not form.is_valid():
        return show_ask(request, kind, form, status=422 if form.is_bound else 200)
    return send_code(
        request, Pass.Kind(kind), form, lambda problem: show_ask(request, kind, form, problem=problem, status=429)
    )


def show_ask(
    request: HttpRequest, kind: str, form: AddressForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    return render(request, "requests/ask.html", {"kind": kind, "form": form, "problem": problem}, status=status)


@where_offered
@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("contact", "reference")
def find(request: HttpRequest) -> HttpResponse:
    """Back to a request whose page is lost: by its number, and by the address that it came from."""
    initial = {"reference": request.GET.get("number", "")}
    form = FindForm(request.POST or None, auto_id="%s", initial=initial)
    if request.method != "POST" or not form.is_valid():
        return show_find(request, form, status=422 if form.is_bound else 200)
    return send_code(
        request, Pass.Kind.FIND, form, lambda problem: show_find(request, form, problem=problem, status=429)
    )


def show_find(request: HttpRequest, form: FindForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    return render(request, "requests/find.html", {"form": form, "problem": problem}, status=status)


def send_code(
    request: HttpRequest, kind: Pass.Kind, form: AddressForm, refuse: Callable[[str], HttpResponse]
) -> HttpResponse:
    said = form.cleaned_data
    try:
        token = passes.ask(
            kind, said["contact"], throttle.network(request), request.now, reference=said.get("reference", "")
        )
    except throttle.TooMany as full:
        return refuse(wait_words(full, request))
    return to_code(token)


def to_code(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("requests:code", args=[token]), status=303)


@where_offered
@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("code")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """It says the same whether a code left or not."""
    form = DigitsForm(request.POST or None, auto_id="%s")
    if request.method != "POST" or not form.is_valid():
        return show_code(request, form, status=422 if form.is_bound else 200)
    try:
        throttle.count((throttle.GUESSES_HERE, throttle.network(request)), now=request.now)
    except throttle.TooMany as full:
        return show_code(request, form, problem=wait_words(full, request), status=429)
    waiting = passes.find(token, request.now)
    if waiting is None or not passes.check(waiting, form.cleaned_data["code"], request.now):
        return show_code(request, form, problem=WRONG, status=422)
    identity.note_shown(waiting, request.now)
    return HttpResponseRedirect(reverse("requests:desk", args=[token]), status=303)


def show_code(request: HttpRequest, form: DigitsForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "minutes": passes.LASTS.seconds // 60}
    return render(request, "requests/code.html", context, status=status)


@where_offered
@private
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, token: str) -> HttpResponse:
    opened = passes.confirmed(token, request.now)
    if opened is None or opened.contact is None:
        return render(request, "requests/over.html", status=404)
    here = Desk(request, opened.contact, identity.received(opened), "web/base.html", offer.HOME)
    asked = Request.objects.select_related("case").filter(pk=opened.case).first()
    if opened.kind == Pass.Kind.FIND:
        return takes()(lambda _: desks.to_take(here, asked))(request)
    if opened.kind == Pass.Kind.MOVE:
        return desks.to_move(here, asked)
    return desks.serve(opened.kind, here)


@where_offered
@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("contact")
def leave(request: HttpRequest) -> HttpResponse:
    """One press; the same answer for every address."""
    form = AddressForm(request.POST or None, auto_id="%s")
    form.fields["contact"].help_text = "One that we may have of you. Nothing is sent there."
    if request.method != "POST" or not form.is_valid():
        return render(request, "requests/leave.html", {"form": form}, status=422 if form.is_bound else 200)
    left = leaving.leave_address(form.cleaned_data["contact"], request.now, method="page", came_by=Case.Channel.WEB)
    return HttpResponseRedirect(paths.path_of_leaving(left.case), status=303)


@where_offered
@private
@require_safe
def left(request: HttpRequest, token: str) -> HttpResponse:
    found = paths.left_by_token(token)
    if found is None:
        return render(request, "requests/no_such.html", {"base": "web/base.html", "home": offer.HOME}, status=404)
    return render(request, "requests/left.html", {"case": found})


@where_offered
@private
@require_safe
def case(request: HttpRequest, token: str) -> HttpResponse:
    """When it came in, by when it is answered, and how it was: nothing about the person, so that the address of the page is enough."""
    asked = paths.by_token(token)
    if asked is None:
        return render(request, "requests/no_such.html", {"base": "web/base.html", "home": offer.HOME}, status=404)
    erasure = deleting.receipt(asked)
    context = {
        "asked": asked,
        "token": token,
        "archive": getattr(asked, "archive", None),
        "erasure": erasure,
        "told": corrections.told(asked),
        "rows": sum(erasure.removed.values()) if erasure else 0,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "requests/case.html", context)


@where_offered
@private
@require_POST
@takes()
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """A code to whoever made the request; with it the file opens."""
    asked = paths.by_token(token)
    if asked is None:
        return render(request, "requests/no_such.html", {"base": "web/base.html", "home": offer.HOME}, status=404)
    try:
        waiting = passes.ask_owner(asked, throttle.network(request), request.now)
    except throttle.TooMany as full:
        return HttpResponse(wait_words(full, request), status=429)
    return to_code(waiting)
