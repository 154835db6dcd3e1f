"""What agents do: set up a token, ask for somebody, take it back. A no counts at once, and the person is asked nothing."""

import hashlib
import secrets
import uuid
from datetime import date, datetime

from django.db import transaction

from forecourt.agents import directory, states
from forecourt.agents.envelope import Message, Refused
from forecourt.agents.models import Agent, Asked, Permission, Seen
from forecourt.agents.wishes import Wish
from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent import policies
from forecourt.people import contacts, subjects
from forecourt.people.addresses import Address
from forecourt.people.models import Contact
from forecourt.policy import request_clocks
from forecourt.policy.sales import SIGNALLED
from forecourt.requests import actions as requests
from forecourt.requests import deleting, know
from forecourt.requests.models import Request
from forecourt.rights import choosing
from forecourt.sharing import optouts

Exercise, Denied = Asked.Exercise, Asked.Denied
SOURCE = METHOD = "agent"
KINDS = {Exercise.DELETION: Request.Kind.DELETE}


def agent_of(token: str) -> Agent | None:
    return Agent.objects.filter(token_digest=digest(token), stopped_at=None).first() if token else None


def find(code: str) -> Agent | None:
    return Agent.objects.filter(pk=code, stopped_at=None).first() if directory.CODE.fullmatch(code) else None


@transaction.atomic
def set_up(agent: Agent, message: Message) -> str:
    """A new token; the one before it ends. What was signed to ask for somebody makes none."""
    if "exercise" in message.claims:
        raise Refused(403, "This was signed to ask for somebody.")
    see(message)
    token = secrets.token_urlsafe(32)
    Agent.objects.filter(pk=agent.pk).update(token_digest=digest(token))
    return token


def take(agent: Agent, message: Message, wish: Wish, now: datetime) -> Asked:
    with transaction.atomic():
        # One after the other, so that no number of its own is taken twice.
        Agent.objects.select_for_update(no_key=True).get(pk=agent.pk)
        before = Asked.objects.filter(agent=agent, own_id=wish.own_id).first() if wish.own_id else None
        if before:
            raise Refused(409, f"This agent-request-id came before: the request is {before.pk}, ask for its status.")
        see(message)
        asked = Asked(agent=agent, own_id=wish.own_id, exercise=wish.exercise, received_at=now)
        people = carry_out(asked, wish, now)
        if wish.callback:
            asked.callback, asked.tell_at = wish.callback, now
        asked.save()
    if wish.exercise == Exercise.OPT_OUT:
        optouts.settled(people)
    return asked


def see(message: Message) -> None:
    """Only what was checked has an end, until which it is remembered."""
    if message.until is None:
        raise ValueError("only what was checked is taken")
    _, is_new = Seen.objects.get_or_create(digest=message.digest, defaults={"until": message.until})
    if not is_new:
        raise Refused(409, "This very message came before: a request is signed once, and sent once.")


def carry_out(asked: Asked, wish: Wish, now: datetime) -> list[uuid.UUID]:
    """Of whom it is."""
    if wish.exercise == Exercise.OPT_IN:
        asked.denied = Denied.NOT_COVERED
        return []
    if wish.exercise == Exercise.OPT_OUT:
        return opt_out(asked, wish.addresses, now)
    # Whom we hold is told to nobody who did not check whose address it is.
    if not wish.verified:
        asked.denied = Denied.UNVERIFIED
        return []
    held = [one for one in map(contacts.find, wish.verified) if one and one.erased_at is None]
    if not held:
        asked.denied = Denied.NO_MATCH
    for contact in held:
        open_one(asked, contact, now)
    return [contact.pk for contact in held]


def opt_out(asked: Asked, addresses: tuple[Address, ...], now: datetime) -> list[uuid.UUID]:
    """As on our own page: an address that we do not hold is kept, so that the no is there before anything else about it."""
    notice = policies.in_force(now).version
    fresh = subjects.new_ids(len(addresses))
    people = [
        contacts.find_or_add(address, source=SOURCE, notice=notice, now=now, new_id=new_id).pk
        for address, new_id in zip(addresses, fresh, strict=True)
    ]
    choosing.refuse(people, SIGNALLED, METHOD, now)
    for person in people:
        case = cases.open_case(Case.Kind.OPT_OUT, came_by=Case.Channel.AGENT, contact=person, by=None, now=now)
        cases.close_case(case, "opted-out", now)
        asked.cases.append(case.pk)
    return people


def open_one(asked: Asked, contact: Contact, now: datetime) -> None:
    kind = KINDS.get(Exercise(asked.exercise), Request.Kind.KNOW)
    ask = deleting.ask if kind == Request.Kind.DELETE else know.ask
    request = ask(contact.pk, now, now, came_by=Case.Channel.AGENT)
    asked.cases.append(request.pk)
    if request.case.came_by == Case.Channel.AGENT:
        asked.own_cases.append(request.pk)


@transaction.atomic
def revoke(asked: Asked, message: Message, now: datetime) -> Asked:
    """Twice is once. What the person asked for themselves, or lets another agent ask for, goes on."""
    asked = Asked.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if asked.revoked_at:
        return asked
    if states.of(asked).is_final:
        raise Refused(409, "It is answered already: nothing is left to revoke.")
    alone = asked_by_nobody_else(asked)
    if any(map(deleting.has_begun, alone)):
        raise Refused(409, "We have begun to delete, and that cannot be revoked.")
    if message.until:
        see(message)
    for request in alone:
        requests.answer(request, Request.Answer.REVOKED, now)
    asked.revoked_at = now
    if asked.callback:
        asked.tell_at, asked.tries = now, 0
    asked.save(update_fields=["revoked_at", "tell_at", "tries"])
    return asked


def asked_by_nobody_else(asked: Asked) -> list[Request]:
    """Held still, so that nobody joins them and no deletion begins meanwhile."""
    mine = Request.objects.select_for_update(of=("self",)).filter(pk__in=asked.own_cases, answer="").order_by("pk")
    for contact in sorted({request.contact for request in mine}):
        contacts.lock_by(pk=contact)
    others = Asked.objects.filter(revoked_at=None).exclude(pk=asked.pk)
    return [
        request
        for request in mine.filter(case__came_by=Case.Channel.AGENT).select_related("case")
        if not others.filter(cases__contains=[request.pk]).exists()
    ]


@transaction.atomic
def permit(case: Case, signed_on: date, *, by: str, now: datetime) -> Permission:
    """Somebody of ours read it. The paper itself is not copied here."""
    permission, _ = Permission.objects.update_or_create(
        case=case.pk, defaults={"signed_on": signed_on, "seen_by": by, "at": now}
    )
    return permission


def permission_for(case: Case) -> Permission | None:
    return Permission.objects.filter(pk=case.pk).first()


def forget_permissions(now: datetime) -> int:
    today = request_clocks.day_of(now)
    old = [one.pk for one in Permission.objects.iterator() if request_clocks.forget_on(one.at) <= today]
    return Permission.objects.filter(pk__in=old).delete()[0]


def forget_old(now: datetime) -> int:
    """With the record of the cases: after the months of the law."""
    today = request_clocks.day_of(now)
    rows = Asked.objects.only("pk", "received_at")
    old = [one.pk for one in rows.iterator() if request_clocks.forget_on(one.received_at) <= today]
    open_still = set(Request.objects.filter(answer="").values_list("pk", flat=True))
    rows = Asked.objects.filter(pk__in=old)
    return rows.exclude(cases__overlap=sorted(open_still)).delete()[0] if open_still else rows.delete()[0]


def forget_seen(now: datetime) -> int:
    return Seen.objects.filter(until__lte=now).delete()[0]


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
