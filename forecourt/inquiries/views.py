"""How to reach us, the form, and the page where whoever sent it sees what became of it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.cases import actions as cases
from forecourt.consent.reading import MayNotRead
from forecourt.inquiries import actions, looking, months, notices
from forecourt.inquiries.forms import MessageForm
from forecourt.inquiries.models import Inquiry
from forecourt.interactions.bindings import Caller
from forecourt.interactions.views import refusal
from forecourt.people import browsers
from forecourt.policy import law
from forecourt.policy.policy import Age
from forecourt.traffic.pace import Pace
from forecourt.web.forms import takes
from forecourt.web.private import private

SPENT = "You sent another message with this page before. Press the button again to send this one as well."
SLOWLY = "More messages came from your network in this minute than a person writes. Wait a minute, then press the button again."
WHAT = {
    months.Group.QUESTIONS: "Questions and messages",
    months.Group.REQUESTS: "Requests about data: to know, delete or correct, to be left alone, or about a child",
}
USE = "slow-down-messages"
sending = Pace(most=6)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Without the form where the brand takes none, or for a browser that was told an age below 13."""
    takes_messages = notices.use_of(request.now) is not None and request.choices.age is not Age.CHILD
    if not takes_messages:
        status = 200 if request.method != "POST" else 403
        context = {"child": request.choices.age is Age.CHILD, "days": cases.DUE_AFTER.days}
        return render(request, "inquiries/contact.html", context, status=status)
    if request.method == "POST":
        return send(request)
    return show_form(request, MessageForm(now=request.now))


@private
def send(request: HttpRequest) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES, now=request.now)
    if form.undeclared:
        return show_form(request, form, problem=refusal(form.undeclared), status=422)
    if not form.is_valid():
        return show_form(request, form, status=422)
    if not sending.admits(request):
        return show_form(request, form, problem=SLOWLY, status=429)
    try:
        inquiry = actions.take(
            form.said(), request.now, Caller(request.choices, request.COOKIES.get(browsers.COOKIE, ""))
        )
    except actions.TooMany as enough:
        return show_form(request, form, problem=str(enough), status=409)
    except actions.FormSpent:
        form.renew()
        return show_form(request, form, problem=SPENT, status=409)
    return see(actions.token_of(inquiry.nonce))


def show_form(request: HttpRequest, form: MessageForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    use = notices.use_of(request.now)
    assert use is not None
    context = {"form": form, "notice": notices.at_collection(use), "problem": problem, "days": cases.DUE_AFTER.days}
    return render(request, "inquiries/contact.html", context, status=status)


@private
@require_safe
def message(request: HttpRequest, token: str) -> HttpResponse:
    found = actions.by_token(token)
    return unknown(request) if found is None else show(request, found, token)


@private
@require_POST
@takes()
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    found = actions.by_token(token)
    if found is None:
        return unknown(request)
    try:
        actions.withdraw(found, request.now)
    except actions.NotNow as problem:
        found.case.refresh_from_db()
        if found.case.outcome != actions.Outcome.WITHDRAWN:
            return show(request, found, token, problem=str(problem), status=409)
    return see(token)


def show(request: HttpRequest, found: Inquiry, token: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    case, shown, frozen = found.case, [], False
    try:
        shown = looking.for_the_person(found, request.now)
    except MayNotRead:
        frozen = True  # nothing under this address may be used, and so nothing is shown
    context = {
        "inquiry": found,
        "case": case,
        "token": token,
        "said": shown,
        "answers": [one for one in shown if one.line.ours],
        "why": actions.Outcome(case.outcome).label if case.outcome in set(actions.Outcome) else case.outcome,
        "frozen": frozen,
        "taken_back": case.outcome == actions.Outcome.WITHDRAWN,
        "is_late": found.is_open and case.due_at <= request.now,
        "problem": problem,
        "address": request.build_absolute_uri(reverse("inquiries:message", args=[token])),
    }
    return render(request, "inquiries/message.html", context, status=status)


@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    groups = [(group, WHAT[group], months.published(group)) for group in months.Group]
    context = {
        "groups": groups,
        "fewest": months.FEWEST,
        "days": cases.DUE_AFTER.days,
        "request_days": law.value("request_answer_days", request.now),
    }
    return render(request, "inquiries/answered.html", context)


def unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "inquiries/unknown.html", status=404)


def see(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("inquiries:message", args=[token]), status=303)
