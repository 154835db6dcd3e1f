"""The programs' pages and forms, and the page where whoever sent one sees what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.interactions.bindings import Caller
from forecourt.interactions.views import refusal
from forecourt.people import browsers
from forecourt.policy.policy import Age, Switch
from forecourt.programs import claims, documents, finance_views, notices, pack, shown
from forecourt.programs.forms import FORMS, AskForm
from forecourt.programs.models import Claim
from forecourt.programs.pack import Kind, Program
from forecourt.vehicles import catalogue
from forecourt.web.forms import takes
from forecourt.web.private import private


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    found = program_called(slug)
    others = [one for one in pack.programs() if one is not found]
    # Each has a car of ours beside its words; where products stand, those come first.
    cars = catalogue.bookable()
    line = cars[found.order % len(cars)] if cars and not found.products else None
    return render(request, "programs/program.html", {"program": found, "others": others, "line": line})


def program_called(slug: str) -> Program:
    if found := pack.program(slug):
        return found
    raise Http404(f"There is no program {slug[:40]}.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str) -> HttpResponse:
    found = program_called(slug)
    if request.choices.age is Age.CHILD:
        return shown.too_young(request, found)
    if found.kind is Kind.FINANCE:
        return finance_views.form(request, found)
    if request.method == "POST":
        return send(request, found)
    chosen = request.GET.get("about", "")
    return show_form(request, FORMS[found.kind](program=found, now=request.now, initial={"chosen": chosen}))


@private
def send(request: HttpRequest, program: Program) -> HttpResponse:
    request.upload_handlers = [documents.InMemory(request)]
    sent = FORMS[program.kind](request.POST, request.FILES, program=program, now=request.now)
    if sent.undeclared:
        return show_form(request, sent, problem=refusal(sent.undeclared), status=422)
    if not sent.is_valid():
        return show_form(request, sent, status=422)
    try:
        claims.make(sent.wish(), request.now, Caller(request.choices, request.COOKIES.get(browsers.COOKIE, "")))
    except claims.TooMany as enough:
        return show_form(request, sent, problem=str(enough), status=409)
    except claims.FormSpent:
        sent.renew()
        return show_form(request, sent, problem=shown.SPENT, status=409)
    return shown.see(reverse("programs:claim", args=[claims.token_of(sent.nonce_id)]))


def show_form(request: HttpRequest, form: AskForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    program = form.program
    context = {
        "form": form,
        "program": program,
        "notice": notices.at_collection(program, request.now),
        "problem": problem,
        # Whoever limited sensitive data hears that this claim is what they ask for, and that the limit stands.
        "limited": program.kind is Kind.MOBILITY and Switch.SENSITIVE in request.choices.said_no,
    }
    return render(request, "programs/form.html", context, status=status)


@private
@require_safe
def claim(request: HttpRequest, token: str) -> HttpResponse:
    found = claims.claim_by(token)
    return shown.unknown(request) if found is None else show_claim(request, found, token)


def show_claim(request: HttpRequest, claim: Claim, token: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"claim": claim, "program": pack.of_kind(claim.program), "token": token, "problem": problem}
    return render(request, "programs/claim.html", context | {"address": request.build_absolute_uri()}, status=status)


@private
@require_POST
@takes()
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    found = claims.claim_by(token)
    if found is None:
        return shown.unknown(request)
    try:
        claims.withdraw(found, request.now)
    except claims.AlreadyAnswered:
        found.refresh_from_db()
        if found.answer != Claim.Answer.WITHDRAWN:
            return show_claim(request, found, token, problem="It was answered a moment before.", status=409)
    return shown.see(reverse("programs:claim", args=[token]))
