"""The page behind a message's link. No login, no cookie; looking never changes anything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from forecourt.consent import policies
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.rights import actions, switches
from forecourt.web.brand import brand
from forecourt.web.private import private

PURPOSE = "manage-own-choices"


@private
@require_safe
def message(request: HttpRequest, token: str) -> HttpResponse:
    found = outbox.by_link(token)
    return unknown_link(request) if found is None else show(request, found, token)


@csrf_exempt  # mailboxes press this button from their own machines; the link's token is the permission
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
    return show(request, found, token, stopped=switch, settled=settled)


@private
@require_POST
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
    return show(request, found, token, resumed=True)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/contact.html")


def show(
    request: HttpRequest,
    found: Message,
    token: str,
    *,
    stopped: switches.Switch | None = None,
    settled: bool = True,
    resumed: bool = False,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
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
        "stopped": stopped,
        "settled": settled,
        "resumed": resumed,
        "problem": problem,
        "by_phone": switches.stopped_by_phone(found),
        "number": brand().text_senders.get(found.interaction_type, ""),
        "may_resume": any(row.since for row in rows) and switches.may_resume(found, request.now),
    }
    return render(request, "rights/message.html", context, status=status)


def unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "rights/unknown_link.html", status=404)
