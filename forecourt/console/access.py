"""In whose hands a case is, what each account signed, and, for managers, who may look and who tried."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.models import RefusedReading
from forecourt.console import accounts, caps, undertakings, who
from forecourt.console.forms import HandOver, Sign
from forecourt.console.tables import Column, table
from forecourt.console.views import StaffRequest, case_called, show_case
from forecourt.inquiries.models import Inquiry

REFUSED = (
    Column("When", "at"),
    Column("Who", "who"),
    Column("For", "use"),
    Column("Wanted"),
    Column("Why not"),
    Column("Case", "case"),
)


def managers_only(request: HttpRequest) -> HttpResponse | None:
    if accounts.is_manager(request.user):
        return None
    return render(request, "console/not_yours.html", {"whose": "for managers"}, status=403)


@require_POST
def take(request: StaffRequest, reference: str) -> HttpResponse:
    taking = case_called(reference)
    if taking.closed_at is not None:
        return show_case(request, taking, problem="It is closed: nothing is left to do.", status=409)
    try:
        cases.take(taking, request.user.get_username(), request.now)
    except cases.InOtherHands as problem:
        return show_case(request, taking, problem=f"{problem} Ask them, or a manager, to hand it over.", status=409)
    if taking.kind == Case.Kind.CLAIM:
        return redirect("console:claim", taking.reference)
    is_message = Inquiry.objects.filter(case=taking).exists()
    return redirect("console:inquiry" if is_message else "console:case", taking.reference)


@require_POST
def hand_over(request: StaffRequest, reference: str) -> HttpResponse:
    """By whoever has it, or by a manager."""
    handing = case_called(reference)
    me = request.user.get_username()
    if cases.holder(handing) != me and not accounts.is_manager(request.user):
        problem = "Only whoever has this case, or a manager, hands it over."
        return show_case(request, handing, problem=problem, status=403)
    form = HandOver(request.POST, now=request.now)
    if not form.is_valid():
        return show_case(request, handing, form=form, status=422)
    cases.hand_over(handing, form.cleaned_data["to"], by=me, now=request.now)
    return redirect("console:case", handing.reference)


@require_http_methods(["GET", "HEAD", "POST"])
def undertaking(request: StaffRequest) -> HttpResponse:
    """The present words, to read and to sign anew before the last signature runs out."""
    text = undertakings.in_force(request.now)
    form = Sign(request.POST or None, handle=request.user.get_username(), version=text.version)
    if request.method == "POST" and form.is_valid():
        accounts.sign(request.user, request.now)
        return redirect("console:undertaking")
    end = undertakings.runs_out(request.user, request.now)
    context = {"text": text, "end": end, "form": form, "ending": end and undertakings.is_ending(end, request.now)}
    return render(request, "console/undertaking.html", context, status=422 if form.errors else 200)


@require_safe
def who_may_look(request: StaffRequest) -> HttpResponse:
    if refused := managers_only(request):
        return refused
    context = {
        "accounts": who.accounts(request.now),
        "reached": [(row, caps.CAPS[caps.What(row.what)].noun) for row in caps.reached(request.now)],
        "refused": table(request, "refused", REFUSED, RefusedReading.objects.all(), "-at"),
    }
    return render(request, "console/who.html", context)
