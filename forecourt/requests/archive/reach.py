"""Every table that holds something of a person, and how that person's rows in it are found.

A table that holds personal data and stands neither in PARTS nor in APART fails tests/requests/test_archive.py: whoever adds one says
here how its rows are found, or why they are nobody's.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet

from forecourt.accounts.models import Account, Session, Ticket
from forecourt.cases.models import Case
from forecourt.consent.models import Entry, Permit, RefusedReading, Standing, UnderSixteen
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.models import Inquiry, Line, Recording
from forecourt.interactions.models import Change, Hold, Reminder, TestDrive
from forecourt.messaging import outbox, stops
from forecourt.messaging.models import Message, Reply
from forecourt.minors.models import Asking
from forecourt.people import vault
from forecourt.people.models import Contact, Link, Memory, Opening, Sealed, Subject, Supplied
from forecourt.programs.models import Claim, CreditRequest, Document
from forecourt.requests.models import Archive, Correction, IdentityCheck, Pass, Request
from forecourt.rights.models import Code
from forecourt.sharing import figures
from forecourt.sharing.models import Figures, Lead, Membership, Receipt, Share
from forecourt.vehicles.builds import shelves
from forecourt.vehicles.builds.models import SavedBuild, Shelf


@dataclass(frozen=True)
class Person:
    """One verified address and all that hangs on it."""

    contact: uuid.UUID

    @cached_property
    def browsers(self) -> list[uuid.UUID]:
        """The browsers that came with this very address; what hangs on them in turn may be somebody else's."""
        return list(Link.objects.filter(contact=self.contact).values_list("browser", flat=True))

    @cached_property
    def submissions(self) -> list[uuid.UUID]:
        """Each form that was sent with this address, which has a key of its own."""
        mine = {"contact": self.contact}
        rows = (TestDrive.objects.filter(**mine), Lead.objects.filter(**mine), CreditRequest.objects.filter(**mine))
        found = {one for row in rows for one in row.values_list("submission", flat=True)}
        asked = Inquiry.objects.filter(**mine, submission__isnull=False).values_list("submission", flat=True)
        claims = Claim.objects.filter(**mine, submission__isnull=False).values_list("submission", flat=True)
        return sorted(found.union(one for one in (*claims, *asked) if one))

    @cached_property
    def shelves(self) -> list[uuid.UUID]:
        return list(Shelf.objects.filter(person=self.contact).values_list("pk", flat=True))

    @cached_property
    def subjects(self) -> list[uuid.UUID]:
        figures_of = Figures.objects.filter(lead__contact=self.contact).values_list("pk", flat=True)
        documents = Document.objects.filter(claim__contact=self.contact).values_list("pk", flat=True)
        return [self.contact, *self.submissions, *self.shelves, *self.memories, *figures_of, *documents]

    @cached_property
    def memories(self) -> list[uuid.UUID]:
        """What forms remember with this address in it, on whatever device."""
        indexes = list(Contact.objects.filter(pk=self.contact).values_list("index", flat=True))
        return list(Memory.objects.filter(about__in=indexes).values_list("pk", flat=True))


Opens = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Part:
    """`opens` is how a sealed column is read; `withheld` are columns that are shown to nobody, and why."""

    model: type[Model]
    title: str
    rows: Callable[[Person], Q]
    opens: Mapping[str, Opens] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.model._meta.label

    def of(self, person: Person) -> QuerySet:
        return self.model._default_manager.filter(self.rows(person)).order_by("pk")


def mine(person: Person) -> Q:
    return Q(contact=person.contact)


def through(path: str) -> Callable[[Person], Q]:
    return lambda person: Q(**{path: person.contact})


def open_document(row: Document) -> str:
    return f"your document ({row.kind}, {len(row.sealed)} bytes), until somebody said yes or no"


SECRET = "a secret of yours is sent to nobody, not even to you"  # noqa: S105 (says so)
PARTS: list[Part] = [
    Part(
        Contact,
        "Your address, and the browsers that belong with it",
        lambda one: Q(pk__in=[one.contact, *one.browsers]),
    ),
    Part(Link, "Which browser came with your address", mine),
    Part(Subject, "What has an encryption key of its own", lambda one: Q(pk__in=[*one.subjects, *one.browsers])),
    Part(
        Sealed,
        "What you gave us, field by field",
        lambda one: Q(subject__in=[*one.subjects, *one.browsers]),
        opens={"value": lambda row: vault.open_text(row.subject_id, row.field, row.pk, row.value)},
    ),
    Part(Memory, "What forms remember for you", lambda one: Q(pk__in=one.memories)),
    Part(Supplied, "What others told us of you", mine),
    Part(Opening, "Who opened it", lambda one: Q(subject__in=one.subjects)),
    Part(Entry, "What you told us to do and to stop", mine),
    Part(UnderSixteen, "That we were told, in a browser of yours, an age of 13 to 15", mine),
    Part(Standing, "What stands now", mine),
    Part(Permit, "What was allowed because of it", mine),
    Part(RefusedReading, "What somebody wanted to read, and was not let", mine),
    Part(TestDrive, "Test drives", mine, withheld={"token": "it is in the messages below"}),
    Part(Hold, "The half hours that they keep", through("drive__contact")),
    Part(Change, "How they were moved", through("drive__contact")),
    Part(Reminder, "Reminders of them", through("drive__contact")),
    Part(
        Message,
        "Messages to you",
        mine,
        opens={"body": lambda row: vault.open_text(row.contact_id, outbox.BODY, row.pk, row.body)},
    ),
    Part(
        Reply,
        "Texts from you",
        mine,
        opens={"body": lambda row: vault.open_text(row.contact_id, stops.REPLY, row.pk, row.body)},
    ),
    Part(Lead, "What went to dealers and lenders", mine),
    Part(Share, "What went to other companies", mine),
    Part(Membership, "Audiences that you were in", mine),
    Part(Receipt, "Receipts", lambda one: Q(lead__contact=one.contact) | Q(share__contact=one.contact)),
    Part(
        Figures,
        "Figures of a request for credit",
        through("lead__contact"),
        opens={"sealed": lambda row: vault.open_text(row.pk, figures.FIELD, row.lead_id, row.sealed)},
    ),
    Part(CreditRequest, "Requests for credit", mine),
    Part(Asking, "That you were asked for a child", mine),
    Part(Inquiry, "What you wrote to us about", mine),
    Part(
        Line,
        "What was said, by you and by us",
        through("inquiry__contact"),
        opens={
            "sealed": lambda row: inquiries.open_line(row.inquiry, row),
            "original": lambda row: vault.open_bytes(
                row.inquiry.submission_id, inquiries.ORIGINAL, row.pk, row.original
            ).decode(errors="replace"),
        },
    ),
    Part(Recording, "Whether a call was recorded", through("case__contact")),
    Part(Claim, "Claims", mine),
    Part(Document, "Documents that you sent", through("claim__contact"), opens={"sealed": open_document}),
    Part(Shelf, "Where your saved cars stand", lambda one: Q(person=one.contact)),
    Part(
        SavedBuild,
        "Saved cars",
        through("shelf__person"),
        opens={
            "name": lambda row: vault.open_text(row.shelf_id, shelves.NAME, row.pk, row.name),
            "link": lambda row: vault.open_text(row.shelf_id, shelves.LINK, row.pk, row.link),
        },
    ),
    Part(Account, "Your account", mine),
    Part(User, "How you sign in", through("account__contact"), withheld={"password": SECRET}),
    Part(Authenticator, "Passkeys", through("user__account__contact"), withheld={"data": SECRET}),
    Part(Session, "Browsers that are signed in", through("account__contact")),
    Part(Ticket, "Codes that you asked for to sign in", mine, withheld={"sealed": SECRET}),
    Part(Code, "Codes that you asked for behind a message", mine),
    Part(Case, "Cases about you", mine),
    Part(Request, "Requests like this one", mine),
    Part(Correction, "What you had corrected", mine),
    Part(Pass, "Codes that you asked for with a request", mine, withheld={"sealed": SECRET}),
    Part(IdentityCheck, "Codes that our desk sent you, since you asked by letter, call or message", mine),
    Part(Archive, "Files like this one", through("request__contact"), withheld={"sealed": "it is this file"}),
]


def add_part(part: Part) -> None:
    """For rooms above, when they start."""
    if part.label not in [one.label for one in PARTS]:
        PARTS.append(part)


# Tables with personal data of which no row can be found from somebody's address.
APART: Mapping[str, str] = {
    "traffic.View": "Visits are counted with an address cut short, and with nothing that leads from a visit to a person.",
    "consent.KeptNo": "What an address refused stays here once it is erased; as long as we have the address, it is in its own history.",
    "adapters.Kept": "A demonstration keeps what would have left, under a key of its own; a real site has nothing here.",
}
