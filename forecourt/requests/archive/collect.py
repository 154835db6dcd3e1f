"""Everything of one person, as it stands this moment: the rows themselves, and what there is to say about them.

The shape is documented in README.txt, which goes with it; a new key may come, none changes its meaning within one `format`.
"""

import uuid
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, Model

from forecourt.accounts import story, words
from forecourt.accounts.models import Account
from forecourt.consent import policies
from forecourt.people import vault
from forecourt.people.models import Contact, Supplied
from forecourt.policy.policy import Policy
from forecourt.requests.archive.reach import APART, PARTS, Part, Person

FORMAT = "forecourt-archive/1"
PURPOSE = "answer-request"
WHO = "visitor"


def everything(contact: Contact, now: datetime) -> dict[str, Any]:
    person, policy = Person(contact.pk), policies.in_force(now)
    for subject in person.subjects:
        vault.log_opening(subject, ["everything"], purpose=PURPOSE, who=WHO, now=now)
    account = Account.objects.filter(contact=contact).first()
    told = story.of_contact(contact, now, in_full=True, account=account)
    return {
        "format": FORMAT,
        "made_at": plain(now),
        "policy_version": policy.version,
        "held": [asdict_plain(one) for one in told.held],
        "given": [asdict_plain(one) for one in told.given],
        "suppliers": suppliers(contact, policy),
        "records": {part.label: record(part, person) for part in PARTS},
        "retention": retention(policy),
        "recipients": recipients(policy),
        "apart": dict(APART),
    }


def record(part: Part, person: Person) -> dict[str, Any]:
    fields = part.model._meta.concrete_fields
    return {
        "what": part.title,
        "withheld": dict(part.withheld),
        "rows": [{one.attname: value_of(part, one, row) for one in fields} for row in part.of(person)],
    }


def value_of(part: Part, field: Field, row: Model) -> Any:
    """As it reads; a digest as what it is, since it can be turned back into nothing."""
    value = getattr(row, field.attname)
    if field.name in part.withheld:
        return f"withheld: {part.withheld[field.name]}"
    if value is not None and field.name in part.opens:
        return part.opens[field.name](row)
    return plain(value)


def plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def asdict_plain(one: Any) -> dict[str, Any]:
    return {name: plain(value) for name, value in asdict(one).items()}


def retention(policy: Policy) -> list[dict[str, Any]]:
    """Each kind of data, what for, and for how long: as the policy in force has it."""
    uses = [use for use in policy.uses.values() if use.data]
    kinds = sorted({one for use in uses for one in use.data})
    return [
        {
            "kind": kind,
            "called": words.field(kind),
            "kept": [{"to": use.purpose, "how_long": use.keep} for use in uses if kind in use.data],
        }
        for kind in kinds
    ]


def recipients(policy: Policy) -> list[dict[str, str]]:
    """Who may get any of it; what did leave stands under "given", with receipts."""
    return [
        {"name": one.name or one.code, "kind": one.kind.value, "purpose": one.purpose}
        for one in policy.recipients.values()
    ]


def suppliers(contact: Contact, policy: Policy) -> list[dict[str, Any]]:
    """Who else than the person gave us any of it, what, and what it may serve."""
    return [
        {
            "supplier": policy.suppliers[row.supplier].name if row.supplier in policy.suppliers else row.supplier,
            "received": plain(row.received_at),
            "dated": plain(row.dated),
            "fields": [words.field(one) for one in row.fields],
            "uses": [policy.uses[use].purpose for use in row.uses if use in policy.uses],
        }
        for row in Supplied.objects.filter(contact=contact).order_by("received_at")
    ]
