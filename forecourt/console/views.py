"""Staff screens. What may be reached by whom is decided in the gate; whose data may be read, in `story.may_read`."""

import uuid

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import actions, figures, story, words
from forecourt.console.find import NothingRead, find
from forecourt.console.forms import Answer, OpenCase, Whom
from forecourt.console.tables import Column, table
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Refused
from forecourt.policy.reasons import Reason
from forecourt.proof import surplus
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
CASES = (
    Column("Case", "reference"),
    Column("About", "kind"),
    Column("Opened", "opened_at"),
    Column("By", "opened_by__username"),
    Column("Due", "due_at"),
)


# A browser has no address to show and nobody to call: what it said is told with the addresses that it left.
ADDRESSES = Contact.objects.exclude(kind=Contact.Kind.BROWSER)


class StaffRequest(HttpRequest):
    """What the gate lets through: somebody is signed in."""

    user: User


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    mine = Case.objects.filter(opened_by=request.user, closed_at=None).select_related("opened_by")
    return render(
        request,
        "console/home.html",
        {"figures": figures.read(request.now), "cases": table(request, "cases", CASES, mine, "due_at")},
    )


@require_POST
def search(request: StaffRequest) -> HttpResponse:
    """By POST, since an address in a link would stay in histories and logs."""
    typed = request.POST.get("typed", "")
    try:
        found = find(typed)
    except NothingRead as problem:
        return render(request, "console/nothing.html", {"typed": typed, "problem": problem}, status=400)
    if found.case:
        return redirect("console:case", found.case.reference)
    if found.contact:
        return redirect("console:contact", found.contact.pk)
    return render(request, "console/nothing.html", {"typed": typed, "whom": Whom({"address": typed})}, status=404)


@require_safe
def contact(request: StaffRequest, contact_id: uuid.UUID) -> HttpResponse:
    whose = get_object_or_404(ADDRESSES, pk=contact_id)
    reference = request.GET.get("case", "")
    decision = story.may_read(whose, reference, request.now)
    if isinstance(decision, Refused):
        return refuse_reading(request, whose, OpenCase(), decision.reason)
    told = story.tell(request, whose, reference, request.user.username, request.now)
    return render(request, "console/contact.html", {"story": told, "case": cases.find(reference), "contact": whose})


def refuse_reading(request: StaffRequest, whose: Contact, form: OpenCase, why: Reason = Reason.NO_CASE) -> HttpResponse:
    already = Case.objects.filter(contact=whose.pk, closed_at=None).order_by("-opened_at")
    context = {"contact": whose, "why": why, "form": form, "already": already}
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
    return render(request, "console/case.html", {"case": case_called(reference), "spelled": words.spelled(reference)})


@require_POST
def close_case(request: StaffRequest, reference: str) -> HttpResponse:
    closing = case_called(reference)
    if closing.kind == Case.Kind.CLAIM:
        return redirect("console:claim", closing.reference)  # it ends with its answer, and with nothing else
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
    queued = (
        [story.message_line(message, request.now) for message in actions.waiting(whose).defer("body")] if whose else []
    )
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
        "overdue": table(request, "overdue", CASES, figures.overdue_cases(request.now), "due_at"),
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
