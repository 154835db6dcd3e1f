"""The form for credit, with its own notice before it, and the page where whoever sent it sees what left."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from forecourt.consent import policies
from forecourt.interactions.bindings import Caller
from forecourt.interactions.views import refusal
from forecourt.people import browsers
from forecourt.programs import claims, finance, pack, shown
from forecourt.programs.forms import CreditForm
from forecourt.programs.models import CreditRequest
from forecourt.programs.pack import Kind, Program
from forecourt.sharing import outbox
from forecourt.sharing.fields import WORDS
from forecourt.sharing.models import Lead
from forecourt.web.forms import takes
from forecourt.web.private import private


def form(request: HttpRequest, program: Program) -> HttpResponse:
    if request.method == "POST":
        return send(request, program)
    return show_form(request, CreditForm(program=program, now=request.now, initial={"car": request.GET.get("car", "")}))


@private
def send(request: HttpRequest, program: Program) -> HttpResponse:
    sent = CreditForm(request.POST, request.FILES, program=program, now=request.now)
    if sent.undeclared:
        return show_form(request, sent, problem=refusal(sent.undeclared), status=422)
    if not sent.is_valid():
        return show_form(request, sent, status=422)
    try:
        finance.ask(sent.wish(), request.now, Caller(request.choices, request.COOKIES.get(browsers.COOKIE, "")))
    except claims.TooMany as enough:
        return show_form(request, sent, problem=str(enough), status=409)
    except claims.FormSpent:
        sent.renew()
        return show_form(request, sent, problem=shown.SPENT, status=409)
    return shown.see(reverse("programs:request", args=[claims.token_of(sent.nonce_id)]))


def show_form(request: HttpRequest, form: CreditForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    use = policies.find_use(finance.ASK, request.now)
    context = {
        "form": form,
        "program": form.program,
        "lender": finance.lender(request.now),
        "before": finance.notice(form.program, request.now),
        "keep": use.keep if use else "",
        "problem": problem,
    }
    return render(request, "programs/credit_form.html", context, status=status)


@private
@require_safe
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    found = finance.request_by(token)
    return shown.unknown(request) if found is None else show(request, found, token)


def show(request: HttpRequest, asked: CreditRequest, token: str) -> HttpResponse:
    lead = asked.lead
    receipt = getattr(lead, "receipt", None)
    context = {
        "asked": asked,
        "program": pack.of_kind(Kind.FINANCE),
        "lender": lead.recipient.name,
        "left": receipt,
        "fields": [WORDS.get(field, field) for field in receipt.fields] if receipt else [],
        "waits": lead.state in outbox.UNSENT or lead.state == Lead.State.HANDING,
        "unknown": lead.state == Lead.State.UNKNOWN,
        "token": token,
        "address": request.build_absolute_uri(),
    }
    return render(request, "programs/request.html", context)


@private
@require_POST
@takes()
def withdrawal(request: HttpRequest, token: str) -> HttpResponse:
    found = finance.request_by(token)
    if found is None:
        return shown.unknown(request)
    finance.withdraw(found, request.now)
    return shown.see(reverse("programs:request", args=[token]))
