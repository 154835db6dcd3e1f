"""The door for lists that others send us: CSV, each line about one address. What it would undo, or what somebody refused, stays out.

A supplier whom the policy does not name, or a column that it may not send, and nothing of the file is taken.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from django.db import transaction

from forecourt.consent import kept_noes, policies
from forecourt.consent.models import KeptNo
from forecourt.people import contacts, supplies, vault
from forecourt.people.addresses import Address, BadAddress
from forecourt.people.models import Contact, Sealed, Supplied
from forecourt.policy.policy import Supplier
from forecourt.policy.request_clocks import ZONE
from forecourt.requests import corrections

COLUMNS = {"name": corrections.NAME, "postal_code": corrections.POSTAL}
WANTED = {"address", "dated"}


class Refused(Exception):
    """Nothing of the file was taken; the sentence says what to mend."""


class Outcome(StrEnum):
    TAKEN = "taken"
    KNOWN = "taken before"
    CORRECTED = "refused: the person corrected it since"
    SAID_NO = "refused: the address said no"
    FROM_THEM = "left as the person said it"
    BAD = "cannot be read"


@dataclass(slots=True)
class Imported:
    """`bad` are the lines that cannot be read, and why; never what stood there."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    bad: list[tuple[int, str]] = field(default_factory=list)


def take(lines: Iterable[str], code: str, now: datetime) -> Imported:
    policy = policies.in_force(now)
    supplier = policy.suppliers.get(code)
    if supplier is None:
        raise Refused(
            f"The policy of {policy.version} names no supplier {code}: add [suppliers.{code}] with its kind, what it may send and "
            f"what that may serve, and a sentence, to a version that is in force."
        )
    rows = csv.DictReader(lines)
    check_columns(set(rows.fieldnames or ()), supplier)
    done = Imported()
    for number, row in enumerate(rows, 2):
        try:
            outcome = take_row(row, supplier, now)
        except (BadAddress, ValueError) as problem:
            outcome = Outcome.BAD
            done.bad.append(
                (number, str(problem) if isinstance(problem, BadAddress) else "dated is no day (2026-12-01)")
            )
        done.outcomes[outcome] += 1
    return done


def check_columns(named: set[str], supplier: Supplier) -> None:
    if missing := WANTED - named:
        raise Refused(
            f"The first line lacks {', '.join(sorted(missing))}: it names the columns, address and dated among them."
        )
    if unknown := named - WANTED - set(COLUMNS):
        raise Refused(f"Nobody here takes the columns {', '.join(sorted(unknown))}: leave them out.")
    if barred := [name for name in sorted(named - WANTED) if COLUMNS[name] not in supplier.data]:
        raise Refused(f"{supplier.name} may not send {', '.join(barred)}: the policy does not name it among its data.")


@transaction.atomic
def take_row(row: dict[str, str], supplier: Supplier, now: datetime) -> Outcome:
    address, dated = contacts.read(row["address"] or ""), date.fromisoformat((row["dated"] or "").strip())
    said = {COLUMNS[name]: text for name in COLUMNS if (text := " ".join((row.get(name) or "").split()))}
    known = contacts.find(address)
    if outcome := objection(address, known, said, dated):
        return outcome
    notice = policies.in_force(now).version
    source = supplies.source_of(supplier.code)
    contact = known or contacts.find_or_add(address, source=source, notice=notice, now=now)
    contacts.lock(contact.pk)
    _, is_new = Supplied.objects.get_or_create(
        contact=contact,
        supplier=supplier.code,
        dated=dated,
        defaults={
            "fields": sorted({contacts.FIELDS[contact.kind], *said}),
            "uses": list(supplier.uses),
            "received_at": now,
        },
    )
    if not is_new:
        return Outcome.KNOWN
    kept = [keep(contact, field, text, source, notice, now) for field, text in said.items()]
    return Outcome.TAKEN if all(kept) else Outcome.FROM_THEM


def objection(address: Address, known: Contact | None, said: dict[str, str], dated: date) -> Outcome | None:
    """Whoever was erased or left stays gone; what was corrected stays corrected."""
    index = vault.blind_index(address.kind, address.comparable)
    if corrections.address_was_away([index]):
        return Outcome.CORRECTED
    if KeptNo.objects.filter(kind=address.kind, index=index).exists():
        return Outcome.SAID_NO
    if known is None:
        return None
    if any(no.endswith(" all all") for no in kept_noes.of(known.pk)):
        return Outcome.SAID_NO
    # A list of the day of the correction may have been made before it.
    begins = datetime.combine(dated, time(), ZONE)
    return Outcome.CORRECTED if corrections.undoes(known.pk, said, begins) else None


def keep(contact: Contact, field: str, text: str, source: str, notice: str, now: datetime) -> bool:
    """Not where the person told us themselves: their word is the better one."""
    theirs = Sealed.objects.filter(subject=contact.pk, field=field).exclude(source__startswith=supplies.SOURCE)
    if theirs.exists():
        return False
    vault.seal(contact.pk, field, text, source=source, notice=notice, now=now)
    return True
