"""The sentences about children: what is refused to them, and what happens when somebody tells us of one."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.urls import reverse

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.models import Inquiry
from forecourt.minors import asking, consents, methods, reports
from forecourt.minors.models import Asking, Report
from forecourt.people import contacts, subjects, vault
from forecourt.people.models import Contact, Sealed
from forecourt.policy import ages
from forecourt.policy.decide import Refused
from forecourt.policy.policy import Age, Switch
from forecourt.policy.reasons import Reason
from forecourt.proof.browser import Browser, Page
from forecourt.proof.probes.accounts import at_home
from forecourt.proof.probes.choices import Chooser, confirms
from forecourt.proof.probes.contact import is_numbered, written_down
from forecourt.proof.probes.staff import REFERENCE, at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.rights.erasure import actions as erasure
from forecourt.rights.erasure import holds
from forecourt.rights.models import ErasureHold
from forecourt.sharing import audiences, facts, handoff

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


# P-3G-1


@probe("P-3G-1")
def nothing_of_a_child_before_a_parents_yes(visitor) -> Iterator[str]:
    """Says 10, gives a made-up parent's address, and tries to save a car: before the yes, after it, and after it was confirmed a day later, which
    alone may work. Looks at what was kept to ask: the address and nothing of the child. Takes the yes back, after which nothing more may
    be saved and the address has to be gone. Asks again and lets the days go by: it has to be gone as well."""
    child, now = told(visitor.world, "10"), visitor.world.now
    asking = asks(child, visitor)
    if Inquiry.objects.filter(contact=asking.contact_id).exists() or fields_of(asking) - {"user.contact.email"}:
        yield "more than a parent's address was kept to ask"
    visitor.lets_messages_leave()
    page = link_in(visitor, "privacy/children/consent/")
    presses(visitor, page, "/yes/")
    if may_save(asking):
        yield "a child could keep something before a parent confirmed it"
    consents.send_second(asking.pk, now + methods.DELAY)
    visitor.lets_messages_leave()
    presses(visitor, page, "/yes/")
    if not may_save(asking):
        raise CouldNotRun("a confirmed yes does nothing, so a refusal says nothing")
    presses(visitor, page, "/no/")
    if may_save(asking):
        yield "a yes that was taken back still counts"
    if contacts.find(contacts.read(visitor.email)):
        yield "a parent's address was kept after a no"
    late = asks(child, visitor)
    consents.forget_over([late], late.asked_at + timedelta(days=consents.days(now)))
    if contacts.find(contacts.read(visitor.email)):
        yield "a parent's address outlived its days"
        consents.forget(late, now)


def asks(child: Chooser, visitor) -> Asking:
    form = child.browser.get("/privacy/children/asking/").must_be_fine().form(having="parent")
    form.send(child.browser, parent=visitor.email)
    visitor.world.look()
    found = Asking.objects.filter(contact=contacts.find(contacts.read(visitor.email))).first()
    if found is None:
        raise CouldNotRun("nobody was asked")
    return found


def fields_of(asking: Asking) -> set[str]:
    return set(Sealed.objects.filter(subject=asking.contact_id).values_list("field", flat=True))


def may_save(asking: Asking) -> bool:
    return consents.lets(consents.mark(asking), "builds:save")


def link_in(visitor, part: str) -> str:
    for letter in reversed(visitor.emails()):
        body = letter.get_body(("plain",))
        if body and (found := re.search(rf"https?://\S*/{part}\S+/", body.get_content())):
            return found[0]
    raise CouldNotRun("no letter leads to the question")


def presses(visitor, page: str, button: str) -> None:
    visitor.sees(page).form(button).send(visitor.browser)


@mutant("P-3G-1", seam="forecourt.minors.consents.lets", finding="before a parent confirmed it")
def asking_is_enough(lets):
    return lambda kept, name: True


@mutant("P-3G-1", seam="forecourt.minors.consents.forget", finding="address was kept after a no")
def the_row_goes_and_the_address_stays(forget):
    return lambda asking, now: Asking.objects.filter(pk=asking.pk).delete()


@mutant("P-3G-1", seam="forecourt.minors.consents.is_over", finding="outlived its days")
def there_is_always_another_day(is_over):
    return lambda asking, now: False


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


@probe("P-3G-2")
def what_a_teenager_said_counts_in_every_browser(world) -> Iterator[str]:
    """Somebody signs in, wants ads and says 14; then signs in with another browser and wants ads there. It may not be asked anew, as if
    an older answer could be had; and the door through which data would be shared has to refuse for want of their own yes."""
    with at_home(world) as member:
        member.signs_in()
        at(member.browser, world).says_yes(Switch.ADS, years="14")
        elsewhere = Browser(keeps_cookies=True)
        member.signs_in(elsewhere)
        page = at(elsewhere, world).presses(Switch.ADS, "yes")
        if confirms(page):
            page = page.form("/yes/", having="confirmed").send(elsewhere)
        if page.path.endswith("/age/"):
            yield "another browser of somebody of 14 was asked for their age anew"
        for network in audiences.networks(world.policy):
            decision = facts.about(member.account.contact, f"{network}-audience", network, world.now)
            if isinstance(decision, Refused) and decision.reason is Reason.CLOSED:
                raise CouldNotRun("sharing is closed for another reason")
            world.look()
            if not isinstance(decision, Refused) or decision.reason is not Reason.TOO_YOUNG:
                yield "the door does not know that somebody is 14"


def at(browser: Browser, world) -> Chooser:
    chooser = Chooser(world)
    chooser.browser = browser
    return chooser


@mutant("P-3G-2", seam="forecourt.consent.under_sixteen.told", finding="was asked for their age anew")
def the_answer_stays_in_its_browser(told):
    return lambda contact_ids, age, now: None


@mutant(
    "P-3G-2", seam="forecourt.consent.under_sixteen._or_known", finding="the door does not know that somebody is 14"
)
def the_door_asks_nobody(or_known):
    return lambda age, first, key, now: age


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


# P-3G-4


@probe("P-3G-4")
def whoever_tells_us_of_a_child_gets_a_case(visitor) -> Iterator[str]:
    """Reports a made-up child's address by the form, from a browser that keeps no cookie; a made-up member of staff writes down a letter, a
    call and an email about another. Each has to be a case about a child's data with a number of the same kind, due on the same
    clock, and whoever told us has to see the number. The desk's part is taken back."""
    page = tells(visitor, visitor.email)
    found = [case_on(page)]
    if visitor.browser.offered_cookies:
        yield "telling us of a child sets a cookie"
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        found += [written_down(desk, way, 1, kind=Case.Kind.CHILD.value) for way in ("letter", "phone", "email")]
    visitor.world.look(len(found))
    for case in found:
        if case is None:
            yield "a way to tell us of a child led to no case"
        elif case.kind != Case.Kind.CHILD:
            yield "a report of a child became a case of another kind"
        elif not is_numbered(case) or case.due_at - case.opened_at != cases.DUE_AFTER:
            yield "a report of a child has a number or a clock of its own"


def tells(visitor, address: str) -> Page:
    form = visitor.sees("/privacy/children/report/").form(having="child")
    done = form.send(visitor.browser, child=address, told_by=Report.By.PARENT.value)
    visitor.world.look()
    if not done.is_fine:
        raise CouldNotRun(f"a report was answered with {done.status}")
    return done


def case_on(page: Page) -> Case | None:
    numbers = REFERENCE.findall(page.text)
    return cases.find(numbers[0]) if numbers else None


@mutant("P-3G-4", seam="forecourt.minors.forms.ReportForm.said", finding="became a case of another kind")
def it_is_a_question_like_any_other(said):
    return lambda self: replace(said(self), kind=Case.Kind.QUESTION)


@mutant("P-3G-4", seam="forecourt.console.inquiry_forms.WriteDown.said", finding="became a case of another kind")
def letters_are_questions(said):
    return lambda self, by: replace(said(self, by), kind=Case.Kind.QUESTION)


# P-3G-5


@probe("P-3G-5")
def a_reported_record_stands_still_and_goes(visitor) -> Iterator[str]:
    """Books a test drive, lets the lead leave, and then reports the address as a child's. In that moment the vault has to open nothing of it any
    more, and no message about it may leave. It is erased at the desk's word: keys, rows, and the dealer has to be asked for its part and
    its answer kept. A hold has to be refused to whoever asked for it, so that nobody keeps a child's data alone."""
    visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    contact = visitor.contact("email")
    inquiry = inquiries.by_reference(reference_on(tells(visitor, visitor.email)))
    if inquiry is None:
        raise CouldNotRun("the report led to no case")
    if opens(contact, visitor):
        yield "a reported child's address could still be read"
    before = len(visitor.emails())
    visitor.waits(visitor.booked[0].reminder_due)
    visitor.lets_messages_leave()
    if len(visitor.emails()) != before:
        yield "something was sent to a reported child"
    yield from nobody_holds_alone(inquiry, contact, visitor)
    done = reports.erase(inquiry, visitor.world.now)
    if done is None or done.done_at is None:
        yield "a reported child was not erased"
        return
    if not subjects.is_erased(contact.pk):
        yield "a reported child's key was kept"
    for one in erasure.told(done):
        handoff.deliver_share(one.row.pk, visitor.world.now)
    if not any(one.acknowledged for one in erasure.told(done)):
        yield "nobody who had a child's data has a receipt of its end"
    inquiry.case.refresh_from_db()
    if inquiry.is_open:
        yield "the case of an erased child stayed open"


def reference_on(page: Page) -> str:
    case = case_on(page)
    return case.reference if case else ""


def opens(contact: Contact, visitor) -> bool:
    field = contacts.FIELDS[contact.kind]
    visitor.world.look()
    return bool(
        vault.open_fields(contact.pk, [field], purpose="manage-own-booking", who="visitor", now=visitor.world.now)
    )


def nobody_holds_alone(inquiry: Inquiry, contact: Contact, visitor) -> Iterator[str]:
    now = visitor.world.now
    with at_the_desk(visitor.world) as desk:
        visitor.world.look()
        hold = holds.ask(
            contact.pk,
            case=inquiry.case.reference,
            ground=ErasureHold.Ground.SAFETY,
            until=now + timedelta(days=7),
            by=desk.user,
            now=now,
        )
        try:
            holds.approve(hold.pk, by=desk.user, now=now)
        except (holds.NotAllowed, IntegrityError):
            return
        yield "one person alone kept a child's data"


@mutant("P-3G-5", seam="forecourt.people.freezing.freeze", finding="could still be read")
def reports_wait_for_somebody(freeze):
    return lambda contact_ids, now: None


@mutant("P-3G-5", seam="forecourt.minors.reports.erase", finding="was not erased")
def reports_are_filed(erase):
    return lambda inquiry, now: None


@mutant("P-3G-5", seam="forecourt.people.subjects.destroy_keys", finding="key was kept")
def keys_stay(destroy_keys):
    return lambda keys: None
