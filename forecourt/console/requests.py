"""Requests to see, correct and delete, by their last days; the overdue first. Machines answer them; staff see what waits, and may take
more time once, with a reason that the person reads. And leaving, for whoever says it to us."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from forecourt.cases.models import Case
from forecourt.console.forms import Whom
from forecourt.console.tables import Column, table
from forecourt.console.views import ADDRESSES, StaffRequest, uuid_or_404
from forecourt.policy import request_clocks
from forecourt.requests import actions, leaving
from forecourt.requests.models import Request

REQUESTS = (
    Column("Answer by", "answer_by"),
    Column("Request", "case__reference"),
    Column("What", "kind"),
    Column("Came in", "received_at"),
    Column("More time"),
)
TOO_LATE = "More time can be taken once, and only within the first 45 days."


class Extension(forms.Form):
    reason = forms.ChoiceField(choices=Request.Reason.choices)


@require_safe
def requests(request: StaffRequest) -> HttpResponse:
    return show(request)


def show(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = table(request, "requests", REQUESTS, actions.open_requests(), "answer_by")
    context = {
        "requests": found,
        "reasons": Request.Reason.choices,
        "today": request_clocks.day_of(request.now),
        "problem": problem,
    }
    return render(request, "console/requests.html", context, status=status)


@require_POST
def extend(request: StaffRequest, reference: str) -> HttpResponse:
    asked = get_object_or_404(Request, case__reference=reference)
    form = Extension(request.POST)
    if not form.is_valid():
        return show(request, problem="Say why it takes longer: the person reads it.", status=422)
    try:
        actions.extend(asked, Request.Reason(form.cleaned_data["reason"]), request.now)
    except actions.MayNotExtend:
        return show(request, problem=TOO_LATE, status=409)
    return redirect("console:requests")


@require_POST
def leave(request: StaffRequest) -> HttpResponse:
    """Not interested any more, said to one of us: as on the page, with no proof."""
    by, phone = request.user.get_username(), Case.Channel.PHONE
    if request.POST.get("contact"):
        whom = get_object_or_404(ADDRESSES, pk=uuid_or_404(request.POST["contact"]))
        left = leaving.leave(whom, request.now, method="phone", came_by=phone, by=by)
    else:
        form = Whom(request.POST)
        if not form.is_valid():
            return render(request, "console/stop.html", {"form": form}, status=400)
        left = leaving.leave_address(form.cleaned_data["address"], request.now, method="phone", came_by=phone, by=by)
    return redirect("console:case", left.case.reference)
