"""Everything that we have of one person, for that person's own eyes: read from the rows themselves, so that it is what is and not
what should be. The verified address counts, and nothing that somebody else typed into a form together with it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from forecourt.accounts import words
from forecourt.accounts.models import Account, Session
from forecourt.consent import policies
from forecourt.consent.models import Entry, Wording
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.models import Inquiry
from forecourt.interactions import links
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts, vault
from forecourt.people.models import Contact, Link, Opening, Sealed
from forecourt.sharing.models import Lead, Share
from forecourt.vehicles.builds import asked, shelves
from forecourt.vehicles.builds.models import SavedBuild

PURPOSE = "account-page"


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that we keep, and where it is from. `value` is empty until the person has shown again who they are."""

    what: str
    about: str
    value: str
    source: str
    notice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    purpose: str
    channel: str
    state: str
    why: str
    left: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """What one recipient got, or did not; `receipt` is its own number for it."""

    to: str
    what: str
    fields: tuple[str, ...]
    state: str
    why: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    what: str
    verb: str
    how: str
    words: str
    version: str
    no: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Drive:
    drive: TestDrive
    page: str


@dataclass(frozen=True, slots=True)
class Car:
    """One that was saved: its owner's name for it, and the page that builds it again."""

    build: SavedBuild
    name: str
    page: str


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote or said to us, by the number that it got, and the page where it stands with our answer."""

    inquiry: Inquiry
    page: str


@dataclass(frozen=True, slots=True)
class Looked:
    who: str
    why: str
    case: str
    what: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    masked: str
    held: list[Held]
    drives: list[Drive]
    saved: list[Car]
    written: list[Written]
    sent: list[Sent]
    given: list[Given]
    said: list[Said]
    sessions: list[Session]
    links: list[Link]
    looked: list[Looked]


def tell(account: Account, now: datetime, *, in_full: bool) -> Story:
    return of_contact(account.contact, now, in_full=in_full, account=account)


def of_contact(contact: Contact, now: datetime, *, in_full: bool, account: Account | None = None) -> Story:
    """Also for somebody without an account, whose address was shown to be theirs."""
    drives = list(TestDrive.objects.filter(contact=contact).select_related("dealer").order_by("-starts_at"))
    about = {drive.submission_id: f"your test drive of the {drive.car_name}" for drive in drives}
    bookings = {drive.interaction: f"about your test drive of the {drive.car_name}" for drive in drives}
    return Story(
        masked=contacts.masked(contact, purpose=PURPOSE, who="visitor", now=now),
        held=held({contact.pk: "", **about}, now, in_full=in_full),
        drives=[Drive(drive, links.path_of(drive)) for drive in drives],
        saved=saved(contact, now),
        written=written(contact),
        sent=sent(contact),
        given=given(contact),
        said=said(contact, bookings),
        sessions=list(account.sessions.filter(ends_at__gt=now).order_by("-seen_at")) if account else [],
        links=list(Link.objects.filter(contact=contact.pk).order_by("-at")),
        looked=looked([contact.pk, *about, *inquiries.keys_of(contact)]),
    )


def held(subjects: dict[uuid.UUID, str], now: datetime, *, in_full: bool) -> list[Held]:
    """The newest value of each field of each subject, with every field's provenance."""
    rows = Sealed.objects.filter(subject__in=subjects).order_by("subject", "field", "-at", "-id")
    newest = rows.distinct("subject", "field").defer("value")
    values = {
        subject: vault.open_fields(subject, fields, purpose=PURPOSE, who="visitor", now=now)
        for subject, fields in fields_of(newest).items()
        if in_full
    }
    found = [
        Held(
            words.field(row.field),
            subjects[row.subject_id],
            values.get(row.subject_id, {}).get(row.field, ""),
            words.source(row.source),
            row.notice,
            row.at,
        )
        for row in newest
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def fields_of(rows: Iterable[Sealed]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row.field)
    return found


def saved(contact: Contact, now: datetime) -> list[Car]:
    builds = shelves.of_person(contact.pk)
    names = shelves.names_of(builds, purpose=PURPOSE, now=now)
    return [
        Car(build, names[build.pk], f"{reverse('builds:build', args=[build.line])}{asked.query(build.wishes)}")
        for build in builds
    ]


def written(contact: Contact) -> list[Written]:
    rows = Inquiry.objects.filter(contact=contact).select_related("case").order_by("-case__opened_at")
    return [Written(row, inquiries.page_of(row)) for row in rows]


def sent(contact: Contact) -> list[Sent]:
    rows = Message.objects.filter(contact=contact).defer("body").order_by("-queued_at")
    return [
        Sent(
            purpose_of(row.use, row.queued_at),
            words.CHANNELS.get(row.channel, row.channel),
            words.MESSAGE_STATES[row.state],
            words.reason(row.reason),
            row.state == Message.State.LEFT,
            row.left_at or row.queued_at,
        )
        for row in rows
    ]


def purpose_of(use_id: str, at: datetime) -> str:
    use = policies.find_use(use_id, at)
    return use.purpose if use else use_id


def given(contact: Contact) -> list[Given]:
    mine = {"contact": contact}
    rows: list[Lead | Share] = [
        *Lead.objects.filter(**mine).select_related("recipient", "receipt"),
        *Share.objects.filter(**mine).select_related("recipient", "receipt"),
    ]
    found = []
    for row in rows:
        receipt = getattr(row, "receipt", None)
        found.append(
            Given(
                row.recipient.name,
                words.shared(row),
                tuple(words.field(one) for one in receipt.fields) if receipt else (),
                words.SHARE_STATES[row.state],
                "" if receipt else words.reason(row.reason),
                receipt.provider_id if receipt else "",
                receipt.at if receipt else row.requested_at,
            )
        )
    return sorted(found, key=lambda one: one.at, reverse=True)


def said(contact: Contact, bookings: dict[str, str]) -> list[Said]:
    """Everything that the ledger has of this address, newest first, with the very words that stood beside it."""
    entries = list(Entry.objects.filter(contact=contact.pk).order_by("-seq"))
    texts = Wording.objects.in_bulk({entry.wording for entry in entries if entry.wording})
    return [
        Said(
            words.said(entry.channel, entry.scope, entry.verb, bookings.get(entry.scope, "")),
            words.BY.get(entry.by, words.VERBS[entry.verb]),
            words.METHODS.get(entry.method, entry.method),
            texts[entry.wording].text if entry.wording in texts else "",
            entry.policy_version,
            entry.verb not in ("asked", "granted", "started"),
            entry.at,
        )
        for entry in entries
    ]


def looked(subjects: Iterable[uuid.UUID]) -> list[Looked]:
    """Each time that one of our people opened something of it; machines that send what was asked for are not people."""
    people = User.objects.filter(is_staff=True).values("username")
    rows = Opening.objects.filter(~Q(case="") | Q(who__in=people), subject__in=list(subjects)).order_by("-at")
    return [
        Looked(row.who, purpose_of(row.purpose, row.at), row.case, tuple(map(words.field, row.fields)), row.at)
        for row in rows
    ]
