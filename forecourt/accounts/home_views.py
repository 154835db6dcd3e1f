"""What somebody sees of themselves once they are signed in, and what they change about their account."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.accounts import (
    choice_views,
    closing,
    gate,
    news,
    passkeys,
    passwords,
    sessions,
    story,
    throttle,
    tickets,
    views,
)
from forecourt.accounts.forms import ChangePasswordForm, NewPasswordForm, PasswordForm
from forecourt.accounts.gate import see
from forecourt.accounts.models import Account, Session, Ticket
from forecourt.consent import policies
from forecourt.security_log import Event, tell
from forecourt.web.forms import takes

WRONG = "That is not your password. Try again, or have a code sent."
WRONG_NOW = "That is not your password. Try again, or have a code sent to choose a new one."


@gate.signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Values stay covered until the person has shown, in this quarter of an hour, that it is still them."""
    session = gate.the_session(request)
    in_full = sessions.is_fresh(session, request.now)
    context = {
        "story": story.tell(session.account, request.now, in_full=in_full),
        "in_full": in_full,
        "account": session.account,
        "session": session,
        "zone": "UTC",
        "takes_requests": "answer-request" in policies.in_force(request.now).uses,
        **choice_views.shown(choice_views.AccountChooser(request)),
    }
    return render(request, "accounts/home.html", context)


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@takes("password", "next")
def confirm(request: HttpRequest) -> HttpResponse:
    """Once more: is it still you? By the password, here; by a code or a passkey, from here."""
    session = gate.the_session(request)
    form = PasswordForm(request.POST or None, auto_id="%s")
    if request.method != "POST" or not form.is_valid():
        return show_confirm(request, form, status=422 if form.is_bound else 200)
    try:
        throttle.count((throttle.CONFIRMS, str(session.account.pk)), now=request.now)
    except throttle.TooMany as full:
        return show_confirm(request, form, problem=views.wait_words(full, request), status=429)
    if not passwords.fits(session.account, form.cleaned_data["password"]):
        tell(Event.CONFIRMING_FAILED, account=sessions.number(session.account))
        return show_confirm(request, form, problem=WRONG, status=422)
    sessions.confirm(session, request.now)
    return see(gate.place_after(request))


def show_confirm(request: HttpRequest, form: PasswordForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    account = gate.the_session(request).account
    context = {
        "form": form,
        "problem": problem,
        "account": account,
        "has_password": account.user.has_usable_password(),
        "has_passkey": bool(passkeys.of(account)),
        "next": gate.place_after(request),
    }
    return render(request, "accounts/confirm.html", context, status=status)


@gate.signed_in
@require_POST
@takes("next")
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Have a code sent to the account's own address."""
    account = gate.the_session(request).account
    try:
        throttle.count((throttle.ASKED_ANYWHERE, str(account.pk)), now=request.now)
    except throttle.TooMany as full:
        return show_confirm(request, PasswordForm(auto_id="%s"), problem=views.wait_words(full, request), status=429)
    token = tickets.ask_again(account, request.now)
    return see(f"{reverse('accounts:confirm_digits', args=[token])}?next={gate.place_after(request)}")


@gate.signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@takes("code", "next")
def confirm_digits(request: HttpRequest, token: str) -> HttpResponse:
    session, ticket, problem = gate.the_session(request), tickets.find(token, request.now), ""
    if request.method == "POST":
        try:
            throttle.count((throttle.GUESSES_HERE, throttle.network(request)), now=request.now)
        except throttle.TooMany as full:
            problem = views.wait_words(full, request)
        else:
            mine = ticket and ticket.kind == Ticket.Kind.CONFIRM and ticket.account_id == session.account_id
            if ticket and mine and tickets.check(ticket, request.POST.get("code", ""), request.now):
                sessions.confirm(session, request.now)
                return see(gate.place_after(request))
            tell(Event.CONFIRMING_FAILED, account=sessions.number(session.account))
            problem = views.WRONG_CODE
    context = {"problem": problem, "next": gate.place_after(request), "minutes": tickets.LASTS.seconds // 60}
    return render(request, "accounts/confirm_digits.html", context, status=422 if problem else 200)


@gate.signed_in
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    return show_ways(request, password_form(request, bound=False))


def show_ways(
    request: HttpRequest, form: NewPasswordForm | ChangePasswordForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    session = gate.the_session(request)
    context = {
        "form": form,
        "problem": problem,
        "account": session.account,
        "session": session,
        "has_password": session.account.user.has_usable_password(),
        "passkeys": passkeys.of(session.account),
        "is_new": session.account.opened_at == session.began_at,
        "changed": request.GET.get("changed", ""),
    }
    return render(request, "accounts/ways.html", context, status=status)


def password_form(request: HttpRequest, *, bound: bool = True) -> NewPasswordForm | ChangePasswordForm:
    """Whoever forgot theirs has shown a code that was sent for this; everybody else shows the one that stands."""
    session = gate.the_session(request)
    needs_old = session.account.user.has_usable_password() and not sessions.may_reset(session, request.now)
    kind = ChangePasswordForm if needs_old else NewPasswordForm
    return kind(request.POST if bound else None, auto_id="%s")


@gate.confirmed
@require_POST
@takes("password", "new_password")
def set_password(request: HttpRequest) -> HttpResponse:
    """A new one signs out every other browser: whoever changes it may have lost one."""
    session, form = gate.the_session(request), password_form(request)
    if not form.is_valid():
        return show_ways(request, form, status=422)
    if refused := without_the_old_one(request, form):
        return refused
    passwords.set_on(session.account.user, form.cleaned_data["new_password"])
    changed(session, news.PASSWORD_SET, request)
    return see(f"{reverse('accounts:ways')}?changed=password")


@gate.confirmed
@require_POST
@takes("password", "new_password")
def remove_password(request: HttpRequest) -> HttpResponse:
    session, form = gate.the_session(request), password_form(request)
    if "password" in form.fields:
        form.fields["new_password"].required = False
        if not form.is_valid():
            return show_ways(request, form, status=422)
        if refused := without_the_old_one(request, form):
            return refused
    passwords.remove(session.account.user)
    changed(session, news.PASSWORD_GONE, request)
    return see(f"{reverse('accounts:ways')}?changed=no-password")


def without_the_old_one(request: HttpRequest, form: NewPasswordForm | ChangePasswordForm) -> HttpResponse | None:
    """The page again, where the form asks for the password that stands and another one was typed; tries are counted."""
    if "password" not in form.fields:
        return None
    account = gate.the_session(request).account
    try:
        throttle.count((throttle.CONFIRMS, str(account.pk)), now=request.now)
    except throttle.TooMany as full:
        return show_ways(request, form, problem=views.wait_words(full, request), status=429)
    if passwords.fits(account, form.cleaned_data["password"]):
        return None
    tell(Event.CONFIRMING_FAILED, account=sessions.number(account))
    form.add_error("password", WRONG_NOW)
    return show_ways(request, form, status=422)


def changed(session: Session, what: news.News, request: HttpRequest) -> None:
    sessions.end_all(session.account, but=session)
    sessions.has_reset(session)
    tell(Event.WAYS_IN_CHANGED, account=sessions.number(session.account))
    news.send(session.account, what, request.now)


@gate.confirmed
@require_POST
@takes()
def end_session(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Another browser of one's own, lost or left somewhere: out at once."""
    mine: Account = gate.the_session(request).account
    Session.objects.filter(pk=session_id, account=mine).delete()
    return see(f"{reverse('accounts:home')}#browsers")


@gate.confirmed
@require_http_methods(["GET", "HEAD", "POST"])
@takes("sure")
def closure(request: HttpRequest) -> HttpResponse:
    """Close the account. Asked once, done at once, and said by email."""
    session = gate.the_session(request)
    if request.method != "POST" or request.POST.get("sure") != "yes":
        return render(request, "accounts/closure.html", {"account": session.account})
    news.send(session.account, news.CLOSED, request.now)
    closing.close(session.account, request.now)
    return views.let_go(request, see(f"{reverse('accounts:sign_in')}?closed=1"))
