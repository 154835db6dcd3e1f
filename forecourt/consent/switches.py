"""What a contact or a browser said about the switches, in the ledger, and what follows for all who are known to be the same.

A no goes to everybody linked with whoever said it, in the method's own words to the one, as "linked" to the others. A yes
counts for whoever said it and for nobody else: whoever typed an address into a form need not own it.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from forecourt.consent import ledger, policies, standing
from forecourt.consent.choices import SCOPES, Answer, Choices, of_standing, scope
from forecourt.consent.models import Channel, Entry, Standing, Verb
from forecourt.people import browsers, contacts
from forecourt.policy.needs import DATA
from forecourt.policy.policy import Switch

LINKED = "linked"
ENDED = "ended"
# What stands, and is not this one's own word.
NOT_SAID = (LINKED, ENDED)
SIGNAL = "signal"

# The noes that stand: whether the first one's own, and whether only an echo of what somebody linked said. Nobody can tell the
# database how few are linked, so `OFFSET 0` keeps it from reading the whole ledger for them: each is looked up.
NOES = """
SELECT DISTINCT stand.scope, linked.id IN (SELECT id FROM first) AS own, entry.by IN ('linked', 'ended') AS echo
FROM linked
CROSS JOIN LATERAL (
    SELECT scope, withdrew FROM consent_standing
    WHERE contact = linked.id AND channel = 'data' AND withdrew > granted OFFSET 0
) AS stand
CROSS JOIN LATERAL (SELECT by FROM consent_entry WHERE contact = linked.id AND seq = stand.withdrew OFFSET 0) AS entry
"""
FIRST = browsers.LINKED.replace("WITH RECURSIVE", "WITH RECURSIVE first (id) AS ({first}),").format(
    first="{first}", start="SELECT id FROM first"
)
BY_ID = FIRST.format(first="SELECT %s::uuid")
BY_INDEX = FIRST.format(first="SELECT subject_id FROM people_contact WHERE kind = 'browser' AND index = %s")


@dataclass(frozen=True, slots=True)
class StandingNo:
    switch: Switch
    own: bool
    echo: bool


def of(contact_id: uuid.UUID) -> Choices:
    """Its own yes and no, and what anybody linked with it refuses in their own words."""
    return _heard(of_standing(standing.of(contact_id)), _noes(BY_ID, contact_id))


def remembered(contact_id: uuid.UUID) -> Choices:
    """As `of`, and which no was a browser's signal, and which of these came after a yes."""
    said, stands = of(contact_id), {stand.scope: stand for stand in standing.of(contact_id) if stand.channel == DATA}
    refused = {stands[scope(switch)].withdrew: switch for switch in said.answers if said.answers[switch] is Answer.NO}
    by_signal = Entry.objects.filter(contact=contact_id, seq__in=refused, method=SIGNAL)
    heard = {
        refused[seq]: Answer.OVERRULED if stands[scope(refused[seq])].granted else Answer.SIGNAL
        for seq in by_signal.values_list("seq", flat=True)
    }
    return replace(said, answers={**said.answers, **heard})


def of_browser(token: str, said: Choices) -> Choices:
    """What its cookie says, and what the ledger knows beyond that, in one query: a no of its own, or one that reached it, which it
    can take back itself; and the noes of others, which it follows."""
    noes = _noes(BY_INDEX, browsers.index_of(token))
    lost = {no.switch for no in noes if no.own and said.answers.get(no.switch, Answer.YES) is Answer.YES}
    return _heard(said.say(Answer.NO, *sorted(lost)), noes)


def of_person(contact_id: uuid.UUID, said: Choices) -> Choices:
    """What this browser says, and what the verified address of whoever is signed in with it refuses, which it follows."""
    noes = {no.switch for no in _noes(BY_ID, contact_id) if not no.echo}
    return replace(said, follows=said.follows | noes)


def _heard(said: Choices, noes: Collection[StandingNo]) -> Choices:
    return replace(
        said,
        follows=frozenset(no.switch for no in noes if not no.own and not no.echo),
        echoes=frozenset(no.switch for no in noes if no.own and no.echo),
    )


def _noes(first: str, key: uuid.UUID | bytes) -> list[StandingNo]:
    with connection.cursor() as cursor:
        cursor.execute(first + NOES, [key])
        return [StandingNo(SCOPES[name], own, echo) for name, own, echo in cursor.fetchall() if name in SCOPES]


@transaction.atomic
def say(
    contact_ids: Collection[uuid.UUID],
    switch: Switch,
    answer: Answer,
    method: str,
    now: datetime,
    *,
    wording: str = "",
    interaction: str = "",
) -> list[uuid.UUID]:
    """Record it once a change; a no for everybody linked as well. Returns those for whom something changed."""
    said_no = answer is not Answer.YES
    changed = []
    for contact_id in lock(contact_ids, alone=not said_no):
        linked = contact_id not in contact_ids
        if has_said(contact_id, switch, answer, linked=linked):
            continue
        _record(contact_id, switch, answer, method, now, LINKED if linked else "person", wording, interaction)
        changed.append(contact_id)
    return changed


@transaction.atomic
def end(contact_id: uuid.UUID, switch: Switch, now: datetime) -> bool:
    """Its yes is over by itself, and nobody's word: nothing follows for those linked with it. Whether there was one."""
    lock([contact_id], alone=True)
    if said_yes := has_said(contact_id, switch, Answer.YES, linked=False):
        _record(contact_id, switch, Answer.NO, ENDED, now, ENDED, "", "")
    return said_yes


def yeses(contact_ids: Iterable[uuid.UUID], switches: Collection[Switch]) -> set[uuid.UUID]:
    """Who of them has a yes of their own to any of these that stands."""
    scopes = [scope(switch) for switch in switches]
    said = Standing.objects.filter(contact__in=contact_ids, channel=Channel.DATA, scope__in=scopes)
    return set(said.filter(granted__gt=F("withdrew")).values_list("contact", flat=True))


@transaction.atomic
def spread(
    contact_id: uuid.UUID, method: str, now: datetime, *, interaction: str = ""
) -> dict[Switch, list[uuid.UUID]]:
    """Once two were linked: what either had refused in its own words, all refuse from now on. For whom that was new."""
    everybody = lock([contact_id])
    changed: dict[Switch, list[uuid.UUID]] = {}
    for switch in sorted({no.switch for no in _noes(BY_ID, contact_id) if not no.echo}):
        for one in everybody:
            if has_said(one, switch, Answer.NO, linked=True):
                continue
            _record(one, switch, Answer.NO, method, now, LINKED, "", interaction)
            changed.setdefault(switch, []).append(one)
    return changed


def _record(
    contact_id: uuid.UUID,
    switch: Switch,
    answer: Answer,
    method: str,
    now: datetime,
    by: str,
    wording: str,
    interaction: str,
) -> None:
    ledger.record(
        contact_id,
        Verb.GRANTED if answer is Answer.YES else Verb.WITHDREW,
        Channel.DATA,
        scope(switch),
        method=method,
        by=by,
        wording=wording,
        interaction=interaction,
        now=now,
        policy_version=policies.in_force(now).version,
    )


def lock(contact_ids: Iterable[uuid.UUID], *, alone: bool = False) -> list[uuid.UUID]:
    """Hold them and all linked with them to the end of the transaction, in id order, so that no two wait for each other."""
    ids = set(contact_ids)
    everybody = sorted(ids if alone else ids.union(*(browsers.linked(contact_id) for contact_id in ids)))
    for contact_id in everybody:
        contacts.lock(contact_id)
    return everybody


def has_said(contact_id: uuid.UUID, switch: Switch, answer: Answer, *, linked: bool) -> bool:
    """Whether that stands already. A no that came from somebody linked is not yet its own word."""
    stand = next((one for one in standing.of(contact_id) if (one.channel, one.scope) == (DATA, scope(switch))), None)
    if stand is None or answer is Answer.YES:
        return stand is not None and stand.granted > stand.withdrew
    if stand.withdrew <= stand.granted:
        return False
    return linked or Entry.objects.filter(contact=contact_id, seq=stand.withdrew).exclude(by__in=NOT_SAID).exists()
