"""The page behind a message's link. No login, no cookie; looking never changes anything."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.consent import policies
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.rights import actions, choice_views, codes, switches
from forecourt.rights.receipts import receipts_of
from forecourt.sharing import optouts
from forecourt.web.brand import brand
from forecourt.web.forms import takes
from forecourt.web.private import private

PURPOSE = "manage-own-choices"
TOO_MANY_CODES = "Enough codes went to this address for now. Try again later, or call us."
WRONG_CODE = "That is not the code that we sent, or its time is over. Check the digits, or ask for a new one."


@private
@require_safe
def message(request: HttpRequest, token: str) -> HttpResponse:
    found = outbox.by_link(token)
    if found is None:
        return unknown_link(request)
    said = request.GET
    return show(
        request, found, token, stopped=said.get("stopped", ""), settled="last" not in said, resumed="resumed" in said
    )


# Mailboxes press this button from their own machines; the link's token is the permission. A stop is taken whatever else
# came with it.
@csrf_exempt
@private
@require_POST
def stop(request: HttpRequest, token: str) -> HttpResponse:
    found = outbox.by_link(token)
    if found is None:
        return unknown_link(request)
    if request.POST.get("List-Unsubscribe") == "One-Click":
        actions.stop(found, switches.one_click(found), request.now, method=actions.ONE_CLICK)
        return HttpResponse("Stopped.\n", content_type="text/plain")
    switch = switches.switch_for(found, request.POST.get("scope", ""))
    if switch is None:
        return show(request, found, token, problem="Choose what to stop, and press its button.", status=422)
    settled = actions.stop(found, switch, request.now)
    return see(token, stopped=switch.reach, **({} if settled else {"last": "1"}))


@private
@require_POST
@takes("confirm")
def resumption(request: HttpRequest, token: str) -> HttpResponse:
    found = outbox.by_link(token)
    if found is None:
        return unknown_link(request)
    if not switches.may_resume(found, request.now) or switches.stopped_by_phone(found):
        return show(request, found, token, problem="There is nothing left to start again from here.", status=409)
    if request.POST.get("confirm") != "yes":
        context = {
            "message": found,
            "token": token,
            "words": switches.resume_words(found),
            "many": switches.CHANNELS[found.channel],
        }
        return render(request, "rights/resume.html", context)
    actions.resume(found, request.now)
    return see(token, resumed="1")


@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("sent", "code")
def dealers(request: HttpRequest, token: str) -> HttpResponse:
    """Which dealers have this address: shown after a fresh code, never from a forwarded link alone."""
    found = outbox.by_link(token)
    if found is None:
        return unknown_link(request)
    if request.method != "POST":
        return ask_for_code(request, found, token)
    if "code" not in request.POST:
        try:
            return ask_for_code(request, found, token, sent=codes.send(found, request.now).pk)
        except codes.TooMany:
            return ask_for_code(request, found, token, problem=TOO_MANY_CODES, status=429)
    sent = as_uuid(request.POST.get("sent", ""))
    if sent is None or not codes.check(found, sent, request.POST["code"], request.now):
        return ask_for_code(request, found, token, sent=sent, problem=WRONG_CODE, status=422)
    context = {"token": token, "receipts": receipts_of(found.contact), "masked": masked(request, found)}
    context["told"] = optouts.progress([found.contact_id])
    return render(request, "rights/dealers.html", context)


def ask_for_code(
    request: HttpRequest,
    found: Message,
    token: str,
    *,
    sent: uuid.UUID | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "token": token,
        "masked": masked(request, found),
        "sent": sent,
        "problem": problem,
        "by_phone": switches.stopped_by_phone(found),
        "number": brand().text_senders.get(found.interaction_type, ""),
    }
    return render(request, "rights/ask_for_code.html", context, status=status)


def show(
    request: HttpRequest,
    found: Message,
    token: str,
    *,
    stopped: str = "",
    settled: bool = True,
    resumed: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """`stopped` and `resumed` are what the address says was just done: told only where it is so."""
    use = policies.find_use(found.use, request.now)
    rows = switches.of(found)
    context = {
        "message": found,
        "token": token,
        "masked": contacts.masked(found.contact, purpose=PURPOSE, who="visitor", now=request.now),
        "zone": next(iter(found.zones), "UTC"),
        "purpose": use.purpose if use else "",
        "many": switches.CHANNELS[found.channel],
        "rows": rows,
        "stopped": next((row for row in rows if row.since and row.reach == stopped), None),
        "settled": settled,
        "resumed": resumed and rows[0].since is None,
        "problem": problem,
        "by_phone": switches.stopped_by_phone(found),
        "number": brand().text_senders.get(found.interaction_type, ""),
        "may_resume": any(row.since for row in rows) and switches.may_resume(found, request.now),
        **choice_views.shown(choice_views.Chooser(request, token, found)),
    }
    return render(request, "rights/message.html", context, status=status)


def see(token: str, **done: str) -> HttpResponse:
    """On to the page that shows what was done, so that loading it again sends no form again."""
    return HttpResponseRedirect(f"{reverse('rights:message', args=[token])}?{urlencode(done)}", status=303)


def unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/unknown_link.html", status=404)


def masked(request: HttpRequest, found: Message) -> str:
    return contacts.masked(found.contact, purpose=PURPOSE, who="visitor", now=request.now)


def as_uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
