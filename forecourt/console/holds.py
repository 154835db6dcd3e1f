"""Erasures that have to wait: who asked for it, who agreed, and when it ends. Whoever asks cannot agree."""

import uuid
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from forecourt.console.forms import Hold
from forecourt.console.tables import Column, table
from forecourt.console.views import StaffRequest
from forecourt.rights.erasure import actions
from forecourt.rights.erasure import holds as held
from forecourt.rights.models import ErasureHold

HOLDS = (
    Column("Ends", "until"),
    Column("Case", "case"),
    Column("Because", "ground"),
    Column("Asked by", "asked_by__username"),
    Column("Agreed by", "approved_by__username"),
    Column("Decide"),
)
# A hold ends with its day, wherever in the country the person lives.
LAST_ZONE = ZoneInfo("Pacific/Honolulu")


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: StaffRequest) -> HttpResponse:
    form = Hold(request.POST if request.method == "POST" else None)
    if form.is_valid():
        case, until = form.cleaned_data["case"], end_of(form.cleaned_data["until"])
        try:
            held.ask(
                case.contact,
                case=case.reference,
                ground=form.cleaned_data["ground"],
                until=until,
                by=request.user,
                now=request.now,
            )
        except held.NotAllowed as problem:
            form.add_error("until", str(problem))
        else:
            return redirect("console:holds")
    return show(request, form)


def show(request: HttpRequest, form: Hold, *, problem: str = "", status: int = 0) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "holds": table(request, "holds", HOLDS, held.to_show(request.now), "until"),
        "waiting": actions.unfinished().count(),
    }
    return render(request, "console/holds.html", context, status=status or (400 if form.errors else 200))


@require_POST
def approve(request: StaffRequest, hold_id: uuid.UUID) -> HttpResponse:
    try:
        held.approve(hold_id, by=request.user, now=request.now)
    except ErasureHold.DoesNotExist:
        raise Http404("No such hold.") from None
    except held.NotAllowed as problem:
        return show(request, Hold(), problem=str(problem), status=409)
    return redirect("console:holds")


@require_POST
def end(request: StaffRequest, hold_id: uuid.UUID) -> HttpResponse:
    held.end(hold_id, by=request.user, now=request.now)
    return redirect("console:holds")


def end_of(day) -> datetime:
    return datetime.combine(day, time(23, 59), tzinfo=LAST_ZONE)
