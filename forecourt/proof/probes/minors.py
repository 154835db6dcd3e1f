"""The sentences about children: what is refused to them, and what happens when somebody tells us of one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse

from forecourt.inquiries.models import Inquiry
from forecourt.minors import asking
from forecourt.people.models import Contact
from forecourt.policy import ages
from forecourt.policy.policy import Age, Switch
from forecourt.proof.probes.choices import Chooser
from forecourt.proof.registry import CouldNotRun, mutant, probe

# One page of each kind that takes something, and what is typed there.
SENDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("interactions:book", {"name": "Robin", "contact": "robin@post.example"}),
    ("inquiries:contact", {"topic": "car", "words": "Does it come in green?"}),
    ("builds:save", {}),
    ("accounts:register", {"email": "robin@post.example"}),
)


def told(world, years: str) -> Chooser:
    """A browser whose owner asked for ads and gave that age."""
    chooser = Chooser(world)
    chooser.says_yes(Switch.ADS, years=years)
    return chooser


# P-3G-2


@probe("P-3G-2")
def a_child_is_under_thirteen_to_the_day(world) -> Iterator[str]:
    """Reckons the group of people on the day before, on and after their 13th and 16th birthdays, leap days among them, in the zone
    where the day begins last. Says 12, 13, 15 and 16 where a page asks for an age: 12 has to be a child's answer, 13 and 15 may say
    yes for themselves, and before they did nothing is sold."""
    for born in (date(2013, 6, 15), date(2012, 2, 29), date(2011, 12, 31)):
        for years, before, after in ((13, Age.CHILD, Age.TEEN), (16, Age.TEEN, Age.GROWN)):
            birthday = first_day(born, years)
            world.look(2)
            if ages.group_of(born, noon(birthday - timedelta(days=1))) is not before:
                yield "somebody was taken for older a day too early"
            if ages.group_of(born, noon(birthday)) is not after:
                yield "somebody was taken for younger on their birthday"
    for said, may in (("12", False), ("13", True), ("15", True), ("16", True)):
        chooser = Chooser(world)
        if chooser.choices.said_yes:
            yield "something was allowed that nobody had said yes to"
        chooser.says_yes(Switch.ADS, years=said)
        if (Switch.ADS in chooser.choices.said_yes) != may:
            yield f"the answer {said} was put into the wrong group"


def first_day(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # February 29
        return date(born.year + years, 3, 1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ages.LAST_ZONE)


@mutant("P-3G-2", seam="forecourt.policy.ages.years_on", finding="was taken for older a day too early")
def the_year_alone_counts(years_on):
    return lambda day, born: day.year - born.year


@mutant("P-3G-2", seam="forecourt.rights.choice_forms.outcome", finding="was put into the wrong group")
def twelve_is_old_enough(outcome):
    return lambda years: Age.TEEN if years == 12 else outcome(years)


# P-3G-3


@probe("P-3G-3")
def a_child_can_send_us_nothing(world) -> Iterator[str]:
    """Asks for ads and says 10, then tries to book, to write to us, to save a car, to open an account and to fill in the form of each
    program, by the page and by sending the form outright: each has to be refused with a page that says so kindly, and nothing may be
    kept. The cars have to stay open to look at, and a no has to count."""
    child, before = told(world, "10"), kept()
    if "age" not in child.browser.jar:
        raise CouldNotRun("the answer about age was not remembered, so nobody is a child here")
    for name, typed in SENDS:
        if not is_kind(child.browser.post(reverse(name), typed)):
            yield f"a child could send something: {name}"
    for name in sorted(asking.ASKS - {"programs:form"}):
        if not is_kind(child.browser.get(reverse(name))):
            yield f"a child was asked for something: {name}"
    world.look(len(SENDS))
    if kept() != before:
        yield "something of a child was kept"
    if not child.browser.get("/models/").is_fine:
        yield "a child may not look at the cars"
    child.presses(Switch.ADS, "no")
    if Switch.ADS not in child.choices.said_no:
        yield "a child's no does not count"


def is_kind(page) -> bool:
    return page.status == 403 and "You did nothing wrong" in page.text


def kept() -> tuple[int, int]:
    return Contact.objects.count(), Inquiry.objects.count()


@mutant("P-3G-3", seam="forecourt.minors.asking.is_asked", finding="a child could send something")
def children_may_write(is_asked):
    return lambda request, name: request.method == "GET" and is_asked(request, name)


@mutant("P-3G-3", seam="forecourt.minors.asking.is_asked", finding="a child was asked for something")
def children_fill_in_first(is_asked):
    return lambda request, name: request.method != "GET" and is_asked(request, name)
