"""An opt-out outlives whoever said it. When somebody is erased, one row keeps what their address refuses; when the address comes
back, in a form or a list, the noes are in its ledger before anything else about it.

What was refused for one booking alone goes with that booking.
"""

import json
import uuid
from datetime import datetime

from forecourt.consent import ledger, standing
from forecourt.consent.models import Channel, KeptNo, Verb
from forecourt.people import contacts, tombstones
from forecourt.people.erasing import Contacts
from forecourt.people.models import Contact
from forecourt.policy.decide import Stand

METHOD = "kept when erased"
NOES = (Verb.WITHDREW, Verb.STOPPED, Verb.WRONG_NUMBER)


def register() -> None:
    contacts.when_added(bring_back)


def keep(contact_ids: Contacts, now: datetime) -> int:
    """One row an address that refuses something, while its index still stands; nothing of a browser, whose own cookie says no."""
    addresses = Contact.objects.filter(pk__in=contact_ids, erased_at=None).exclude(kind=Contact.Kind.BROWSER)
    refusing = {contact: noes for contact in addresses if (noes := of(contact.pk))}
    for contact, noes in refusing.items():
        words = {"kind": contact.kind, "index": bytes(contact.index).hex(), "noes": noes, "at": now.isoformat()}
        tombstones.write_beside(contact.pk, json.dumps(words))
        row = {"noes": noes, "at": now}
        KeptNo.objects.update_or_create(kind=contact.kind, index=bytes(contact.index), defaults=row)
    return len(refusing)


def of(contact_id: uuid.UUID) -> list[str]:
    """The noes that stand, each as verb, channel and scope."""
    stands = (stand for stand in standing.of(contact_id) if not stand.scope.startswith("interaction:"))
    return [f"{verb} {stand.channel} {stand.scope}" for stand in stands for verb in NOES if stands_in(stand, verb)]


def stands_in(stand: Stand, verb: Verb) -> bool:
    """A yes or an asking that came later takes a "withdrew" back; the phone's own stop yields to its own START alone."""
    later = (stand.granted, stand.asked, stand.started) if verb is Verb.WITHDREW else (stand.started,)
    return getattr(stand, verb.column) > max(later)


def restore() -> int:
    """After a backup came back: what was refused since, by addresses that were erased since. How many were put back."""
    put_back = 0
    for words in sorted(map(json.loads, tombstones.beside().values()), key=lambda words: words["at"]):
        which = {"kind": words["kind"], "index": bytes.fromhex(words["index"])}
        row = {"noes": words["noes"], "at": datetime.fromisoformat(words["at"])}
        if not Contact.objects.filter(**which).exists():
            put_back += KeptNo.objects.update_or_create(**which, defaults=row)[1]
    return put_back


def bring_back(contact: Contact, notice: str, now: datetime) -> None:
    """From the row into the ledger, in the transaction that adds the contact."""
    kept = KeptNo.objects.filter(kind=contact.kind, index=contact.index).first()
    if kept is None:
        return
    for no in kept.noes:
        verb, channel, scope = no.split(" ", 2)
        ledger.record(contact.pk, Verb(verb), Channel(channel), scope, method=METHOD, now=now, policy_version=notice)
    kept.delete()
