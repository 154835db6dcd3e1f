"""The desk's inbox: every open case, the late ones first; what came by letter, call or email written down as a case; and one
inquiry, read and answered. Whether staff may read is decided for the inquiry's own case and use (inquiries.looking)."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.reading import MayNotRead
from forecourt.console import caps, next_steps, words
from forecourt.console.inquiry_forms import AnswerInquiry, Closing, WriteDown
from forecourt.console.tables import Column, table
from forecourt.console.views import StaffRequest
from forecourt.inquiries import actions, looking, recording
from forecourt.inquiries.models import Inquiry
from forecourt.minors import reports
from forecourt.minors.models import Release
from forecourt.people.models import Contact
from forecourt.requests import identity, offer
from forecourt.rights.erasure import actions as erasure

CASES = (
    Column("Due", "due_at"),
    Column("Case", "reference"),
    Column("About", "kind"),
    Column("Came by", "came_by"),
    Column("Came in", "opened_at"),
    Column("Desk", "inquiry__topic"),
    Column("In the hands of", "holder"),
)
# What a person may read in a message; a stop on the phone and a claim have screens of their own.
KINDS = [(kind.value, kind.label) for kind in Case.Kind if kind not in (Case.Kind.PHONE_STOP, Case.Kind.CLAIM)]
# A file from a stranger is saved and opened by nobody's browser.
SEALED_OFF = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    kind, came_by = request.GET.get("kind", ""), request.GET.get("came_by", "")
    found = table(request, "cases", CASES, waiting(kind, came_by), "due_at")
    context = {
        "cases": found,
        "first": waiting(kind, came_by).filter(Q(holder=None), request=None).order_by("due_at", "pk").first(),
        "kinds": Case.Kind.choices,
        "ways": [(value, value.capitalize()) for value in Case.Channel.values],
        "kind": kind,
        "came_by": came_by,
    }
    return render(request, "console/inbox.html", context)


def waiting(kind: str, came_by: str) -> QuerySet[Case]:
    """Those that are open; a filter that names nothing filters nothing."""
    found = cases.with_holder(Case.objects.filter(closed_at=None).select_related("inquiry", "request"))
    if kind in Case.Kind.values:
        found = found.filter(kind=kind)
    return found.filter(came_by=came_by) if came_by in Case.Channel.values else found


@require_http_methods(["GET", "HEAD", "POST"])
def write_down(request: StaffRequest) -> HttpResponse:
    """A letter, a call or an email becomes a case. What it lacks is noted, and never a reason to turn it away."""
    if request.method != "POST":
        return render(request, "console/write_down.html", {"form": WriteDown(now=request.now)})
    form = WriteDown(request.POST, now=request.now)
    if not form.is_valid():
        return render(request, "console/write_down.html", {"form": form}, status=422)
    try:
        inquiry = actions.take(form.said(request.user), request.now)
    except actions.FormSpent:
        form.renew()
        form.add_error(
            None, "This form wrote down something else before. Press the button again to write this down as well."
        )
        return render(request, "console/write_down.html", {"form": form}, status=409)
    return redirect("console:inquiry", inquiry.case.reference)


@require_safe
def inquiry(request: StaffRequest, reference: str) -> HttpResponse:
    return show(request, called(reference))


def show(
    request: StaffRequest,
    found: Inquiry,
    *,
    answering: AnswerInquiry | None = None,
    closing: Closing | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    holder, me = cases.holder(found.case), request.user.get_username()
    context = {
        "inquiry": found,
        "case": found.case,
        "problem": problem,
        "spelled": words.spelled(found.case.reference),
        "holder": holder,
        "mine": holder == me,
    }
    if not found.is_open:
        context["why"] = words.outcome(found.case.outcome)
        if found.case.kind == Case.Kind.CHILD:
            context |= about_a_child(found, request)
        return render(request, "console/inquiry.html", context, status=status)
    if holder != me:
        return render(request, "console/inquiry.html", context, status=403)
    if found.case.kind == Case.Kind.CHILD:
        context |= about_a_child(found, request)
    try:
        said = looking.for_staff(found, request.now, who=me)
        context["address"] = looking.address(found, request.now, who=me)
    except MayNotRead as refused:
        context |= {"refused": refused, "next": next_steps.of_inquiry(found, ())}
        return render(request, "console/inquiry.html", context, status=403)
    context |= (given := given_to_machines(found, request))
    context |= {
        "said": said,
        "next": next_steps.of_request(found, given) if given["machines"] else next_steps.of_inquiry(found, said),
        "answering": answering or AnswerInquiry(by_email=by_email(found), way=found.case.came_by),
        "closing": closing or Closing(),
        "kinds": KINDS,
        "sites": Inquiry.Site.choices,
        "recording": recording.of(found.case),
        "notice": recording.NOTICE,
    }
    return render(request, "console/inquiry.html", context, status=status)


def about_a_child(found: Inquiry, request: StaffRequest) -> dict[str, object]:
    report, asked = reports.of(found.case), reports.erasure_of(found.case)
    return {
        "child": True,
        "report": report,
        "release": report and report.release_set.filter(agreed_at=None).first(),
        "seen": Release.Seen.choices,
        "erasure": asked,
        "hold": erasure.waits_for(asked, request.now) if asked else None,
        "told": erasure.told(asked) if asked else [],
    }


def given_to_machines(found: Inquiry, request: StaffRequest) -> dict[str, object]:
    """Of a case that asks to know, delete or correct: how far its sender and we got in having our machines answer it."""
    check = identity.of(found.case)
    sent = check is not None and check.kind == found.case.kind and not check.shown_at
    return {
        "machines": offer.is_open(request.now) and found.case.kind in identity.KINDS,
        "check": check,
        "shown": identity.has_shown(check, found, request.now),
        "waits": sent and check is not None and check.good_until > request.now,
    }


def by_email(found: Inquiry) -> bool:
    return found.contact is not None and found.contact.kind == Contact.Kind.EMAIL


@require_safe
def original(request: StaffRequest, reference: str, line_id: str) -> HttpResponse:
    """An email as it came: saved beside nothing of ours, and shown by no browser."""
    found = called(reference)
    line = get_object_or_404(found.lines, pk=line_id)
    if cases.holder(found.case) != request.user.get_username():
        return show(request, found)
    try:
        caps.count(request.user, caps.What.DOCUMENT, request.now)
        content = looking.original(found, line, request.now, who=request.user.get_username())
    except caps.TooMany as enough:
        return show(request, found, problem=str(enough), status=429)
    except MayNotRead as refused:
        return show(request, found, problem=str(refused), status=403)
    if not content:
        raise Http404("It did not come by email, or it is gone.")
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{reference}.eml"'
    response["Content-Security-Policy"] = SEALED_OFF
    return response


@require_POST
def answer(request: StaffRequest, reference: str) -> HttpResponse:
    found = called(reference)
    form = AnswerInquiry(request.POST, by_email=by_email(found), way=found.case.came_by)
    if not form.is_valid():
        return show(request, found, answering=form, status=422)
    given = form.cleaned_data
    return settle(
        request,
        found,
        lambda: actions.answer(
            found, given["words"], Case.Channel(given["way"]), request.now, by=request.user.get_username()
        ),
    )


@require_POST
def close(request: StaffRequest, reference: str) -> HttpResponse:
    found = called(reference)
    form = Closing(request.POST)
    if not form.is_valid():
        return show(request, found, closing=form, status=422)
    if reports.stands_open(found.case):
        problem = "A record is frozen for this case. Erase it, or say that it is no child’s; the case closes with that."
        return show(request, found, closing=form, problem=problem, status=409)
    return settle(
        request, found, lambda: actions.close(found, actions.Outcome(form.cleaned_data["outcome"]), request.now)
    )


@require_POST
def kind(request: StaffRequest, reference: str) -> HttpResponse:
    said = request.POST.get("kind", "")
    if said not in dict(KINDS):
        raise Http404("No case is of this kind.")
    found = called(reference)
    return settle(request, found, lambda: actions.decide_kind(found, Case.Kind(said)))


@require_POST
def site(request: StaffRequest, reference: str) -> HttpResponse:
    said = request.POST.get("site", "")
    if said not in Inquiry.Site.values:
        raise Http404("We have no such site.")
    found = called(reference)
    return settle(request, found, lambda: actions.decide_site(found, Inquiry.Site(said)))


@require_POST
def call(request: StaffRequest, reference: str) -> HttpResponse:
    """The steps of a call that may be recorded: told, yes, no."""
    found, step = called(reference), request.POST.get("step", "")
    if step == "told":
        return settle(request, found, lambda: recording.tell(found.case, request.now, by=request.user.get_username()))
    if step == "yes":
        return settle(request, found, lambda: recording.start(found.case, request.now))
    if step == "no":
        return settle(request, found, lambda: recording.refuse(found.case, request.now))
    raise Http404("A call has no such step.")


def settle(request: StaffRequest, found: Inquiry, act: Callable[[], object]) -> HttpResponse:
    """By whoever has the case, and nobody else."""
    if cases.holder(found.case) != request.user.get_username():
        return show(request, found)
    try:
        act()
    except actions.NotNow as problem:
        found.case.refresh_from_db()
        return show(request, found, problem=str(problem), status=409)
    return redirect("console:inquiry", found.case.reference)


def called(reference: str) -> Inquiry:
    found = actions.by_reference(reference)
    if found is None:
        raise Http404("No message to us has this number.")
    return found
