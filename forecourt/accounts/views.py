"""The way in and out: making an account, signing in, and signing out. What somebody sees once they are in is home_views.py."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from forecourt.accounts import following, gate, offer, sessions, signing_in, throttle, tickets
from forecourt.accounts.forms import CodeForm, EmailForm, SignInForm
from forecourt.accounts.gate import see
from forecourt.accounts.models import Account, Ticket
from forecourt.accounts.sessions import How
from forecourt.consent import policies
from forecourt.interactions.bindings import Caller
from forecourt.people import browsers, contacts
from forecourt.security_log import Event, tell
from forecourt.vehicles.builds import saving, shelves
from forecourt.web import cookies, login_id
from forecourt.web.forms import takes

Kind = Ticket.Kind
WRONG = "That email address and password do not belong together. Check both, or get a code by email instead."
WRONG_CODE = "That is not the code that we sent, or its time is over. Check the digits, or start again."
PURPOSE = "account-sign-in"
ASKS = {
    Kind.REGISTER: "accounts:register",
    Kind.CODE: "accounts:ask_code",
    Kind.RESET: "accounts:reset",
}


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("email", "next")
def register(request: HttpRequest) -> HttpResponse:
    return ask(request, Kind.REGISTER)


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("email", "next")
def ask_code(request: HttpRequest) -> HttpResponse:
    return ask(request, Kind.CODE)


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("email", "next")
def reset(request: HttpRequest) -> HttpResponse:
    return ask(request, Kind.RESET)


def ask(request: HttpRequest, kind: Kind) -> HttpResponse:
    """An email address, and a code goes there: the same answer and the same work for every address."""
    form = EmailForm(request.POST or None, auto_id="%s")
    if request.method != "POST" or not form.is_valid():
        return show_ask(request, kind, form, status=422 if form.is_bound else 200)
    try:
        token = signing_in.ask_for_code(kind, form.cleaned_data["email"], throttle.network(request), request.now)
    except throttle.TooMany as full:
        return show_ask(request, kind, form, problem=wait_words(full, request), status=429)
    return see(code_page(token, request))


def show_ask(
    request: HttpRequest, kind: Kind, form: EmailForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "kind": kind, "problem": problem, "next": gate.place_after(request), "home": offer.HOME}
    return render(request, "accounts/ask.html", context, status=status)


def code_page(token: str, request: HttpRequest) -> str:
    path, after = reverse("accounts:code", args=[token]), gate.place_after(request)
    return path if after == offer.HOME else f"{path}?{urlencode({'next': after})}"


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("code", "remember_login", "shared_device", "next")
def code(request: HttpRequest, token: str) -> HttpResponse:
    """The page that waits for the digits. It says the same whether an email left or not."""
    ticket = tickets.find(token, request.now)
    if ticket and ticket.kind not in ASKS:
        ticket = None
    kind = Kind(ticket.kind) if ticket else Kind.CODE
    form = CodeForm(request.POST or None, auto_id="%s")
    if request.method != "POST" or not form.is_valid():
        return show_code(request, kind, form, status=422 if form.is_bound else 200)
    try:
        throttle.count((throttle.GUESSES_HERE, throttle.network(request)), now=request.now)
    except throttle.TooMany as full:
        return show_code(request, kind, form, problem=wait_words(full, request), status=429)
    given = form.cleaned_data
    account = signing_in.with_code(ticket, given["code"], request.now) if ticket else None
    if account is None:
        tell(Event.SIGN_IN_FAILED, way=signing_in.CODE)
        return show_code(request, kind, form, problem=WRONG_CODE, status=422)
    is_new = account.opened_at == request.now
    after = reverse("accounts:ways") if is_new or kind == Kind.RESET else gate.place_after(request)
    how = How(signing_in.RESET if kind == Kind.RESET else signing_in.CODE, given["shared_device"])
    response = enter(request, account, how, after)
    remember(request, response, account, remember=given["remember_login"], shared=how.shared)
    return response


def show_code(
    request: HttpRequest, kind: Kind, form: CodeForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "kind": kind,
        "problem": problem,
        "again": reverse(ASKS.get(kind, "accounts:ask_code")),
        "minutes": tickets.LASTS.seconds // 60,
        "next": gate.place_after(request),
    }
    return render(request, "accounts/code.html", context, status=status)


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("email", "password", "remember_login", "shared_device", "next")
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show_sign_in(request)
    form = SignInForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return show_sign_in(request, form, status=422)
    given = form.cleaned_data
    try:
        account = signing_in.with_password(given["email"], given["password"], throttle.network(request), request.now)
    except throttle.TooMany as full:
        return show_sign_in(request, form, problem=wait_words(full, request), status=429)
    if account is None:
        tell(Event.SIGN_IN_FAILED, way=signing_in.PASSWORD)
        return show_sign_in(request, form, problem=WRONG, status=422)
    how = How(signing_in.PASSWORD, given["shared_device"])
    response = enter(request, account, how, gate.place_after(request))
    remember(request, response, account, remember=given["remember_login"], shared=how.shared)
    return response


def show_sign_in(
    request: HttpRequest, form: SignInForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    known = login_id.remembered(request, visitor=True)
    wanted = request.path if status == 401 and request.method in gate.SAFE else gate.place_after(request)
    context = {
        "form": form or SignInForm(auto_id="%s", initial={"email": known, "remember_login": bool(known)}),
        "problem": problem,
        "left": "left" in request.GET,
        "closed": "closed" in request.GET,
        "next": wanted,
        "wanted": status == 401 and wanted != offer.HOME,
        "query": f"?{urlencode({'next': wanted})}" if wanted != offer.HOME else "",
    }
    response = render(request, "accounts/sign_in.html", context, status=status)
    if status == 401:
        # A scheme that no browser has a window for: the page itself is the way in (RFC 9110, 11.6.1).
        response["WWW-Authenticate"] = 'Form realm="account"'
    return response


def enter(request: HttpRequest, account: Account, how: How, after: str) -> HttpResponse:
    """Signed in, or one step away from it where the account wants a second factor."""
    if account.second_factor and how.method != signing_in.PASSKEY:
        token = tickets.between(account, how.method, shared=how.shared, now=request.now)
        query = f"?{urlencode({'next': after})}" if after != offer.HOME else ""
        return see(f"{reverse('accounts:second', args=[token])}{query}")
    return begin(request, account, how, after)


def begin(request: HttpRequest, account: Account, how: How, after: str) -> HttpResponse:
    if before := gate.session_of(request):
        sessions.end(before)
    session, token = sessions.begin(account, how, request)
    caller = Caller(request.choices, request.COOKIES.get(browsers.COOKIE, ""))
    following.bring(account, session, caller, request.now)
    response = see(cookies.told(after, offer.COOKIE))
    if not how.shared and shelves.join(saving.token_of(request), account.contact_id, request.now):
        # On a device that others use, what was saved may be somebody else's.
        saving.take_back(request, response)
    sessions.put(response, token, request.now)
    return response


def remember(request: HttpRequest, response: HttpResponse, account: Account, *, remember: bool, shared: bool) -> None:
    policy, address = policies.in_force(request.now), ""
    if remember and not shared:
        address = contacts.address_of(account.contact, purpose=PURPOSE, who="visitor", now=request.now).text
    login_id.settle(request, response, address, remember=remember, shared=shared, policy=policy, visitor=True)


@gate.secure
@require_POST
@takes("everywhere")
def sign_out(request: HttpRequest) -> HttpResponse:
    """The row goes first, so the token means nothing on any server; then the browser is told to let go of what it kept."""
    if session := gate.session_of(request):
        if request.POST.get("everywhere"):
            sessions.end_all(session.account)
        else:
            sessions.end(session)
        request.choices = following.left_behind(request.choices)
    response = see(f"{reverse('accounts:sign_in')}?left=1")
    return let_go(request, response)


def let_go(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Cookies that keep what somebody chose stay, the session's goes by name."""
    response["Clear-Site-Data"] = '"cache", "storage"'
    cookies.delete(response, offer.COOKIE, policies.in_force(request.now))
    return response


def wait_words(full: throttle.TooMany, request: HttpRequest) -> str:
    minutes = max(1, -(-int((full.until - request.now).total_seconds()) // 60))
    return (
        f"Too many tries. Wait {minutes} {'minute' if minutes == 1 else 'minutes'}, then try again; nothing is locked. "
        "A passkey works at once."
    )
