"""The sentences about calls that may be recorded, and about what is answered late."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from forecourt.cases.models import Case
from forecourt.inquiries import months
from forecourt.inquiries.models import Month, Recording
from forecourt.proof.browser import Page
from forecourt.proof.probes.contact import written_down
from forecourt.proof.probes.staff import at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe

# P-12-2


@probe("P-12-2")
def a_call_is_recorded_after_notice_and_yes_alone(visitor):
    """As a made-up member of staff, takes two made-up calls. Tries to switch the recording on before the notice was read out, on the
    page, in the software beneath and in the database itself: each has to refuse. After notice and yes it goes on, and who read out
    which words is kept; a no in the middle switches it off. In the other call the caller says no at once: it must not go on, and an
    answer still goes out. All of it is taken back."""
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        first, second = written_down(desk, "phone", 0), written_down(desk, "phone", 0, words="Another made-up call.")
        if first is None or second is None:
            raise CouldNotRun("the calls could not be written down")
        yield from before_the_notice(first, desk)
        if says(desk, first, "told", "yes") is None or not is_on(first):
            raise CouldNotRun("a recording could not be switched on at all")
        if not Recording.objects.get(case=first).wording:
            yield "nobody knows which words were read out"
        if says(desk, first, "no") is None or is_on(first):
            yield "a recording went on after a no"
        says(desk, second, "told", "no", "yes")
        if is_on(second):
            yield "a call was recorded against a no"
        screen = desk.sees(f"/staff/inquiry/{second.reference}/")
        if not screen.is_fine or not screen.form("/answer/").send(desk.browser, words="Yes.", way="phone").is_fine:
            yield "whoever says no to a recording is not helped"


def before_the_notice(case: Case, desk) -> Iterator[str]:
    desk.browser.post(f"/staff/inquiry/{case.reference}/call/", {**csrf(desk, case), "step": "yes"})
    if is_on(case):
        yield "a call was recorded before the notice"
    now = desk.world.now
    try:
        with transaction.atomic():
            Recording.objects.create(case=case, wording="none", told_by="check", told_at=now, started_at=now)
            transaction.set_rollback(True)
        yield "the database takes a recording without a yes"
    except IntegrityError:
        desk.world.look()


def csrf(desk, case: Case) -> dict[str, str]:
    """What every form of the staff's carries, whatever else is pressed."""
    form = desk.sees(f"/staff/inquiry/{case.reference}/").must_be_fine().form("/call/")
    return {"csrfmiddlewaretoken": form.values["csrfmiddlewaretoken"]}


def says(desk, case: Case, *steps: str) -> Page | None:
    """Presses what the page shows; None where it has no such button any more."""
    done = None
    for step in steps:
        page = desk.sees(f"/staff/inquiry/{case.reference}/").must_be_fine()
        if f'value="{step}"' not in page.body.decode():
            return None
        done = page.form("/call/").send(desk.browser, step=step)
    return done


def is_on(case: Case) -> bool:
    return any(one.is_on for one in Recording.objects.filter(case=case))


@mutant("P-12-2", seam="forecourt.inquiries.recording.refuse", finding="a recording went on after a no")
def a_no_comes_too_late(refuse):
    return lambda case, now: Recording.objects.get(case=case)


@mutant("P-12-2", seam="forecourt.inquiries.recording.start", finding="a call was recorded before the notice")
def the_notice_can_come_later(start):
    def begin(case, now):
        words = {"wording": "later", "told_by": "later", "told_at": now, "agreed_at": now, "started_at": now}
        return Recording.objects.update_or_create(case=case, defaults=words)[0]

    return begin


# P-12-4

ANSWERED = "/privacy/answered/"


@probe("P-12-4")
def what_is_late_is_counted_where_everybody_sees_it(visitor):
    """As a made-up member of staff, writes down six made-up letters of last month: three are answered in time, one is answered late and
    two are not answered at all. The managers' list has to show the last two. Then has the month counted: six more have to have come
    in, three more answered in time and three more late, and the public page has to show the new sums. All of it is taken back."""
    now = visitor.world.now
    first_day = months.month_of(months.start(months.month_of(now)) - timedelta(days=1))
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        before = sums(first_day, now)
        letters = [written_down(desk, "letter", now.day + 12, words=f"Made-up letter {nth}.") for nth in range(6)]
        found = [case for case in letters if case is not None]
        if len(found) < len(letters):
            raise CouldNotRun("the letters could not be written down")
        for nth, case in enumerate(found[:4]):
            answered_at = case.due_at + timedelta(days=1) if nth == 3 else case.opened_at + timedelta(days=3)
            Case.objects.filter(pk=case.pk).update(closed_at=answered_at, outcome="answered")
        listed = desk.sees("/staff/work/").must_be_fine().text
        if not all(case.reference in listed for case in found[4:]):
            yield "managers do not see a case that is past its day"
        after = sums(first_day, now)
        visitor.world.look(len(found))
        if [more - less for more, less in zip(after, before, strict=True)] != [6, 3, 3]:
            yield "late answers are not counted as late"
        if f"{first_day:%B %Y}" not in (page := visitor.sees(ANSWERED).text):
            yield "a month that is over does not stand on the page"
        elif not re.search(rf"{first_day:%B %Y}\s+{after[0]}\s+{after[1]}\s+{after[2]}\b", page):
            yield "the page shows other sums than were counted"


def sums(first_day: date, now: datetime) -> list[int]:
    """Received, in time and late, counted anew."""
    Month.objects.filter(first_day=first_day).update(is_final=False)
    months.close(now)
    month = Month.objects.filter(first_day=first_day, group=months.Group.QUESTIONS).first()
    return [month.received, month.in_time, month.late] if month else [0, 0, 0]


@mutant("P-12-4", seam="forecourt.inquiries.months.count", finding="late answers are not counted as late")
def everything_was_in_time(count):
    from dataclasses import replace

    def flatter(cases, now):
        found = count(cases, now)
        return replace(found, in_time=found.in_time + found.late, late=0)

    return flatter


@mutant("P-12-4", seam="forecourt.console.figures.overdue_cases", finding="managers do not see a case")
def nobody_looks_at_the_list(overdue_cases):
    return lambda now: Case.objects.none()


@mutant("P-12-4", seam="forecourt.inquiries.months.published", finding="does not stand on the page")
def the_page_stays_empty(published):
    return lambda group: []
