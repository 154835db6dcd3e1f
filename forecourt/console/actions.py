"""What staff do. Each takes who does it, and is over in one transaction."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import policies, wordings
from forecourt.consent.models import Channel
from forecourt.console.models import ProviderAnswer
from forecourt.messaging import handoff as messages
from forecourt.messaging import stops
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.addresses import Address
from forecourt.people.models import Contact
from forecourt.sharing import handoff as shared
from forecourt.sharing import optouts
from forecourt.sharing.models import Lead, Share

STOP_WORDING = "Please stop everything: emails, texts, app messages, letters and calls."


class NotUnknown(Exception):
    """Its outcome is known, or somebody else has just recorded it."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """`refused` counts what was waiting and will not leave now; `settled` is whether nothing is in a provider's hands."""

    case: Case
    contact: Contact
    refused: int
    settled: bool


def open_case(contact: Contact, kind: str, came_by: str, *, by: User, now: datetime) -> Case:
    return cases.open_case(Case.Kind(kind), came_by=Case.Channel(came_by), contact=contact.pk, by=by, now=now)


def stop_everything(whom: Contact | Address, *, by: User, now: datetime) -> Stopped:
    """A caller says stop: it holds for every channel before this returns, and for an address that we never saw before too."""
    with transaction.atomic():
        contact = whom if isinstance(whom, Contact) else remember(whom, now)
        contacts.lock(contact.pk)
        case = open_case(contact, Case.Kind.PHONE_STOP, Case.Channel.PHONE, by=by, now=now)
        before = waiting(contact).count()
        stops.withdraw(
            contact,
            Channel.ALL,
            "all",
            method="phone",
            by=by.username,
            wording=wordings.keep(STOP_WORDING, now),
            now=now,
        )
        refused = before - waiting(contact).count()
    settled = stops.settled(contact.pk)
    if settled:
        cases.close_case(case, f"stopped; refused while waiting: {refused}", now)
    return Stopped(case, contact, refused, settled)


def remember(address: Address, now: datetime) -> Contact:
    """Whoever says no is kept, so that the no holds for what comes later."""
    return contacts.find_or_add(address, source="phone", notice=policies.in_force(now).version, now=now)


def waiting(contact: Contact):
    return Message.objects.filter(contact=contact, state=Message.State.QUEUED)


@transaction.atomic
def record_answer(
    kind: str, about: uuid.UUID, *, left: bool, reference: str, by: User, now: datetime
) -> ProviderAnswer:
    """The provider was asked what became of it. Nothing is sent again, whatever it said."""
    thing = unknown_thing(ProviderAnswer.Kind(kind), about)
    settle(thing, left)
    return ProviderAnswer.objects.create(kind=kind, about=about, left=left, reference=reference, by=by.username, at=now)


KINDS: dict[str, type[Message] | type[Lead] | type[Share]] = {"message": Message, "lead": Lead, "share": Share}


def unknown_thing(kind: ProviderAnswer.Kind, about: uuid.UUID) -> Message | Lead | Share:
    model = KINDS[kind]
    thing = model.objects.select_for_update().select_related(None).filter(pk=about, state=model.State.UNKNOWN).first()
    if thing is None:
        raise NotUnknown("Its outcome is known by now. Somebody else may have recorded it: look at the list again.")
    return thing


def settle(thing: Message | Lead | Share, left: bool) -> None:
    if isinstance(thing, Message):
        messages.settle(thing, Message.State.LEFT if left else Message.State.FAILED, reason="the provider was asked")
    elif isinstance(thing, Lead):
        shared.told(thing, left)
    else:
        shared.told(thing, left)


def say_again(kind: str, about: uuid.UUID, now: datetime) -> bool:
    """Remind whoever has not acknowledged a no; False where nothing is left to say."""
    model = Lead if kind == Lead.NAME else Share
    return any(optouts.say_again(row, now) for row in model.objects.filter(pk=about))
