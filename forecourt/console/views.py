"""Staff screens. What may be reached by whom is decided in the gate; whose data may be read, in `story.may_read`."""

import uuid
from datetime import datetime

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from forecourt.agents import actions as agents
from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import accounts, actions, caps, figures, next_steps, story, undertakings, who, words
from forecourt.console.find import NothingRead, find
from forecourt.console.forms import Answer, HandOver, OpenCase, Permission, Whom
from forecourt.console.tables import Column, table
from forecourt.inquiries.models import Inquiry
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Refused
from forecourt.policy.reasons import Reason
from forecourt.proof import surplus
from forecourt.requests.models import Request
from forecourt.sharing import optouts

UNKNOWN = (
    Column("When", "queued_at"),
    Column("Channel", "channel"),
    Column("For", "use"),
    Column("Id"),
    Column("What the provider says"),
)
UNKNOWN_LEADS = (
    Column("When", "requested_at"),
    Column("To", "recipient__name"),
    Column("Id"),
    Column("What the provider says"),
)
WAITING = (
    Column("Since", "requested_at"),
    Column("Dealer", "recipient__name"),
    Column("Why", "reason"),
    Column("What is missing", "detail"),
)
WAITING_SHARES = (
    Column("Since", "requested_at"),
    Column("To", "recipient__name"),
    Column("What", "kind"),
    Column("Why", "reason"),
    Column("What is missing", "detail"),
)
CASES = (Column("Due", "due_at"), Column("Case", "reference"), Column("About", "kind"))
HELD_CASES = (*CASES, Column("In the hands of", "holder"))
FREE = 8


# A browser has no address to show and nobody to call: what it said is told with the addresses that it left.
ADDRESSES = Contact.objects.exclude(kind=Contact.Kind.BROWSER)


class StaffRequest(HttpRequest):
    """What the gate lets through: somebody is signed in."""

    user: User


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    mine = cases.held_by(request.user.get_username())
    context = {"cases": table(request, "cases", CASES, mine, "due_at"), **alarms(request)}
    if not accounts.is_outsider(request.user):
        context |= {
            "figures": figures.read(request.now),
            "free": table(request, "free", CASES, figures.free_cases(), "due_at", most=FREE),
        }
    return render(request, "console/home.html", context)


def alarms(request: StaffRequest) -> dict[str, object]:
    """What this very account has to do something about: a signature that runs out; for managers, those of others and caps."""
    end = undertakings.runs_out(request.user, request.now)
    found: dict[str, object] = {"ending": end if end and undertakings.is_ending(end, request.now) else None}
    if accounts.is_manager(request.user):
        found |= {"shutting": who.ending(request.now), "reached": caps.reached(request.now).count()}
    return found


@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """By POST, since an address in a link would stay in histories and logs."""
    typed = request.POST.get("typed", "")
    try:
        caps.count(request.user, caps.What.SEARCH, request.now)
        found = find(typed)
    except caps.TooMany as problem:
        return too_many(request, problem)
    except NothingRead as problem:
        return render(request, "console/nothing.html", {"typed": typed, "problem": problem}, status=400)
    if found.case:
        return redirect("console:case", found.case.reference)
    if found.contact:
        return redirect("console:contact", found.contact.pk)
    return render(request, "console/nothing.html", {"typed": typed, "whom": Whom({"address": typed})}, status=404)


def too_many(request: StaffRequest, problem: caps.TooMany) -> HttpResponse:
    return render(request, "console/too_many.html", {"problem": problem}, status=429)


@require_safe
def contact(request: StaffRequest, contact_id: uuid.UUID) -> HttpResponse:
    whose = get_object_or_404(ADDRESSES, pk=contact_id)
    reference, me = request.GET.get("case", ""), request.user.get_username()
    decision = story.may_read(whose, reference, me, request.now)
    if isinstance(decision, Refused):
        return refuse_reading(request, whose, OpenCase(), decision.reason)
    if not story.has_looked(whose, reference, me):
        try:
            caps.count(request.user, caps.What.PERSON, request.now)
        except caps.TooMany as problem:
            return too_many(request, problem)
    told = story.tell(request, whose, reference, me, request.now)
    return render(request, "console/contact.html", {"story": told, "case": cases.find(reference), "contact": whose})


def refuse_reading(request: StaffRequest, whose: Contact, form: OpenCase, why: Reason = Reason.NO_CASE) -> HttpResponse:
    """What opens it: a case of theirs that is open, one that nobody has, or a new one; whoever works outside waits to be handed one."""
    already = cases.with_holder(Case.objects.filter(contact=whose.pk, closed_at=None)).order_by("-opened_at")
    outsider = accounts.is_outsider(request.user)
    context = {"contact": whose, "why": why, "form": form, "already": () if outsider else already, "outsider": outsider}
    return render(request, "console/no_case.html", context, status=403)


@require_POST
def open_case(request: StaffRequest, contact_id: uuid.UUID) -> HttpResponse:
    whose = get_object_or_404(ADDRESSES, pk=contact_id)
    form = OpenCase(request.POST)
    if not form.is_valid():
        return refuse_reading(request, whose, form)
    opened = actions.open_case(
        whose, form.cleaned_data["kind"], form.cleaned_data["came_by"], by=request.user, now=request.now
    )
    return redirect(f"{reverse('console:contact', args=[whose.pk])}?case={opened.reference}")


@require_safe
def case(request: StaffRequest, reference: str) -> HttpResponse:
    return show_case(request, case_called(reference))


def show_case(
    request: StaffRequest,
    shown: Case,
    *,
    form: HandOver | None = None,
    signed: Permission | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    has, me = cases.holder(shown), request.user.get_username()
    if accounts.is_outsider(request.user) and has != me:
        return render(request, "console/not_yours.html", {"whose": "in other hands"}, status=403)
    is_message, by_machines = Inquiry.objects.filter(case=shown).exists(), Request.objects.filter(case=shown).exists()
    permission = agents.permission_for(shown)
    context = {
        "case": shown,
        "next": next_steps.of_case(shown, has, me, is_message=is_message, by_machines=by_machines),
        "by_machines": by_machines,
        "spelled": words.spelled(shown.reference),
        "holder": has,
        "mine": has == me,
        "hands_over": has == me or accounts.is_manager(request.user),
        "form": form or HandOver(now=request.now),
        "problem": problem,
        "permission": permission,
        "signed": signed or (None if by_machines else permission_form(shown, permission, request.now)),
        "is_message": is_message,
    }
    return render(request, "console/case.html", context, status=status)


def permission_form(shown: Case, noted: agents.Permission | None, now: datetime) -> Permission | None:
    """A machine's request carries its own signature, and a claim is nobody else's."""
    if shown.came_by == Case.Channel.AGENT or shown.kind == Case.Kind.CLAIM:
        return None
    return Permission(now=now, initial={"signed_on": noted.signed_on} if noted else None)


@require_POST
def close_case(request: StaffRequest, reference: str) -> HttpResponse:
    closing = case_called(reference)
    if cases.holder(closing) != request.user.get_username() and not accounts.is_manager(request.user):
        return show_case(request, closing, problem="Only whoever has this case, or a manager, closes it.", status=403)
    if Request.objects.filter(case=closing).exists():
        return redirect("console:requests")  # it ends with its answer, and with nothing else
    if closing.kind == Case.Kind.CLAIM:
        return redirect("console:claim", closing.reference)  # it ends with its answer, and with nothing else
    if Inquiry.objects.filter(case=closing).exists():
        return redirect("console:inquiry", closing.reference)  # it ends with a reason that the person can read
    if closing.closed_at is None:
        cases.close_case(closing, "answered", request.now)
    return redirect("console:case", closing.reference)


def case_called(reference: str) -> Case:
    found = cases.find(reference)
    if found is None:
        raise Http404("No case has this number.")
    return found


@require_safe
def stop(request: StaffRequest, contact_id: uuid.UUID | None = None) -> HttpResponse:
    """Step one: who is calling. From a person's screen we know, and the next step comes at once."""
    if contact_id is None:
        return render(request, "console/stop.html", {"form": Whom()})
    return confirm(request, get_object_or_404(ADDRESSES, pk=contact_id), None)


@require_POST
def stop_whom(request: StaffRequest) -> HttpResponse:
    """Step two: what this will do. Nothing is stored yet."""
    form = Whom(request.POST)
    if not form.is_valid():
        return render(request, "console/stop.html", {"form": form}, status=400)
    return confirm(request, contacts.find(form.cleaned_data["address"]), form)


def confirm(request: StaffRequest, whose: Contact | None, form: Whom | None) -> HttpResponse:
    """How many messages wait, and not what about: that is for whoever has a case."""
    queued = actions.waiting(whose).count() if whose else 0
    context = {"contact": whose, "address": form.cleaned_data["address"].text if form else "", "waiting": queued}
    return render(request, "console/stop_confirm.html", context)


@require_POST
def stop_now(request: StaffRequest) -> HttpResponse:
    """Step three: it holds before the answer is shown."""
    if request.POST.get("contact"):
        whom = get_object_or_404(ADDRESSES, pk=uuid_or_404(request.POST["contact"]))
    else:
        form = Whom(request.POST)
        if not form.is_valid():
            return render(request, "console/stop.html", {"form": form}, status=400)
        whom = form.cleaned_data["address"]
    stopped = actions.stop_everything(whom, by=request.user, now=request.now)
    return redirect("console:stopped", stopped.case.reference)


@require_safe
def stopped(request: StaffRequest, reference: str) -> HttpResponse:
    done = case_called(reference)
    if done.kind != Case.Kind.PHONE_STOP:
        raise Http404("This case is no stop.")
    return render(request, "console/stopped.html", {"case": done, "spelled": words.spelled(reference)})


@require_safe
def work(request: StaffRequest) -> HttpResponse:
    return render(request, "console/work.html", work_context(request))


def work_context(request: StaffRequest) -> dict[str, object]:
    leads = table(request, "leads", WAITING, figures.waiting_leads(), "requested_at")
    shares = table(request, "shares", WAITING_SHARES, figures.waiting_shares(), "requested_at")
    return {
        "figures": figures.read(request.now),
        "unknown_shares": table(request, "unknown-shares", UNKNOWN_LEADS, figures.unknown_shares(), "requested_at"),
        "shares": type(shares)(shares.id, shares.heads, [story.lead_line(share) for share in shares.rows]),
        "messages": table(request, "messages", UNKNOWN, figures.unknown_messages(), "queued_at"),
        "unknown_leads": table(request, "unknown-leads", UNKNOWN_LEADS, figures.unknown_leads(), "requested_at"),
        "leads": type(leads)(leads.id, leads.heads, [story.lead_line(lead) for lead in leads.rows]),
        "surplus_cookies": surplus.ringing(request.now),
        "overdue": table(
            request,
            "overdue",
            HELD_CASES,
            cases.with_holder(figures.overdue_cases(request.now).select_related("request")),
            "due_at",
        ),
    }


@require_POST
def answer(request: StaffRequest, kind: str, about: uuid.UUID) -> HttpResponse:
    form = Answer(request.POST)
    if not form.is_valid():
        return render(
            request,
            "console/work.html",
            {**work_context(request), "problem": "Say whether it left or not."},
            status=400,
        )
    try:
        actions.record_answer(kind, about, **form.cleaned_data, by=request.user, now=request.now)
    except actions.NotUnknown as problem:
        return render(request, "console/work.html", {**work_context(request), "problem": problem}, status=409)
    return redirect("console:work")


@require_safe
def noes(request: StaffRequest) -> HttpResponse:
    """Whoever got somebody's data and has not acknowledged their no, the longest waiting first."""
    untold = [(one, story.lead_line(one.row), one.is_overdue(request.now)) for one in optouts.missing(request.now)]
    return render(request, "console/noes.html", {"untold": untold[:200], "more": max(0, len(untold) - 200)})


@require_POST
def say_again(request: StaffRequest, kind: str, about: uuid.UUID) -> HttpResponse:
    actions.say_again(kind, about, request.now)
    return redirect("console:noes")


def uuid_or_404(typed: str) -> uuid.UUID:
    try:
        return uuid.UUID(typed)
    except ValueError:
        raise Http404("No such contact.") from None
