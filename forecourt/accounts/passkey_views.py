"""Passkeys at the door and inside, and the second factor. All of it needs JavaScript, but for the recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from forecourt.accounts import gate, home_views, news, passkeys, sessions, signing_in, story, throttle, tickets, views
from forecourt.accounts.forms import SignInForm
from forecourt.accounts.gate import see
from forecourt.accounts.models import Account, Ticket
from forecourt.accounts.sessions import How
from forecourt.people import contacts
from forecourt.security_log import Event, tell
from forecourt.web.forms import takes

NOT_GOOD = "That passkey did not open it. Try again, or sign in another way."
NOT_ADDED = "No passkey was made. Try again; nothing has changed."


@gate.secure
@require_POST
@takes("ticket")
def challenge(request: HttpRequest) -> HttpResponse:
    """For whoever wants to sign in; with a ticket, for the account whose first step was taken."""
    try:
        throttle.count((throttle.PASSKEYS_HERE, throttle.network(request)), now=request.now)
    except throttle.TooMany:
        return JsonResponse({}, status=429)
    ticket = second_step(request.POST["ticket"], request) if request.POST.get("ticket") else None
    return JsonResponse(passkeys.ask(request, ticket.account if ticket else None))


@gate.secure
@require_POST
@takes("asked", "credential", "shared_device", "next")
def sign_in(request: HttpRequest) -> HttpResponse:
    try:
        account = passkeys.answered_by(request.POST.get("asked", ""), request.POST.get("credential", ""), request)
    except passkeys.NotGood:
        tell(Event.SIGN_IN_FAILED, way=signing_in.PASSKEY)
        return views.show_sign_in(request, SignInForm(auto_id="%s"), problem=NOT_GOOD, status=422)
    how = How(signing_in.PASSKEY, bool(request.POST.get("shared_device")))
    return views.begin(request, account, how, gate.place_after(request))


def second_step(token: str, request: HttpRequest) -> Ticket | None:
    ticket = tickets.find(token, request.now)
    return ticket if ticket and ticket.kind == Ticket.Kind.SECOND and ticket.account else None


@gate.secure
@require_http_methods(["GET", "HEAD", "POST"])
@takes("asked", "credential", "recovery", "next")
def second(request: HttpRequest, token: str) -> HttpResponse:
    """After a password or a code, where the account wants a passkey as well; or one of the codes that were written down."""
    ticket, problem = second_step(token, request), ""
    if ticket is None or ticket.account is None:
        return see(reverse("accounts:sign_in"))
    if request.method == "POST":
        try:
            throttle.count((throttle.CONFIRMS, str(ticket.account.pk)), now=request.now)
        except throttle.TooMany as full:
            return show_second(request, token, views.wait_words(full, request), status=429)
        number = sessions.number(ticket.account)
        if is_shown(request, ticket.account) and tickets.use(ticket, request.now):
            tell(Event.SECOND_FACTOR_SHOWN, account=number)
            return views.begin(request, ticket.account, How(ticket.method, ticket.shared), gate.place_after(request))
        tell(Event.SECOND_FACTOR_FAILED, account=number)
        problem = NOT_GOOD
    return show_second(request, token, problem, status=422 if problem else 200)


def show_second(request: HttpRequest, token: str, problem: str, *, status: int) -> HttpResponse:
    context = {"token": token, "problem": problem, "next": gate.place_after(request)}
    return render(request, "accounts/second.html", context, status=status)


def is_shown(request: HttpRequest, account: Account) -> bool:
    if typed := request.POST.get("recovery", ""):
        row = Authenticator.objects.filter(user=account.user, type=Authenticator.Type.RECOVERY_CODES).first()
        return row is not None and RecoveryCodes(row).validate_code(typed.strip())
    try:
        passkeys.answered_by(request.POST.get("asked", ""), request.POST.get("credential", ""), request, account)
    except passkeys.NotGood:
        return False
    return True


@gate.signed_in
@require_POST
@takes()
def confirm_challenge(request: HttpRequest) -> HttpResponse:
    return JsonResponse(passkeys.ask(request, gate.the_session(request).account))


@gate.signed_in
@require_POST
@takes("asked", "credential", "next")
def confirm(request: HttpRequest) -> HttpResponse:
    session = gate.the_session(request)
    try:
        passkeys.answered_by(
            request.POST.get("asked", ""), request.POST.get("credential", ""), request, session.account
        )
    except passkeys.NotGood:
        tell(Event.CONFIRMING_FAILED, account=sessions.number(session.account))
        return home_views.show_confirm(request, home_views.PasswordForm(auto_id="%s"), problem=NOT_GOOD, status=422)
    sessions.confirm(session, request.now)
    return see(gate.place_after(request))


@gate.confirmed
@require_POST
@takes()
def new_challenge(request: HttpRequest) -> HttpResponse:
    account = gate.the_session(request).account
    masked = contacts.masked(account.contact, purpose=story.PURPOSE, who="visitor", now=request.now)
    return JsonResponse(passkeys.ask_for_new(account, masked, request))


@gate.confirmed
@require_POST
@takes("asked", "credential", "name")
def add(request: HttpRequest) -> HttpResponse:
    account, given = gate.the_session(request).account, request.POST
    try:
        passkeys.add(
            account, given.get("name", "").strip(), given.get("asked", ""), given.get("credential", ""), request
        )
    except passkeys.NotGood:
        return home_views.show_ways(
            request, home_views.password_form(request, bound=False), problem=NOT_ADDED, status=422
        )
    news.send(account, news.PASSKEY_ADDED, request.now)
    return see(f"{reverse('accounts:ways')}?changed=passkey")


@gate.confirmed
@require_POST
@takes()
def remove(request: HttpRequest, passkey_id: int) -> HttpResponse:
    """With the last passkey the second factor goes too, since nothing could show it any more."""
    session = gate.the_session(request)
    if passkeys.remove(session.account, passkey_id):
        if not passkeys.of(session.account):
            want_second(session.account, wanted=False)
        home_views.changed(session, news.PASSKEY_GONE, request)
    return see(f"{reverse('accounts:ways')}?changed=no-passkey")


@gate.confirmed
@require_POST
@takes("wanted")
def second_factor(request: HttpRequest) -> HttpResponse:
    """On: the codes to write down are shown, this once. Off: a password or a code by email is enough again."""
    account = gate.the_session(request).account
    wanted = request.POST.get("wanted") == "yes"
    if wanted and not passkeys.of(account):
        return see(reverse("accounts:ways"))
    codes = want_second(account, wanted=wanted)
    news.send(account, news.SECOND_ON if wanted else news.SECOND_OFF, request.now)
    if not wanted:
        return see(f"{reverse('accounts:ways')}?changed=no-second")
    return render(request, "accounts/recovery.html", {"codes": codes})


def want_second(account: Account, *, wanted: bool) -> list[str]:
    Authenticator.objects.filter(user=account.user, type=Authenticator.Type.RECOVERY_CODES).delete()
    Account.objects.filter(pk=account.pk).update(second_factor=wanted)
    return RecoveryCodes.activate(account.user).get_unused_codes() if wanted else []
