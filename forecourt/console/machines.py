"""A request that came by letter, call, email or message, given to our machines: a code shows who asks, then they answer it.

By whoever has the case, in two steps of which the second wants them to show once more who they are; what goes out goes as it came.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.accounts import throttle
from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.reading import MayNotRead
from forecourt.console import sign_in
from forecourt.console.inquiries import called, settle, show
from forecourt.console.inquiry_forms import Corrected
from forecourt.console.views import StaffRequest
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries import looking
from forecourt.inquiries.models import Inquiry
from forecourt.requests import corrections, deleting, identity, notices, offer
from forecourt.web.brand import brand


@require_POST
def send_code(request: StaffRequest, reference: str) -> HttpResponse:
    found = offered(request, reference)

    def act() -> None:
        try:
            identity.send_code(found, request.now, by=request.user.get_username())
        except throttle.TooMany as full:
            raise inquiries.NotNow(
                f"Enough codes went to that address. Send the next one after {full.until:%H:%M} UTC."
            ) from None

    return settle(request, found, act)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: StaffRequest, reference: str) -> HttpResponse:
    found = offered(request, reference)
    if not is_theirs(request, found) or not found.is_open:
        return show(request, found)
    if not identity.has_shown(identity.of(found.case), found, request.now):
        problem = "They have not shown yet that the address is theirs. Send them a code first."
        return show(request, found, problem=problem, status=409)
    again = sign_in.once_more(request, reverse("console:inquiry_machines", args=[reference]))
    return again or confirm(request, found)


def confirm(request: StaffRequest, found: Inquiry) -> HttpResponse:
    """What will happen, and the button that makes it. The address is opened for this case, which is written down."""
    assert found.contact is not None
    me, kind = request.user.get_username(), found.case.kind
    form = None
    if kind == Case.Kind.CORRECT:
        form = Corrected(request.POST or None, held=corrections.fields_of(found.contact.pk))
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            identity.start(found, form.said() if form else {}, request.now, by=me)
        except inquiries.NotNow as problem:
            found.case.refresh_from_db()
            return show(request, found, problem=str(problem), status=409)
        return redirect("console:inquiry_letter", found.case.reference)
    try:
        address = looking.address(found, request.now, who=me)
    except MayNotRead as refused:
        return show(request, found, problem=str(refused), status=403)
    context = {
        "case": found.case,
        "address": address,
        "check": identity.of(found.case),
        "form": form,
        "goes": deleting.what_goes(found.contact.pk) if kind == Case.Kind.DELETE else [],
    }
    return render(request, "console/machines.html", context, status=422 if form and form.errors else 200)


@require_safe
def letter(request: StaffRequest, reference: str) -> HttpResponse:
    """What goes out as it came: a letter to print, or words to read out. It names numbers, days and pages, and nothing of the person."""
    found = called(reference)
    if not is_theirs(request, found):
        return show(request, found)
    check = identity.of(found.case)
    asked = check.request if check else None
    context = {
        "case": found.case,
        "asked": asked,
        "by_phone": found.case.came_by == Case.Channel.PHONE,
        "page": notices.page_of(asked) if asked else f"{brand().site_url}{inquiries.page_of(found)}",
    }
    return render(request, "console/letter.html", context)


def offered(request: StaffRequest, reference: str) -> Inquiry:
    if not offer.is_open(request.now):
        raise Http404("This brand answers such requests by hand.")
    return called(reference)


def is_theirs(request: StaffRequest, found: Inquiry) -> bool:
    return cases.holder(found.case) == request.user.get_username()
