"""Five minutes that show the idea. Everything here is the real thing; only the outside world is played."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.adapters import clock
from forecourt.consent import policies
from forecourt.interactions import reminders
from forecourt.messaging import handoff
from forecourt.messaging.models import Message
from forecourt.people.addresses import BadAddress, read_email, read_phone
from forecourt.policy.reasons import Reason
from forecourt.requests.models import Request
from forecourt.run import jobs
from forecourt.run.tour import askers, breaks, letters, newcomer, phones
from forecourt.run.tour.breaks import Chapter
from forecourt.vehicles import catalogue
from forecourt.web.brand import brand

# Nobody's number: 555-0100 to 555-0199 are kept for fiction.
SUGGESTED_PHONE = "303-555-0147"
SUGGESTED_EMAIL = "robin@post.example"


@never_cache
@require_safe
def tour(request: HttpRequest) -> HttpResponse:
    drive = newcomer.newest_drive(request.now)
    context = {
        "phone": SUGGESTED_PHONE,
        "drive": drive,
        "line": drive and catalogue.line(drive.car),
        "clock_moved": bool(clock.offset()),
        "reminder": newcomer.reminder(drive, request.now),
        "progress": newcomer.progress(drive),
        "events": newcomer.events(drive, request.now),
        "breaks": breaks.states(Chapter.DRIVE, policies.in_force(request.now).uses.values()),
    }
    return render(request, "tour/tour.html", context)


@never_cache
@require_safe
def yours(request: HttpRequest) -> HttpResponse:
    """The third chapter: what we have is shown whole, and then it is gone."""
    drive = newcomer.newest_drive(request.now)
    delete = askers.newest(Request.Kind.DELETE, request.now)
    context = {
        "email": SUGGESTED_EMAIL,
        "drive": drive,
        "line": drive and catalogue.line(drive.car),
        "know": askers.newest(Request.Kind.KNOW, request.now),
        "delete": delete,
        "gone": delete and askers.gone(delete.request),
    }
    return render(request, "tour/yours.html", context)


@require_POST
def clock_moves(request: HttpRequest) -> HttpResponse:
    """Forward to the hour of the newest booking's reminder, to the next morning, or back to the real time."""
    match request.POST.get("to"):
        case "reminder":
            drive = newcomer.newest_drive(request.now)
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
    jobs.check_everything_later()  # what was checked before the move has aged with it
    return HttpResponseRedirect(reverse("tour:tour") + "#clock")


@require_POST
def break_promise(request: HttpRequest, code: str) -> HttpResponse:
    breaks.press(_known(code))
    return _back_to(code)


@require_POST
def mend_promise(request: HttpRequest, code: str) -> HttpResponse:
    breaks.mend(_known(code))
    jobs.check_everything_later()  # other sentences may have failed beside it
    return _back_to(code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _answer(request)
    return _show_phone(request, request.GET.get("number", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _write(request)
    return _show_mailbox(request)


def _write(request: HttpRequest) -> HttpResponse:
    """An email to our privacy address, as somebody's own mailbox would send it."""
    words = request.POST.get("words", "").strip()[:4000]
    try:
        sender = read_email(request.POST.get("sender", "")).text
    except BadAddress as problem:
        return _show_mailbox(request, problem=str(problem), status=422)
    if not words:
        return _show_mailbox(request, problem="Write something, and send it.", status=422)
    number = letters.written_to_us(sender, request.POST.get("subject", "")[:200], words, request.now)
    return HttpResponseRedirect(f"{reverse('tour:mailbox')}?number={number}")


def _show_mailbox(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    found = letters.letters()
    context = {
        "letters": [letter for letter in found if not letter.of_a_check],
        "of_checks": [letter for letter in found if letter.of_a_check][:10],
        "problem": problem,
        "number": request.GET.get("number", "")[:9],
        "typed": request.POST,
        "privacy_email": brand().privacy_email,
    }
    return render(request, "tour/mailbox.html", context, status=status)


@never_cache
@require_safe
def letter(request: HttpRequest, item: int) -> HttpResponse:
    found = letters.letter(item)
    if found is None:
        raise Http404("That letter is not in the demo's mailbox any more.")
    return render(request, "tour/letter.html", {"letter": found})


@never_cache
@require_safe
def dealer(request: HttpRequest) -> HttpResponse:
    found = letters.leads()
    waiting = newcomer.leads_that_wait(request.now)
    context = {
        "leads": [lead for lead in found if not lead.of_a_check],
        "of_checks": [lead for lead in found if lead.of_a_check][:10],
        "waiting": [(lead, Reason(lead.reason).sentence) for lead in waiting],
    }
    return render(request, "tour/dealer.html", context)


def _show_phone(request: HttpRequest, asked: str, problem: str = "", status: int = 200) -> HttpResponse:
    numbers = phones.numbers()
    try:
        number = read_phone(asked).text if asked else ""
    except BadAddress:
        number, problem, status = "", "That is not a phone number. Choose one that was texted.", 404
    shown = number or (numbers[0] if numbers else "")
    yours = [known for known in numbers if not phones.is_of_a_check(known)]
    context = {
        "numbers": list(dict.fromkeys([*yours[:12], shown])) if shown else [],
        "of_checks": [known for known in numbers if phones.is_of_a_check(known) and known != shown][:12],
        "shown": shown,
        "threads": phones.threads(shown, request.now) if shown else [],
        "sender_name": brand().name,
        "problem": problem,
    }
    return render(request, "tour/phone.html", context, status=status)


def _answer(request: HttpRequest) -> HttpResponse:
    asked, sender = request.POST.get("number", ""), request.POST.get("sender", "")
    body = request.POST.get("body", "").strip()[:1000]
    if not body or sender not in brand().text_senders.values():
        return _show_phone(request, asked, "Type an answer, and send it.", status=422)
    try:
        number = read_phone(asked).text
    except BadAddress:
        return _show_phone(request, asked)
    phones.answer(number, sender, body, request.build_absolute_uri("/hooks/texts/"), request.now)
    return HttpResponseRedirect(f"{reverse('tour:phone')}?number={number.removeprefix('+')}")


def _move_to(moment: datetime) -> None:
    ahead = moment - clock.now()
    if ahead > timedelta():
        clock.move(ahead)


def _let_time_work(now: datetime) -> None:
    """What the worker does each minute, at once, so that nobody waits for it."""
    reminders.remind_all(now)
    for message in Message.objects.filter(state=Message.State.QUEUED, due__lte=now).order_by("due")[:50]:
        handoff.deliver(message.pk, now)


CHAPTERS = {Chapter.DRIVE: "tour:tour", Chapter.NO: "tour:no"}


def _back_to(code: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse(CHAPTERS[breaks.BREAKS[code].chapter])}#break-{code}")


def _known(code: str) -> str:
    if code not in breaks.BREAKS:
        raise Http404(f"The tour can break {', '.join(breaks.BREAKS)}.")
    return code
