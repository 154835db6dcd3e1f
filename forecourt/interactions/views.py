"""Booking a test drive, and the page where whoever booked it looks after it."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.dealers import mine, slots
from forecourt.dealers.models import Dealer
from forecourt.interactions import actions, ics, links, memory, notices, overview, times
from forecourt.interactions.bindings import Caller
from forecourt.interactions.forms import BookingForm
from forecourt.interactions.models import TestDrive
from forecourt.people import browsers
from forecourt.security_log import Event, tell
from forecourt.vehicles import catalogue
from forecourt.web import cookies
from forecourt.web.forms import takes
from forecourt.web.private import private

SLUG = re.compile(r"[-a-z0-9_]{1,64}", re.IGNORECASE)
TAKEN = "Somebody took that time a moment ago. Choose another one; nothing else that you entered was lost."
SPENT = "You booked another drive with this form before. Press the button again to book this one as well."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return send(request)
    dealer = dealer_by(request.GET.get("dealer", ""))
    if dealer is None:
        return choose_dealer(request)
    slot = request.GET.get("slot", "")
    initial: dict[str, object] = {"dealer": dealer.slug, "car": car_in(request.GET.get("car", "")), "slot": slot}
    if known := memory.of(request):
        initial |= {"name": known.name, "contact": known.contact, "remember": True}
    form = BookingForm(dealer=dealer, now=request.now, initial=initial, remembers=memory.days(request.now))
    return show_form(request, form, slot, remembered=bool(known))


@private
def send(request: HttpRequest) -> HttpResponse:
    dealer = dealer_by(request.POST.get("dealer", ""))
    if dealer is None:
        return choose_dealer(request, status=422)
    remembers = memory.days(request.now)
    form = BookingForm(request.POST, request.FILES, dealer=dealer, now=request.now, remembers=remembers)
    chosen = request.POST.get("slot", "")
    if form.undeclared:
        return show_form(request, form, chosen, problem=refusal(form.undeclared), status=422)
    if not form.is_valid():
        return show_form(request, form, chosen, status=422)
    try:
        caller = Caller(request.choices, request.COOKIES.get(browsers.COOKIE, ""))
        drive = actions.book(form.wish(), request.now, caller)
    except actions.SlotTaken:
        form.add_error("slot", TAKEN)
        return show_form(request, form, chosen, status=409)
    except actions.TooMany as enough:
        return show_form(request, form, chosen, problem=str(enough), status=409)
    except actions.FormSpent as spent:
        form.renew()
        return show_form(request, form, chosen, problem=SPENT, booked=spent.drive, status=409)
    ticked = form.cleaned_data.get("remember", False)
    response = see(cookies.told(links.path_of(drive), *([memory.COOKIE] if ticked else [])))
    memory.settle(request, response, form.typed(), ticked=ticked)
    return response


@private
@require_POST
@takes("dealer", "car")
def forget(request: HttpRequest) -> HttpResponse:
    """What this device had us remember for the form; the form comes again, empty."""
    again = urlencode({name: request.POST.get(name, "") for name in ("dealer", "car")})
    response = see(f"{reverse('interactions:book')}?{again}")
    memory.forget(request, response)
    return response


def choose_dealer(request: HttpRequest, status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    car = car_in(asked.get("car", ""))
    return render(
        request,
        "interactions/choose_dealer.html",
        {
            "lines": catalogue.bookable(),
            "car": car,
            "unknown_dealer": bool(asked.get("dealer")),
            "mine": mine.of(request),
            **overview.dealers_near(asked.get("zip", ""), asked.get("more", ""), car, request.now),
        },
        status=status,
    )


def show_form(
    request: HttpRequest,
    form: BookingForm,
    chosen: str,
    *,
    problem: str = "",
    booked: TestDrive | None = None,
    remembered: bool = False,
    status: int = 200,
) -> HttpResponse:
    dealer = form.chosen
    grid = times.grid(dealer, chosen, request.now)
    context = {
        "form": form,
        "dealer": dealer,
        "lines": catalogue.bookable(),
        "car": form["car"].value(),
        "notice": notices.at_collection(dealer, request.now),
        "grid": grid,
        "problem": problem,
        "booked": booked and links.path_of(booked),
        "remembered": remembered,
    }
    return render(request, "interactions/book.html", context, status=status)


@private
@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    drive = links.drive_by(token)
    memory.confirm(request)
    return unknown_link(request) if drive is None else show_drive(request, drive, token)


@private
@require_POST
@takes("slot")
def move(request: HttpRequest, token: str) -> HttpResponse:
    drive = links.drive_by(token)
    if drive is None:
        return unknown_link(request)
    chosen = request.POST.get("slot", "")
    starts_at = slots.read(chosen)
    if starts_at is None or not slots.is_offered(drive.dealer, starts_at, request.now):
        return show_drive(request, drive, token, chosen=chosen, problem="Choose one of these times.", status=422)
    try:
        actions.reschedule(drive, starts_at, request.now)
    except actions.SlotTaken:
        return show_drive(request, drive, token, chosen=chosen, problem=TAKEN, status=409)
    except actions.TooMany as enough:
        return show_drive(request, drive, token, chosen=chosen, problem=str(enough), status=409)
    except actions.AlreadyOver:
        return show_drive(request, drive, token, problem="This drive can no longer be moved.", status=409)
    return see(reverse("interactions:manage", args=[token]))


@private
@require_POST
@takes()
def cancellation(request: HttpRequest, token: str) -> HttpResponse:
    drive = links.drive_by(token)
    if drive is None:
        return unknown_link(request)
    try:
        actions.cancel(drive, request.now)
    except actions.AlreadyOver:
        if drive.state != TestDrive.State.CANCELLED:
            return show_drive(request, drive, token, problem="This drive can no longer be cancelled.", status=409)
    return see(reverse("interactions:manage", args=[token]))


@private
@require_POST
@takes("texts")
def texts(request: HttpRequest, token: str) -> HttpResponse:
    drive = links.drive_by(token)
    if drive is None:
        return unknown_link(request)
    wanted = {"yes": True, "no": False}.get(request.POST.get("texts", ""))
    if wanted is None or drive.contact.kind != "phone":
        return show_drive(
            request, drive, token, problem="Choose whether to get texts, and press the button again.", status=422
        )
    try:
        actions.choose_texts(drive, wanted, request.now)
    except actions.CannotText:
        return show_drive(request, drive, token, problem=notices.CANNOT_TEXT, status=422)
    return see(reverse("interactions:manage", args=[token]))


@private
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    drive = links.drive_by(token)
    if drive is None:
        return unknown_link(request)
    response = HttpResponse(ics.event(drive, request.now), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="test-drive.ics"'
    return response


def show_drive(
    request: HttpRequest, drive: TestDrive, token: str, *, chosen: str = "", problem: str = "", status: int = 200
) -> HttpResponse:
    drive.refresh_from_db()
    context = overview.of(drive, request.now)
    context |= {"token": token, "problem": problem, "grid": times.grid(drive.dealer, chosen, request.now, but=drive)}
    return render(request, "interactions/drive.html", context, status=status)


def unknown_link(request: HttpRequest) -> HttpResponse:
    return render(request, "interactions/unknown_link.html", status=404)


def see(path: str) -> HttpResponse:
    response = HttpResponseRedirect(path)
    response.status_code = 303
    return response


def refusal(undeclared: list[str]) -> str:
    """What was sent beside the fields of a form; the log is told that it was, and not what."""
    tell(Event.FIELD_REFUSED)
    names = ", ".join(name[:40] for name in undeclared[:3])
    return f"This form came with something that we do not ask for ({names}), so we took none of it. Send it again from this page."


def dealer_by(slug: str) -> Dealer | None:
    if not SLUG.fullmatch(slug):
        return None
    found = Dealer.objects.filter(slug=slug, active=True, services__contains=["test-drive"])
    return found.prefetch_related("hours", "closed_days").first()


def car_in(slug: str) -> str:
    return slug if any(line.slug == slug for line in catalogue.bookable()) else ""
