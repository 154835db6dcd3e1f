"""A child's data at the desk: freeze what a letter or a call names, erase it, or say that it is no child's, to which somebody else
has to agree. Each by whoever has the case in hand, but the agreement."""

import uuid
from collections.abc import Callable

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forecourt.cases.models import Case
from forecourt.console.inquiries import called, settle
from forecourt.console.tables import Column, table
from forecourt.console.views import StaffRequest
from forecourt.inquiries.actions import NotNow
from forecourt.inquiries.models import Inquiry
from forecourt.minors import consents, methods, reports
from forecourt.minors.models import Release
from forecourt.people import addresses

RELEASES = (
    Column("Asked", "asked_at"),
    Column("Case", "report__case__reference"),
    Column("What was seen", "seen"),
    Column("By", "asked_by__username"),
    Column("Decide"),
)


class Named(forms.Form):
    address = forms.CharField(max_length=254)

    def clean_address(self) -> addresses.Address:
        try:
            return addresses.read(self.cleaned_data["address"])
        except addresses.BadAddress as problem:
            raise forms.ValidationError(str(problem)) from None


def settle_childs(request: StaffRequest, reference: str, act: Callable[[Inquiry], object]) -> HttpResponse:
    """By whoever has the case, and only where it is about a child."""
    found = called(reference)

    def act_on_a_childs() -> None:
        if found.case.kind != Case.Kind.CHILD:
            raise NotNow("This case is not about a child’s data. Decide first that it is.")
        act(found)

    return settle(request, found, act_on_a_childs)


@require_POST
def freeze(request: StaffRequest, reference: str) -> HttpResponse:
    form = Named(request.POST)

    def act(found: Inquiry) -> None:
        if not form.is_valid():
            raise NotNow("Enter the email address or the phone number that the child gave us.")
        if not found.is_open:
            raise NotNow("It was closed a moment before.")
        reports.freeze(found.case, [form.cleaned_data["address"]], request.now, looked=True)

    return settle_childs(request, reference, act)


@require_POST
def erase(request: StaffRequest, reference: str) -> HttpResponse:
    def act(found: Inquiry) -> None:
        if reports.erase(found, request.now) is None:
            raise NotNow("Nothing is frozen for this case. Name an address first; if we hold nothing, close the case.")

    return settle_childs(request, reference, act)


@require_POST
def release(request: StaffRequest, reference: str) -> HttpResponse:
    seen = request.POST.get("seen", "")

    def act(found: Inquiry) -> None:
        if seen not in Release.Seen.values:
            raise NotNow("Choose what was seen.")
        try:
            reports.ask_release(found.case, seen, by=request.user, now=request.now)
        except reports.NotNow as problem:
            raise NotNow(str(problem)) from None

    return settle_childs(request, reference, act)


@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    return show(request)


@require_POST
def agree(request: StaffRequest, release_id: uuid.UUID) -> HttpResponse:
    try:
        reports.agree(release_id, by=request.user, now=request.now)
    except Release.DoesNotExist:
        raise Http404("Nobody asked for this.") from None
    except reports.NotNow as problem:
        return show(request, problem=str(problem), status=409)
    return redirect("console:children")


@require_POST
def read_form(request: StaffRequest) -> HttpResponse:
    """A parent's signed form lies on the desk."""
    try:
        consents.read_form(request.POST.get("number", "").strip().upper(), by=request.user, now=request.now)
    except consents.NotNow as problem:
        return show(request, problem=str(problem), status=409)
    return redirect("console:children")


def show(request: StaffRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = table(request, "releases", RELEASES, reports.to_agree(), "asked_at")
    reads_forms = methods.that_takes(methods.Word(read_by=request.user)) is not None
    context = {"releases": found, "problem": problem, "reads_forms": reads_forms}
    return render(request, "console/children.html", context, status=status)
