"""Five minutes that show the idea. Everything here is the real thing; only the outside world is played."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from forecourt.adapters import clock
from forecourt.consent.models import Closure
from forecourt.interactions import reminders
from forecourt.interactions.models import TestDrive
from forecourt.messaging import handoff
from forecourt.messaging.models import Message
from forecourt.people.addresses import BadAddress, read_phone
from forecourt.policy.reasons import Reason
from forecourt.run.tour import breaks, letters, phones
from forecourt.sharing.models import Lead
from forecourt.vehicles import catalogue
from forecourt.web.brand import brand

# Nobody's number: 555-0100 to 555-0199 are kept for fiction.
SUGGESTED_PHONE = "303-555-0147"


@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    broken = breaks.broken_now()
    drive = _newest_drive(request.now)
    context = {
        "phone": SUGGESTED_PHONE,
        "car": catalogue.lines()[0],
        "drive": drive,
        "drive_line": drive and catalogue.line(drive.car),
        "clock_offset": clock.offset(),
        "events": _events(),
        "breaks": [
            {
                "one": one,
                "broken": one.code in broken,
                "closure": Closure.objects.filter(promise=one.promise, until=None).first(),
            }
            for one in breaks.BREAKS.values()
        ],
    }
    return render(request, "tour/tour.html", context)


@require_POST
def clock_moves(request: HttpRequest) -> HttpResponse:
    """Forward to the hour of the newest booking's reminder, to the next morning, or back to the real time."""
    match request.POST.get("to"):
        case "reminder":
            drive = _newest_drive(request.now)
            if drive is None:
                return redirect("tour:tour")
            _move_to(drive.remind_at + timedelta(minutes=1))
        case "morning":
            _move_to(request.now + timedelta(hours=12))
        case "now":
            clock.reset()
        case _:
            raise Http404("The clock moves to the reminder, to the morning, or back to now.")
    _let_time_work(clock.now())
    return HttpResponseRedirect(reverse("tour:tour") + "#clock")


@require_POST
def break_promise(request: HttpRequest, code: str) -> HttpResponse:
    breaks.press(_known(code))
    return HttpResponseRedirect(reverse("tour:tour") + "#break")


@require_POST
def mend_promise(request: HttpRequest, code: str) -> HttpResponse:
    breaks.mend(_known(code))
    return HttpResponseRedirect(reverse("tour:tour") + "#break")


def phone(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _answer(request)
    try:
        number = read_phone(request.GET["number"]).text if request.GET.get("number") else None
    except BadAddress:
        number = None
    numbers = phones.numbers()
    shown = number or (numbers[0] if numbers else None)
    context = {
        "numbers": numbers[:12],
        "shown": shown,
        "threads": phones.threads(shown, request.now) if shown else [],
        "sender_name": brand().name,
    }
    return render(request, "tour/phone.html", context)


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    return render(request, "tour/mailbox.html", {"letters": letters.letters()})


@require_safe
def letter(request: HttpRequest, item: int) -> HttpResponse:
    found = letters.letter(item)
    if found is None:
        raise Http404("That letter is not in the demo's mailbox any more.")
    return render(request, "tour/letter.html", {"letter": found})


@require_safe
def dealer(request: HttpRequest) -> HttpResponse:
    waiting = Lead.objects.filter(state=Lead.State.WAITING).select_related("recipient").order_by("-requested_at")[:10]
    context = {"leads": letters.leads(), "waiting": [(lead, Reason(lead.reason).sentence) for lead in waiting]}
    return render(request, "tour/dealer.html", context)


def _answer(request: HttpRequest) -> HttpResponse:
    number, sender = request.POST.get("number", ""), request.POST.get("sender", "")
    body = request.POST.get("body", "").strip()
    back = f"{reverse('tour:phone')}?number={number.removeprefix('+')}"
    if body and sender in brand().text_senders.values():
        phones.answer(
            read_phone(number).text, sender, body[:1000], request.build_absolute_uri("/hooks/texts/"), request.now
        )
    return HttpResponseRedirect(back)


def _newest_drive(now: datetime) -> TestDrive | None:
    coming = TestDrive.objects.filter(state=TestDrive.State.BOOKED, starts_at__gt=now)
    return coming.select_related("dealer").order_by("-booked_at").first()


def _move_to(moment: datetime) -> None:
    ahead = moment - clock.now()
    if ahead > timedelta():
        clock.move(ahead)


def _let_time_work(now: datetime) -> None:
    """What the worker does each minute, at once, so that nobody waits for it."""
    reminders.remind_all(now)
    for message in Message.objects.filter(state=Message.State.QUEUED, due__lte=now).order_by("due")[:50]:
        handoff.deliver(message.pk, now)


def _events() -> list[dict]:
    """The newest messages and what became of each, with the reason for every refusal."""
    newest = Message.objects.order_by("-queued_at")[:8]
    return [
        {
            "use": message.use,
            "channel": message.channel,
            "state": message.state,
            "reason": Reason(message.reason).sentence if message.reason in set(Reason) else message.reason,
            "at": message.queued_at,
        }
        for message in newest
    ]


def _known(code: str) -> str:
    if code not in breaks.BREAKS:
        raise Http404(f"The tour can break {', '.join(breaks.BREAKS)}.")
    return code
