"""The sentence about what lies encrypted, where it says what becomes of somebody who is erased."""

import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase

from django.conf import settings

from forecourt.adapters import kept
from forecourt.consent import wordings
from forecourt.messaging.models import Message
from forecourt.people import erasing, subjects, vault
from forecourt.people.models import Sealed
from forecourt.proof.registry import mutant, probe
from forecourt.proof.sweep import columns_with, disguises, files_with, rows_of
from forecourt.rights.erasure import actions
from forecourt.sharing import handoff
from forecourt.sharing.models import Lead, Share

# What stays of somebody erased: their place in the ledger, and what receipts hang on, without a word in it.
STAYS = {"people.Contact", "sharing.Lead", "sharing.Share"}
CASE = "CHECK"


# P-3D-2


@probe("P-3D-2", secret=True)
def nothing_is_left_of_somebody_erased(visitor) -> Iterator[str]:
    """Somebody with a name of their own books by phone and by email, answers a text and is erased. Then every column of every table,
    declared or not, and every file of ours is searched for their words in all the usual disguises; no key of theirs may open, no row
    point to them, no link show anything, and the dealer has to have been told."""
    answer = f"May my {word(12)} come along?"
    visitor.name = f"Robin {word(12).capitalize()}"
    visitor.books_a_test_drive(texts=True)
    visitor.books_a_test_drive(by="email")
    visitor.waits(visitor.booked[0].reminder_due)
    visitor.replies(answer)
    theirs = [contact.pk for contact in visitor.contacts()]
    keys = erasing.keys_of(theirs) | set(theirs)
    said = {
        "a name": visitor.name,
        "an email address": visitor.email,
        "a phone number": visitor.phone,
        "a reply": answer,
    }

    leads = list(Lead.objects.filter(contact__in=theirs).values_list("pk", flat=True))

    erase(visitor, theirs)
    visitor.world.look(len(keys))
    if not all(map(subjects.is_erased, keys)):
        yield "a key of somebody erased still opens"
    if set(rows_of(keys)) - STAYS - {"people.Subject"}:
        yield "a row of somebody erased is still there"
    wanted = {kind: disguises(text) for kind, text in said.items()}
    left = [*columns_with(wanted, visitor.world), *files_with(wanted, Path(settings.VAR), visitor.world)]
    for kind in dict.fromkeys(left):
        yield f"{kind} of somebody erased was found"
    if any(visitor.browser.get(booked.manage).is_fine for booked in visitor.booked):
        yield "a link of somebody erased still shows something"
    yield from untold(visitor, theirs, leads)


def erase(visitor, contact_ids) -> None:
    actions.erase(contact_ids, case=f"{CASE}-{secrets.token_hex(4)}", reason="a check", now=visitor.world.now)


def untold(visitor, contact_ids, leads) -> Iterator[str]:
    """Whoever got the booking has to be asked to erase it, by a number, and to have it no more."""
    asked = Share.objects.filter(contact__in=contact_ids, kind=Share.Kind.ERASURE)
    orders = [handoff.deliver_share(share.pk, visitor.world.now) for share in asked]
    visitor.world.look(len(orders))
    if not orders or any(order.state != Share.State.LEFT for order in orders):
        yield "whoever had something of somebody erased was not told"
    if any(kept.kept_about(str(lead)) for lead in leads):
        yield "what a dealer got of somebody erased is still there"


@probe("P-3D-2")
def a_no_outlives_whoever_said_it(visitor) -> Iterator[str]:
    """Somebody books with the box for texts ticked, says STOP, is erased, and books again with the same number and the box ticked: no
    text may come, as if they had never gone."""
    visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    visitor.replies("STOP ALL")
    erase(visitor, [visitor.contact().pk])
    visitor.booked.clear()
    mark = visitor.mark()

    visitor.books_a_test_drive(texts=True)
    visitor.waits(visitor.booked[-1].reminder_due + timedelta(hours=1))
    if visitor.texts(mark):
        yield "somebody who had said no was texted once they were erased"


def word(letters: int) -> str:
    return "".join(secrets.choice(ascii_lowercase) for _ in range(letters))


@mutant("P-3D-2", seam="forecourt.people.subjects.destroy_keys", finding="a key of somebody erased still opens")
def keys_are_kept_for_later(destroy_keys):
    return lambda subject_ids: None


@mutant("P-3D-2", seam="forecourt.people.erasing.delete", finding="a row of somebody erased is still there")
def a_room_leaves_its_rows(delete):
    return lambda rows: Counter() if rows.model is Message else delete(rows)


@mutant("P-3D-2", seam="forecourt.people.erasing.keys_of", finding="a name of somebody erased was found")
def a_note_is_made_of_whoever_leaves(keys_of):
    """In a column that was declared for something else."""

    def keys_and_note(contact_ids):
        keys = keys_of(contact_ids)
        for sealed in Sealed.objects.filter(subject__in=keys, field="user.name"):
            if not subjects.is_erased(sealed.subject_id):
                name = vault.open_text(sealed.subject_id, sealed.field, sealed.pk, sealed.value)
                wordings.keep(f"Left us: {name}.", sealed.at)
        return keys

    return keys_and_note


@mutant("P-3D-2", seam="forecourt.sharing.outbox.tell_of_erasure", finding="somebody erased was not told")
def dealers_are_not_told_of_it(tell_of_erasure):
    return lambda contact_id, now: []


@mutant(
    "P-3D-2", seam="forecourt.adapters.kept.forget_about", finding="what a dealer got of somebody erased is still there"
)
def a_dealer_does_not_do_as_told(forget_about):
    return lambda references: 0


@mutant("P-3D-2", seam="forecourt.consent.kept_noes.keep", finding="was texted once they were erased")
def a_no_goes_with_whoever_said_it(keep):
    return lambda contact_ids, now: 0
