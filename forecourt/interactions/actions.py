"""Booking a test drive, moving it, cancelling it, and what may be texted about it. Each is one transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from forecourt.consent import ledger, policies, standing, wordings
from forecourt.consent.models import Channel, Verb
from forecourt.dealers.models import Dealer
from forecourt.interactions import bays, bindings, limits, links, messages, notices
from forecourt.interactions.bays import SlotTaken
from forecourt.interactions.bindings import NOBODY, Caller
from forecourt.interactions.limits import TooMany
from forecourt.interactions.models import Change, TestDrive
from forecourt.messaging import outbox as messages_outbox
from forecourt.messaging import stops
from forecourt.people import contacts, subjects, vault
from forecourt.people.addresses import Address
from forecourt.people.models import Contact, Subject
from forecourt.sharing import events
from forecourt.sharing import outbox as leads_outbox
from forecourt.vehicles import catalogue

__all__ = [
    "AlreadyOver",
    "FormSpent",
    "SlotTaken",
    "TooMany",
    "Wish",
    "book",
    "cancel",
    "choose_texts",
    "finish_past",
    "reschedule",
]

NAME = "user.name"
FORM = "test-drive form"
LEAD = "test-drive-lead"
BOOKED = "test-drive-booked"
State = TestDrive.State


class CannotText(Exception):
    """The number is none that we text."""


class AlreadyOver(Exception):
    """The drive was cancelled or has taken place."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody sent with the booking form, read and checked. `nonce` is the form's own: one nonce, one booking."""

    dealer: Dealer
    car: catalogue.Line
    starts_at: datetime
    name: str
    address: Address
    texts: bool
    nonce: uuid.UUID


class FormSpent(Exception):
    """This form booked something else before. `drive` is that booking, when whoever sends the form now gave the same contact."""

    def __init__(self, drive: TestDrive | None) -> None:
        self.drive = drive


class _AlreadyBooked(Exception):
    """The same form got in while this one waited; looking again finds its booking."""


def book(wish: Wish, now: datetime, caller: Caller = NOBODY) -> TestDrive:
    """The drive that this form booked, however often it is sent; SlotTaken when somebody else was faster, TooMany when
    enough is booked with that contact. What the caller's browser refuses, the contact refuses from then on."""
    try:
        return booked_with(wish) or _book(wish, now, caller)
    except (_AlreadyBooked, contacts.Erased):
        return book(wish, now, caller)


def booked_with(wish: Wish) -> TestDrive | None:
    drive = TestDrive.objects.select_related("dealer", "contact").filter(nonce=wish.nonce).first()
    if drive is None:
        return None
    same_contact = contacts.find(wish.address) == drive.contact
    if not same_contact or (drive.dealer, drive.car, drive.starts_at) != (wish.dealer, wish.car.slug, wish.starts_at):
        raise FormSpent(drive if same_contact else None)
    return drive


@transaction.atomic
def _book(wish: Wish, now: datetime, caller: Caller) -> TestDrive:
    version = policies.in_force(now).version
    dealer = bays.lock(wish.dealer.pk)
    if TestDrive.objects.filter(nonce=wish.nonce).exists():
        raise _AlreadyBooked
    # Keys are what takes time here: as many for an address that we hold, so that the wait does not tell that we do.
    contact_id, submission_id = subjects.new_ids(2)
    contact = contacts.find_or_add(wish.address, source=FORM, notice=version, now=now, new_id=contact_id)
    browser = bindings.lock(contact, caller)
    limits.check_booking(contact, dealer, now)
    submission = subjects.add(Subject.Kind.SUBMISSION, now, subject_id=submission_id)
    vault.seal(submission.pk, NAME, wish.name, source=FORM, notice=version, now=now)
    drive = _add(wish, dealer, contact, submission, now)
    bays.take(drive, wish.starts_at)
    bindings.bind(contact, browser, caller, drive.interaction, now)
    _note_asked(drive, now, method="form", wording=notices.as_text(notices.at_collection(dealer, now)))
    if wish.texts and contact.kind == Contact.Kind.PHONE:
        _note_texts_granted(drive, now, method="form", wording=notices.texts_sentence())
    if contact.kind == Contact.Kind.EMAIL or wish.texts:
        messages.confirm_later(drive, now)
    _queue_lead(drive, wish.car, now)
    for whom in filter(None, (contact, browser)):
        events.queue(whom, BOOKED, drive.interaction, now, caller.choices.age)
    return drive


@transaction.atomic
def reschedule(drive: TestDrive, starts_at: datetime, now: datetime) -> TestDrive:
    """Move the drive; SlotTaken and TooMany leave it where it was. Moving it to where it is changes nothing."""
    drive = _lock(drive, now)
    if drive.starts_at == starts_at:
        return drive
    limits.check_move(drive)
    with transaction.atomic():
        bays.give_back(drive)
        bays.take(drive, starts_at)
    before, drive.starts_at = drive.starts_at, starts_at
    drive.remind_at = day_before(starts_at, drive.dealer.zone)
    drive.save(update_fields=["starts_at", "remind_at"])
    Change.objects.create(drive=drive, before=before, after=starts_at, at=now)
    _note_asked(drive, now, method="manage-page")
    messages_outbox.end(drive.interaction, now)
    messages.tell_moved_later(drive, before, now)
    leads_outbox.amend(drive.interaction, lead_wish(drive), now, expires=starts_at)
    return drive


@transaction.atomic
def cancel(drive: TestDrive, now: datetime) -> TestDrive:
    drive = _lock(drive, now)
    bays.give_back(drive)
    drive.state = State.CANCELLED
    drive.save(update_fields=["state"])
    Change.objects.create(drive=drive, before=drive.starts_at, at=now)
    _note_asked(drive, now, method="manage-page")
    messages_outbox.end(drive.interaction, now)
    leads_outbox.end(drive.interaction, lead_wish(drive), now, expires=drive.starts_at)
    messages.tell_cancelled_later(drive, now)
    return drive


def choose_texts(drive: TestDrive, wanted: bool, now: datetime) -> None:
    """The switch on the booking's own page, for this booking alone."""
    if drive.contact.kind != Contact.Kind.PHONE:
        raise ValueError("This booking has no phone number to text.")
    if wanted:
        address = contacts.address_of(drive.contact, purpose="manage-own-booking", who="visitor", now=now)
        if not address.can_be_texted:
            raise CannotText
        with transaction.atomic():
            _note_texts_granted(drive, now, method="manage-page", wording=notices.texts_offer())
        return
    stops.withdraw(drive.contact, Channel.TEXT, drive.interaction, method="manage-page", now=now)
    stops.settled(drive.contact_id)


def finish_past(now: datetime) -> int:
    """Drives whose time is over, marked as done: nothing is sent about them any more."""
    past = TestDrive.objects.filter(state=State.BOOKED, starts_at__lt=now - timedelta(hours=1))
    return past.update(state=State.DONE)


def day_before(starts_at: datetime, zone: str) -> datetime:
    """The same hour on the dealer's clock one day earlier, also across a change of clocks."""
    here = starts_at.astimezone(ZoneInfo(zone))
    return here - timedelta(days=1)


def lead_wish(drive: TestDrive) -> str:
    return f"Test drive on {messages.when_words(drive.starts_at, drive.dealer.zone)}"


def _add(wish: Wish, dealer: Dealer, contact: Contact, submission: Subject, now: datetime) -> TestDrive:
    drive_id, token = uuid.uuid4(), links.new_token()
    try:
        with transaction.atomic():
            return TestDrive.objects.create(
                id=drive_id,
                dealer=dealer,
                car=wish.car.slug,
                car_name=wish.car.name,
                starts_at=wish.starts_at,
                remind_at=day_before(wish.starts_at, dealer.zone),
                contact=contact,
                submission=submission,
                token_digest=links.digest(token),
                token=links.seal(submission.pk, drive_id, token),
                nonce=wish.nonce,
                texts_wording=wordings.keep(notices.texts_sentence(), now),
                booked_at=now,
            )
    except IntegrityError as error:
        # The same form, sent twice to two dealers at once: whoever came first has booked.
        if bays.breaks(error, "nonce"):
            raise _AlreadyBooked from None
        raise


def _lock(drive: TestDrive, now: datetime) -> TestDrive:
    """Dealer first, then the drive, then the contact: always in that order."""
    bays.lock(drive.dealer_id)
    drive = (
        TestDrive.objects.select_for_update(of=["self"], no_key=True)
        .select_related("dealer", "contact")
        .get(pk=drive.pk)
    )
    if drive.state != State.BOOKED or drive.starts_at <= now:
        raise AlreadyOver
    drive.contact = contacts.lock(drive.contact_id)
    return drive


def _note_asked(drive: TestDrive, now: datetime, *, method: str, wording: str = "") -> None:
    """Asking is the newest word, so it would undo a no: who stopped our messages can move a drive without hearing from us."""
    if has_said_no(drive):
        return
    ledger.record(
        drive.contact_id,
        Verb.ASKED,
        Channel.ALL,
        drive.interaction,
        method=method,
        interaction=drive.interaction,
        wording=wordings.keep(wording, now) if wording else "",
        now=now,
        policy_version=policies.in_force(now).version,
    )


def has_said_no(drive: TestDrive) -> bool:
    """Whether a no came after the last time that this drive was asked for."""
    over = {drive.interaction, f"type:{messages.TYPE}", "all"}
    stands = standing.of(drive.contact_id)
    asked = max((stand.asked for stand in stands if stand.scope == drive.interaction), default=0)
    return asked > 0 and any(stand.withdrew > asked for stand in stands if stand.scope in over)


def _note_texts_granted(drive: TestDrive, now: datetime, *, method: str, wording: str) -> None:
    ledger.record(
        drive.contact_id,
        Verb.GRANTED,
        Channel.TEXT,
        drive.interaction,
        method=method,
        interaction=drive.interaction,
        wording=wordings.keep(wording, now),
        now=now,
        policy_version=policies.in_force(now).version,
    )


def _queue_lead(drive: TestDrive, car: catalogue.Line, now: datetime) -> None:
    leads_outbox.queue_lead(
        LEAD,
        drive.contact,
        drive.submission,
        recipient=drive.dealer_id,
        chosen=drive.dealer_id,
        interaction=drive.interaction,
        interaction_type=messages.TYPE,
        model_year=car.year,
        model_name=car.name,
        wish=lead_wish(drive),
        now=now,
        expires=drive.starts_at,
    )
