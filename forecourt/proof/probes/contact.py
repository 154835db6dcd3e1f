"""The sentences about writing to us and calling: one numbering, one clock, read by whoever answers and by nobody else."""

import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.models import RefusedReading
from forecourt.consent.reading import MayNotRead
from forecourt.inquiries import actions, incoming, looking
from forecourt.inquiries.models import Inquiry
from forecourt.people import subjects, vault
from forecourt.people.models import Opening
from forecourt.policy.decide import Allowed
from forecourt.proof.browser import Page
from forecourt.proof.probes.sharing import rehearsal
from forecourt.proof.probes.staff import REFERENCE, at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.requests import identity, passes
from forecourt.requests.models import Pass, Request
from forecourt.web.brand import brand

CONTACT = "/contact/"
CODE = re.compile(r"\b(\d{4} \d{4})\b")
CODE_PAGE = re.compile(r"/privacy/requests/code/[\w-]+/")


@dataclass
class Written:
    """A message as the visitor sent it; `mark` stands in its words."""

    inquiry: Inquiry
    mark: str
    page: Page

    @property
    def key(self) -> uuid.UUID:
        """Whose key its words lie under."""
        if self.inquiry.submission_id is None:
            raise CouldNotRun("the words were gone before anybody read them")
        return self.inquiry.submission_id


@contextmanager
def written(visitor, **more: str | None) -> Iterator[Written]:
    """Sends a message over the page's form, and takes it back at the end."""
    mark = secrets.token_hex(12)
    form = visitor.sees(CONTACT).form(having="words")
    values: dict[str, str | None] = {
        "topic": form.options("topic")[-1],
        "words": f"Does it come in green? {mark}",
        **more,
    }
    done = form.send(visitor.browser, **values)
    visitor.world.look()
    inquiry = actions.by_token(done.path.rstrip("/").rsplit("/", 1)[-1])
    if not done.is_fine or inquiry is None:
        raise CouldNotRun(f"the message was answered with {done.status}")
    try:
        yield Written(inquiry, mark, done)
    finally:
        with suppress(Exception):
            visitor.sees(done.address).form("/withdrawal/").send(visitor.browser)


def an_email(visitor, words: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = visitor.email, brand().privacy_email, "A question"
    message["Message-ID"] = f"<{uuid.uuid4()}@probe.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message.as_bytes()


# P-12-1


@probe("P-12-1")
def every_way_to_us_becomes_a_case(visitor):
    """Sends a made-up message by the form, and one by email; a made-up member of staff writes down a letter that came three days ago,
    and a call. Each has to be a case with a number of its own of one kind, due so many days after it reached us as the page says.
    The email has to be acknowledged with its number, once; one that a machine sent, never. The desk's part is taken back."""
    now, found = visitor.world.now, []
    with written(visitor) as one:
        found.append(one.inquiry.case)
        if one.inquiry.case.reference not in one.page.text:
            yield "the page does not show the number"
    with rehearsal():
        raw = an_email(visitor, "How long is the warranty?")
        by_email = incoming.take(raw, now)
        found.append(by_email.case)
        if incoming.take(raw, now).pk != by_email.pk:
            yield "the same email became two cases"
        incoming.take(an_email(visitor, "I am away.", Auto_Submitted="auto-replied"), now)
        visitor.lets_messages_leave()
        answers = [mail for mail in visitor.emails() if REFERENCE.search(str(mail["Subject"]))]
        if not any(by_email.case.reference in str(mail["Subject"]) for mail in answers):
            yield "an email was not acknowledged with its number"
        if len(answers) > 1:
            yield "a machine was answered"
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        for way, days in (("letter", 3), ("phone", 0)):
            case = written_down(desk, way, days)
            if case is None:
                yield "a letter or a call was turned away"
                continue
            found.append(case)
            if abs(case.opened_at - (now - timedelta(days=days))) > timedelta(days=1):
                yield "a clock did not start when the letter reached us"
    visitor.world.look(len(found))
    if len({case.reference for case in found}) < len(found) or not all(map(is_numbered, found)):
        yield "the ways to us have numbers of different kinds"
    if any(case.due_at - case.opened_at != cases.DUE_AFTER for case in found):
        yield "the ways to us have different clocks"


def is_numbered(case: Case) -> bool:
    return REFERENCE.fullmatch(case.reference) is not None


def written_down(desk, way: str, days: int, **more: str | None) -> Case | None:
    form = desk.sees("/staff/cases/new/").must_be_fine().form(having="received")
    received = f"{desk.world.now - timedelta(days=days):%Y-%m-%d}"
    values: dict[str, str | None] = {"came_by": way, "received": received, "words": "A made-up question.", **more}
    done = form.send(desk.browser, **values)
    numbers = re.findall(r"/inquiry/([0-9A-Z]{4}-[0-9A-Z]{4})/", done.address)
    return cases.find(numbers[0]) if done.is_fine and numbers else None


@probe("P-12-1")
def a_letter_is_answered_by_our_machines(visitor):
    """A made-up member of staff writes down a letter in which a made-up visitor asks for everything, and sends a code to the address
    in it. Before the right code came back on our page nothing may begin, for a wrong one neither; then the file has to, and its clock
    has to run from the day on which the letter came. All of it is taken back."""
    now = visitor.world.now
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        case = written_down(desk, "letter", 3, kind=Case.Kind.KNOW.value, address=visitor.email)
        inquiry = actions.by_reference(case.reference) if case else None
        if inquiry is None:
            raise CouldNotRun("a letter was turned away")
        screen = f"/staff/inquiry/{inquiry.case.reference}/"
        desk.sees(screen).must_be_fine().form("/code/").send(desk.browser)
        waiting = code_page_of(visitor, now)
        for digits in ("", wrong_digits(visitor)):
            if digits:
                waiting.form(having="code").send(visitor.browser, code=digits)
            with suppress(identity.NotNow):
                identity.start(inquiry, {}, now, by=desk.user.get_username())
            if begun(inquiry):
                yield "our machines began before their sender had shown who they are"
                return
        waiting.form(having="code").send(visitor.browser, code=digits_of(visitor))
        step = desk.gives_the_password_again(f"{screen}machines/")
        if step.is_fine:
            step.form("/machines/").send(desk.browser)
        if (request := begun(inquiry)) is None:
            yield "our machines did not begin, though the code came back"
        elif request.received_at != inquiry.case.opened_at:
            yield "a letter’s clock did not start when it came"


def begun(inquiry: Inquiry) -> Request | None:
    return Request.objects.filter(contact=inquiry.contact.pk).first() if inquiry.contact else None


def code_page_of(visitor, now) -> Page:
    """Where the message with the code leads."""
    for waiting in Pass.objects.exclude(sealed="").filter(contact__in=[one.pk for one in visitor.contacts()]):
        passes.send(waiting.pk, now)
    visitor.lets_messages_leave()
    pages = [found[0] for mail in visitor.emails() if (found := CODE_PAGE.search(words_of(mail)))]
    if not pages:
        raise CouldNotRun("no code came by email")
    return visitor.sees(pages[-1]).must_be_fine()


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def digits_of(visitor) -> str:
    return [found[1] for mail in visitor.emails() if (found := CODE.search(str(mail["Subject"])))][-1]


def wrong_digits(visitor) -> str:
    right = digits_of(visitor)
    return f"{right[:-1]}{(int(right[-1]) + 1) % 10}"


@mutant("P-12-1", seam="forecourt.requests.passes.check", finding="began before their sender had shown")
def any_digits_will_do(check):
    return lambda found, typed, now: True


@mutant("P-12-1", seam="forecourt.requests.know.ask", finding="clock did not start when it came")
def clocks_start_when_somebody_presses(ask):
    return lambda contact_id, received, now, **more: ask(contact_id, now, now, **more)


@mutant("P-12-1", seam="forecourt.requests.identity.note_shown", finding="did not begin, though the code came back")
def nobody_hears_that_the_code_came_back(note_shown):
    return lambda found, now: None


@mutant(
    "P-12-1",
    seam="forecourt.console.inquiry_forms.WriteDown.clean_received",
    finding="did not start when the letter reached us",
)
def clocks_start_when_somebody_types(clean_received):
    return lambda self: self.now


@mutant("P-12-1", seam="forecourt.cases.actions.new_reference", finding="numbers of different kinds")
def each_way_numbers_as_it_likes(new_reference):
    return lambda: f"LETTER-{secrets.token_hex(4)}"


@mutant("P-12-1", seam="forecourt.inquiries.messages.received_later", finding="was not acknowledged with its number")
def emails_get_no_number(received_later):
    return lambda *args, **kwargs: None


@mutant("P-12-1", seam="forecourt.adapters.mail.incoming.is_automatic", finding="a machine was answered")
def machines_are_people(is_automatic):
    return lambda message, sender: False


# S-26


@probe("S-26")
def a_message_needs_no_account_and_is_read_to_answer_it(visitor):
    """Looks for the phone number, the postal address and the form on the contact page, and sends the form without an address, from a
    browser that keeps no cookie. The number and the answer have to stand on a page of its own. Tries to read the words under every
    use that this page names: each but the one that answers has to be refused, and each refusal kept; without an open case that one
    as well. A made-up member of staff reads and answers it. Taken back, the words have to be destroyed."""
    page = visitor.sees(CONTACT)
    if brand().phone not in page.body.decode() or brand().place["street"] not in page.text:
        yield "the contact page lacks the phone number or the postal address"
    if visitor.browser.offered_cookies:
        yield "the contact page sets a cookie"
    with written(visitor) as one:
        if one.mark not in one.page.text:
            yield "the message does not stand on its own page"
        yield from refused_to_everybody_else(one, visitor)
        yield from answered(one, visitor)
        with written(visitor) as other:
            key = other.key
        other.inquiry.refresh_from_db()
        if other.inquiry.submission_id or not subjects.is_erased(key):
            yield "words were kept that somebody took back"


def refused_to_everybody_else(one: Written, visitor) -> Iterator[str]:
    with rehearsal():
        case = one.inquiry.case.reference
        if not was_read(one, looking.STAFF, visitor, case):
            raise CouldNotRun("the message could not be read at all")
        if was_read(one, looking.STAFF, visitor, ""):
            yield "a message was read without an open case"
        for use in visitor.world.policy.uses:
            if use in (looking.STAFF, looking.OWN):
                continue
            before = RefusedReading.objects.filter(contact=one.key).count()
            if was_read(one, use, visitor, case):
                yield "a message was read for another purpose"
            elif RefusedReading.objects.filter(contact=one.key).count() != before + 1:
                yield "nobody kept a note of a refused reading"


def was_read(one: Written, use: str, visitor, case: str) -> bool:
    visitor.world.look()
    try:
        return bool(looking.read(one.inquiry, use, visitor.world.now, who="check", case=case))
    except (MayNotRead, vault.NotForThis):
        return False


def answered(one: Written, visitor) -> Iterator[str]:
    address, answer = f"/staff/inquiry/{one.inquiry.case.reference}/", secrets.token_hex(12)
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        before = desk.sees(address)
        if before.status != 403 or one.mark in before.text:
            yield "a message was shown to somebody who has not its case"
            return
        screen = before.form("/taking/").send(desk.browser)
        if one.mark not in screen.text:
            raise CouldNotRun("the message did not open at the desk")
        if not Opening.objects.filter(subject=one.key, who=desk.user.username).exists():
            yield "nobody wrote down who read a message"
        screen.form("/answer/").send(desk.browser, words=f"In three greens. {answer}", way="web")
        if answer not in visitor.sees(one.page.address).text:
            yield "the answer does not stand on the message's page"


@mutant("S-26", seam="forecourt.inquiries.looking.read", finding="a message was read for another purpose")
def feedback_serves_anything(read):
    return lambda inquiry, use, *args, **kwargs: read(inquiry, looking.STAFF, *args, **kwargs)


@mutant("S-26", seam="forecourt.consent.reading.judge", finding="a message was read without an open case")
def no_case_is_asked_for(judge):
    return lambda contact, use, *args, **kwargs: Allowed(use, "")


@mutant("S-26", seam="forecourt.consent.reading.note", finding="nobody kept a note of a refused reading")
def refused_readings_leave_no_trace(note):
    return lambda *args, **kwargs: None


@mutant("S-26", seam="forecourt.inquiries.actions.destroy_words", finding="words were kept that somebody took back")
def words_are_kept_in_case(destroy_words):
    return lambda inquiry: None


@mutant("S-26", seam="forecourt.inquiries.looking.for_the_person", finding="does not stand on its own page")
def only_staff_see_it(for_the_person):
    return lambda inquiry, now: []


# P-12-3


@probe("P-12-3")
def a_letter_that_names_no_site_is_taken(visitor):
    """As a made-up member of staff, writes down a letter that names no site: it has to become a case all the same, with a note that the
    site was not said, and the note has to stand on the list until somebody finds out. Looks whether the contact page asks writers to
    name the site. All of it is taken back."""
    if "Name the site that you mean" not in visitor.sees(CONTACT).text:
        yield "nobody asks writers which site they mean"
    with at_the_desk(visitor.world) as desk:
        desk.signs_in()
        case = written_down(desk, "letter", 1, site=Inquiry.Site.NOT_SAID.value)
        if case is None:
            yield "a letter that names no site was turned away"
            return
        if Inquiry.objects.get(case=case).site != Inquiry.Site.NOT_SAID:
            yield "nobody noted that the site was not said"
        inbox = desk.sees("/staff/cases/").must_be_fine()
        if case.reference not in inbox.text or "site not said" not in inbox.text:
            yield "the list of cases does not show that the site was not said"


@mutant(
    "P-12-3", seam="forecourt.console.inquiry_forms.WriteDown.clean_words", finding="that names no site was turned away"
)
def letters_have_to_name_a_site(clean_words):
    from django import forms

    def clean(self):
        if self.cleaned_data.get("site") == Inquiry.Site.NOT_SAID:
            raise forms.ValidationError("Which site?")
        return clean_words(self)

    return clean
