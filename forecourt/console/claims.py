"""Claims of the programs: the list of what waits, one claim with its document, and the one press that answers it and destroys
what was shown. Whether staff may look is decided for the claim's own case and use (programs.claims.look)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forecourt.cases import actions as cases
from forecourt.consent.reading import MayNotRead
from forecourt.console import caps
from forecourt.console.tables import Column, table
from forecourt.console.views import StaffRequest
from forecourt.people import contacts
from forecourt.programs import claims, pack
from forecourt.programs.models import Claim

CLAIMS = (
    Column("Destroyed on", "discard_at"),
    Column("Claim", "case__reference"),
    Column("Program", "program"),
    Column("Came in", "made_at"),
)
# A file from a stranger is shown and may do nothing. Viewers of PDFs need what a sandbox takes away.
SECURITY = {
    "image/jpeg": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "application/pdf": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'",
}


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return render(
        request, "console/claims.html", {"claims": table(request, "claims", CLAIMS, claims.open_claims(), "discard_at")}
    )


@require_safe
def claim(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, claim_called(reference))


def show(request: HttpRequest, found: Claim, *, problem: str = "", status: int = 200) -> HttpResponse:
    program = pack.of_kind(found.program)
    me = request.user.get_username()
    context = {"claim": found, "program": program, "problem": problem, "holder": (holder := cases.holder(found.case))}
    if not found.is_open:
        return render(request, "console/claim.html", context, status=status)
    if holder != me:
        return render(request, "console/claim_closed.html", context, status=403)
    try:
        told = claims.look(found, request.now, who=me)
    except MayNotRead as refused:
        return render(request, "console/claim.html", context | {"refused": refused}, status=403)
    kind = pack.Kind(found.program)
    chosen = told.get(claims.CHOSEN[kind], "")
    context |= {
        "name": told.get(claims.NAME, ""),
        "address": told.get(contacts.FIELDS[found.contact.kind], ""),
        "chosen": program.choice(chosen) if program else chosen,
        "amount": told.get(claims.AMOUNT, ""),
        "street": told.get(claims.STREET, ""),
        "document": claims.kind_of_document(found),
    }
    return render(request, "console/claim.html", context, status=status)


@require_safe
def document(request: StaffRequest, reference: str) -> HttpResponse:
    """Shown in the browser and not saved beside it, since a copy on somebody's desk would outlive the answer."""
    found = claim_called(reference)
    if cases.holder(found.case) != request.user.get_username():
        return show(request, found)
    try:
        caps.count(request.user, caps.What.DOCUMENT, request.now)
        shown = claims.look_at_document(found, request.now, who=request.user.get_username())
    except caps.TooMany as problem:
        return render(request, "console/too_many.html", {"problem": problem}, status=429)
    except MayNotRead as refused:
        return render(request, "console/claim.html", {"claim": found, "refused": refused}, status=403)
    if shown is None:
        raise Http404("It was destroyed, or there was none.")
    response = HttpResponse(shown.content, content_type=shown.kind)
    response["Content-Disposition"] = f'inline; filename="{found.case.reference}"'
    response["Content-Security-Policy"] = SECURITY[shown.kind]
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    found = claim_called(reference)
    if found.is_open and cases.holder(found.case) != request.user.get_username():
        return show(request, found)
    said = {"yes": True, "no": False}.get(request.POST.get("answer", ""))
    if said is None:
        return show(request, found, problem="Say yes or no.", status=400)
    try:
        claims.answer(found, said, request.now)
    except claims.AlreadyAnswered:
        found.refresh_from_db()
        return show(request, found, problem="It was answered a moment before. The first answer stands.", status=409)
    return redirect("console:claim", found.case.reference)


def claim_called(reference: str) -> Claim:
    found = Claim.objects.select_related("case", "contact").filter(case__reference=reference).first()
    if found is None:
        raise Http404("No claim has this number.")
    return found
