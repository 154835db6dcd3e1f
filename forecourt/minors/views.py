"""What a child is told, and the page for whoever looks after one."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forecourt.inquiries import actions as inquiries
from forecourt.interactions.bindings import Caller
from forecourt.interactions.views import refusal
from forecourt.minors import notices, reports
from forecourt.minors.forms import ReportForm
from forecourt.people import browsers
from forecourt.traffic.pace import Pace
from forecourt.web.private import private

SPENT = "You sent another report with this page before. Press the button again to send this one as well."
SLOWLY = "More reports came from your network in this minute than a person writes. Wait a minute, then press the button again."
reporting = Pace(most=4)


@private
def refused(request: HttpRequest) -> HttpResponse:
    """In place of every page that asks for something, for a browser that was told an age below 13."""
    return render(request, "minors/refused.html", {"may_ask": notices.may_ask(request.now)}, status=403)


@private
def stands_still(request: HttpRequest) -> HttpResponse:
    """In place of the same pages, for whoever is signed in to an account that was reported."""
    return render(request, "minors/stands_still.html", status=403)


@require_safe
def parents(request: HttpRequest) -> HttpResponse:
    context = {"may_report": notices.may_report(request.now), "may_ask": notices.may_ask(request.now)}
    return render(request, "minors/parents.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    if not notices.may_report(request.now):
        raise Http404("This brand takes such reports by phone and by post.")
    if request.method == "POST":
        return send(request)
    return show_form(request, ReportForm(now=request.now))


@private
def send(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST, request.FILES, now=request.now)
    if form.undeclared:
        return show_form(request, form, problem=refusal(form.undeclared), status=422)
    if not form.is_valid():
        return show_form(request, form, status=422)
    if not reporting.admits(request):
        return show_form(request, form, problem=SLOWLY, status=429)
    caller = Caller(request.choices, request.COOKIES.get(browsers.COOKIE, ""))
    given = form.cleaned_data
    try:
        inquiry = reports.take(form.said(), [given["child"]], given["told_by"], request.now, caller)
    except inquiries.TooMany as enough:
        return show_form(request, form, problem=str(enough), status=409)
    except inquiries.FormSpent:
        form.renew()
        return show_form(request, form, problem=SPENT, status=409)
    return HttpResponseRedirect(reverse("inquiries:message", args=[inquiries.token_of(inquiry.nonce)]), status=303)


def show_form(request: HttpRequest, form: ReportForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "notice": notices.at_collection(request.now)}
    return render(request, "minors/report.html", context, status=status)
