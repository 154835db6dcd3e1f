"""Not interested any more: one word ends every channel and every audience. Like any no it asks for no proof, and waits for nothing but
what is in a provider's hands this very second."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import policies, standing, switches, wordings
from forecourt.consent.models import Channel
from forecourt.messaging import stops
from forecourt.people import contacts, subjects
from forecourt.people.addresses import Address
from forecourt.people.models import Contact
from forecourt.policy.policy import Switch
from forecourt.rights import choosing
from forecourt.sharing import optouts

SOURCE = "leave"
WORDS = "I am not interested any more: end emails, texts, letters, app messages, calls and every audience."


@dataclass(frozen=True, slots=True)
class Left:
    """`settled` is false while something of it may still arrive that had left before."""

    case: Case
    settled: bool


def leave_address(address: Address, now: datetime, *, method: str, came_by: Case.Channel, by: str = "person") -> Left:
    """Also for an address that we do not hold: so the no is there before anything else, and the wait is the same for both."""
    with transaction.atomic():
        [fresh] = subjects.new_ids(1)
        notice = policies.in_force(now).version
        contact = contacts.find_or_add(address, source=SOURCE, notice=notice, now=now, new_id=fresh)
    return leave(contact, now, method=method, came_by=came_by, by=by)


def leave(contact: Contact, now: datetime, *, method: str, came_by: Case.Channel, by: str = "person") -> Left:
    with transaction.atomic():
        switches.lock([contact.pk])
        if there := left_before(contact):
            return Left(there, settled=True)
        case = cases.open_case(Case.Kind.NOT_INTERESTED, came_by=came_by, contact=contact.pk, by=None, now=now)
        wording = wordings.keep(WORDS, now)
        choosing.refuse([contact.pk], tuple(Switch), method, now)
        stops.withdraw(contact, Channel.ALL, "all", method=method, by=by, wording=wording, now=now)
        cases.close_case(case, "left", now)
    settled = stops.settled(contact.pk) and optouts.settled([contact.pk])
    return Left(case, settled)


def left_before(contact: Contact) -> Case | None:
    """The case of somebody who left, and has said nothing since that would bring them back."""
    stands = standing.of(contact.pk)
    left = max((one.withdrew for one in stands if (one.channel, one.scope) == ("all", "all")), default=0)
    if not left or any(max(one.asked, one.granted, one.started) > left for one in stands):
        return None
    return Case.objects.filter(kind=Case.Kind.NOT_INTERESTED, contact=contact.pk).order_by("-opened_at").first()
