"""The sentences about the booking form: what it asks for, what it says first, and what is kept with each answer."""

import re
import uuid
from copy import copy

from django import forms
from django.db import IntegrityError, transaction

from forecourt.dealers.models import Dealer
from forecourt.interactions import links
from forecourt.messaging.models import Message
from forecourt.messaging.outbox import About
from forecourt.people import contacts
from forecourt.people.models import Sealed
from forecourt.proof.probes.texts import tried
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import BOX, NAME, Booked
from forecourt.sharing.models import Receipt

LEFT = Message.State.LEFT
ASKED = {"car", "slot", "name", "contact", BOX, "remember"}


def filled_in(visitor, form, **more: str) -> dict[str, str]:
    """Car, time, name and one email address, and the box as it stands; `more` goes in whether the form has it or not."""
    slots = form.options("slot")
    if not slots:
        raise CouldNotRun("the dealer has no free time")
    answers = {"car": form.options("car")[0], "slot": slots[-1], "name": NAME, "contact": visitor.email}
    return {**form.filled(**answers), **more}


def sent(visitor, form, answers: dict[str, str]) -> Booked | None:
    """The booking that this form makes, to be given back afterwards; None where it was not taken."""
    page = visitor.browser.post(form.action, answers)
    visitor.world.look()
    drive = links.drive_by(page.path.rstrip("/").rsplit("/", 1)[-1]) if page.is_fine else None
    if drive is None:
        return None
    visitor.booked.append(Booked(page, page.address, form, drive))
    return visitor.booked[-1]


def shown_differently(change):
    """A mutant's page: the booking form as the visitor gets it, after `change` went over its bytes."""

    def replace(render):
        def render_and_change(request, template, *args, **kwargs):
            response = render(request, template, *args, **kwargs)
            if template == "interactions/book.html":
                response.content = change(response.content)
            return response

        return render_and_change

    return replace


# S-17


@probe("S-17")
def name_and_one_contact_are_enough(visitor):
    """Reads which fields the form has, fills in the car, a time, a name and an email address and nothing else, and presses
    the button: that has to be enough, and the dealer gets those four things."""
    _, form = visitor.opens_the_booking_form()
    visitor.world.look(len(form.asked))
    if surplus := sorted(form.asked - ASKED):
        yield f"the form asks for more: {', '.join(surplus)}"
    if any(form.boxes().values()):
        yield "a box of the form stands ticked"
    booked = sent(visitor, form, filled_in(visitor, form))
    if booked is None:
        yield "a name and one contact were not enough to book"
        return
    visitor.lets_messages_leave()
    if booked.drive.dealer_id != form.values["dealer"]:
        yield "the booking is at another dealer than the one that was picked"
    permitted = set(visitor.world.policy.uses["test-drive-lead"].data)
    for receipt in Receipt.objects.filter(lead__contact=visitor.contact("email")):
        visitor.world.look(len(receipt.fields))
        if set(receipt.fields) - permitted:
            yield "the dealer got more than the policy permits"


@mutant("S-17", seam="forecourt.interactions.views.render", finding="the form asks for more: birthday")
def the_form_asks_for_a_birthday(render):
    extra = b'<p><label for="born">Your birthday</label><input id="born" name="birthday"></p><p><button class="button" type="submit">'
    return shown_differently(lambda page: page.replace(b'<p><button class="button" type="submit">', extra, 1))(render)


@mutant("S-17", seam="forecourt.interactions.forms.BookingForm.base_fields", finding="were not enough to book")
def a_surname_is_required(fields):
    return {**fields, "surname": forms.CharField()}


# P-3A-1


@probe("P-3A-1")
def each_answer_has_its_origin(visitor):
    """Books, and looks at every value that was kept of it: each has to say from which form it came, when, and which version of
    the policy stood beside it. Then tries to write one that says nothing of the kind."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    drive = visitor.booked[-1].drive
    rows = list(Sealed.objects.filter(subject_id__in=[contact.pk, drive.submission_id]))
    visitor.world.look(len(rows))
    if len(rows) < 2:
        raise CouldNotRun("nothing was kept of the booking")
    for row in rows:
        if not row.source:
            yield "a value does not say where it came from"
        if row.notice != visitor.world.policy.version:
            yield "a value does not say which version of the policy was shown"
        if abs((row.at - visitor.world.now).total_seconds()) > 24 * 3600:
            yield "a value does not say when it was given"
    if writes_without_origin(contact.pk):
        yield "a value without origin could be written"


def writes_without_origin(subject_id: uuid.UUID) -> bool:
    """Whether the database would take it; it is gone again either way."""
    try:
        with transaction.atomic():
            Sealed.objects.create(
                subject_id=subject_id, field="user.name", value=b"", source="", notice="", at="1999-01-01T00:00Z"
            )
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@probe("P-3A-1")
def what_was_not_asked_is_not_taken(visitor):
    """Sends the form with one field more than it has: nothing of it may be taken, and the same form without that field still
    books."""
    _, form = visitor.opens_the_booking_form()
    answers = filled_in(visitor, form)
    if sent(visitor, form, {**answers, "birthday": "1990-01-01"}) or contacts.find(contacts.read(visitor.email)):
        yield "a form with a field that we do not ask for was taken"
    elif sent(visitor, form, answers) is None:
        yield "the form was lost with the field that was too much"


@mutant("P-3A-1", seam="forecourt.people.vault.seal", finding="which version of the policy was shown")
def the_version_is_not_kept(seal):
    return lambda subject_id, field, text, **origin: seal(subject_id, field, text, **{**origin, "notice": "unknown"})


@mutant("P-3A-1", seam="forecourt.web.forms.VisitorForm.undeclared", finding="a field that we do not ask for was taken")
def surplus_fields_are_overlooked(undeclared):
    return property(lambda form: [])


# P-3F-3


@probe("P-3F-3")
def the_box_starts_empty(visitor):
    """Looks whether the box for texts is unticked, sends the form as it stands, and looks whether everything else is there: the
    confirmation on the screen, the link to change it, the calendar file, and no text."""
    booked = visitor.books_a_test_drive(touch_box=False)
    boxes = booked.form.boxes()
    visitor.world.look(len(boxes))
    if boxes.get(BOX):
        yield "the box for texts stands ticked"
    if BOX not in boxes:
        yield "the form has no box for texts"
    if booked.drive.car_name not in booked.page.text:
        yield "the screen does not confirm the booking"
    calendar, manage = booked.page.link("calendar.ics"), booked.page.link(booked.page.path.rstrip("/") + "/")
    if not calendar or not manage:
        yield "the screen lacks the link or the calendar file"
    elif b"BEGIN:VEVENT" not in visitor.sees(calendar).body:
        yield "the calendar file is no calendar file"
    visitor.lets_messages_leave()
    if visitor.texts():
        yield "a text left though the box was left as it was"


@probe("P-3F-3")
def each_booking_has_its_own_box(visitor):
    """Books twice with one phone and ticks the box the first time: at the second booking it has to start empty again, and no text
    about that booking may leave."""
    visitor.books_a_test_drive(texts=True)
    second = visitor.books_a_test_drive(touch_box=False)
    if second.form.boxes().get(BOX):
        yield "the box for texts stands ticked"
    message = tried(visitor, "test-drive-reminder-text", second, About(second.drive.interaction, "test-drive"))
    if message.state == LEFT:
        yield "a tick for one booking counted for another"


@mutant(
    "P-3F-3", seam="forecourt.interactions.forms.BookingForm.base_fields", finding="the box for texts stands ticked"
)
def the_box_is_ticked_beforehand(fields):
    box = copy(fields[BOX])
    box.initial = True
    return {**fields, BOX: box}


@mutant("P-3F-3", seam="forecourt.policy.needs._is", finding="a tick for one booking counted for another")
def any_tick_will_do(is_it):
    return lambda stand, action, scope: True


@mutant("P-3F-3", seam="forecourt.interactions.views.render", finding="the screen lacks the link or the calendar file")
def the_calendar_needs_texts(render):
    def without_calendar(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(b"calendar.ics", b"")
        return response

    return without_calendar


# P-3C-5


@probe("P-3C-5")
def the_dealers_policy_stands_before_the_button(visitor):
    """Reads the booking page from the top to the button: the dealer's name and a visible link to that dealer's own policy have to
    come before it. The same after an entry that needs another look."""
    page, form = visitor.opens_the_booking_form()
    yield from read_to_the_button(page)
    again = visitor.browser.post(form.action, {**form.values, "name": ""})
    visitor.world.look()
    if again.has_form(having="contact"):
        yield from read_to_the_button(again)


def read_to_the_button(page):
    form = page.form(having="contact")
    dealer = Dealer.objects.get(pk=form.values["dealer"])
    order = {element: place for place, element in enumerate(page.tree.iter())}
    buttons = form.element.xpath(".//button[@type='submit' or not(@type)]")
    if not buttons:
        raise CouldNotRun("the form has no button")
    links = [link for link in page.tree.iter("a") if link.get("href") == dealer.policy_url]
    seen = [link for link in links if dealer.policy_url in {href for href, _ in page.links()}]
    if not seen or order[seen[0]] > order[buttons[-1]]:
        yield "the dealer's policy is not linked before the button"
    if dealer.name not in page.text:
        yield "the dealer's name does not stand beside the form"


@mutant(
    "P-3C-5", seam="forecourt.interactions.views.render", finding="the dealer's policy is not linked before the button"
)
def the_dealers_policy_is_left_out(render):
    return shown_differently(lambda page: re.sub(rb'<a href="https://[^"]*/privacy"', b'<a href="/privacy/"', page))(
        render
    )


@mutant(
    "P-3C-5", seam="forecourt.interactions.views.render", finding="the dealer's policy is not linked before the button"
)
def the_dealers_policy_is_hidden(render):
    return shown_differently(lambda page: page.replace(b'class="notice-at-collection"', b"hidden"))(render)
