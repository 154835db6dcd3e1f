"""The small cast that tests play with, and the dealer that they visit.

Ada reads email and leaves her address. Bruno leaves a phone number and ticks nothing. Chen leaves a phone number, ticks the
box, and once said STOP. `dealer` stands in Salem, North Carolina, with two cars and a contract that holds.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from forecourt.adapters import kept
from forecourt.adapters.texts import Fake as Phones
from forecourt.dealers import slots
from forecourt.dealers.models import Dealer, OpeningHours
from forecourt.interactions import links
from forecourt.interactions.actions import Wish, book
from forecourt.interactions.models import TestDrive
from forecourt.messaging import handoff as messages
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.policy import limits
from forecourt.policy.policy import Kind
from forecourt.sharing import handoff as leads
from forecourt.sharing import recipients
from forecourt.sharing.models import Lead
from forecourt.vehicles import catalogue
from forecourt.vehicles.recalls.vin import with_check_digit
from forecourt.vehicles.stock.models import Car
from forecourt.web import forms
from forecourt.web.brand import brand

NEW_YORK = "America/New_York"


@dataclass(frozen=True)
class Person:
    """What somebody types into a form."""

    name: str
    contact: str
    texts: bool = False

    @property
    def address(self) -> str:
        return contacts.read(self.contact).text


ADA = Person("Ada Brightwater", "ada.brightwater@post.example")
BRUNO = Person("Bruno Quillfeather", "(202) 555-0117")
CHEN = Person("Chen Marrowby", "202-555-0142", texts=True)


@dataclass
class Time:
    """The clock that rules see. `now` may be moved."""

    now: datetime


def make_dealer(
    now: datetime, slug: str = "wren-salem-nc", *, capacity: int = 2, signed: bool = True, **more
) -> Dealer:
    facts = {
        "name": "Wren of Salem",
        "street": "14 Kettle Street",
        "city": "Winston-Salem",
        "state": "NC",
        "postal_code": "27101",
        "latitude": 36.1,
        "longitude": -80.24,
        "zone": NEW_YORK,
        "phone": "+13365550101",
        "services": ["sales", "test-drive"],
        "policy_url": "https://wren-salem-nc.example/privacy",
        "lead_endpoint": f"https://{slug}.example/leads",
    }
    dealer = Dealer.objects.create(slug=slug, capacity=capacity, **facts | more)
    OpeningHours.objects.bulk_create(
        OpeningHours(dealer=dealer, weekday=weekday, opens=time(9), closes=time(18)) for weekday in range(6)
    )
    recipients.register(slug, "dealer", dealer.name, dealer.lead_endpoint)
    if signed:
        terms = limits.required_terms(Kind.DEALER, now)
        recipients.sign(slug, "2026", terms, now - timedelta(days=30), now + timedelta(days=300), now)
    return dealer


def vin_of(letter: str, year: str, serial: int) -> str:
    return with_check_digit(f"7WN{letter}AGA20{year}D{serial:06}")


def make_car(dealer: Dealer, number: int, **more) -> Car:
    """A new 2027 Pipit, for $20,000 and as many dollars as its number says."""
    facts = {
        "vin": vin_of("P", "V", 9000 + number), "slug": f"car{number:07}", "line": "pipit", "year": 2027, "condition": "new",
        "mileage": 5, "price": 20_000 + number, "basis": "dealer", "since": date(2026, 11, 1), "trim": "pipit", "paint": "rowan",
        "options": ["roof-white"],
    }  # fmt: skip
    return Car.objects.create(dealer=dealer, **facts | more)


def first_slot(dealer: Dealer, now: datetime, days_ahead: int = 4) -> datetime:
    """10:30 in the morning, so many days from now; 4 days after the tests' Tuesday is a Saturday."""
    day = dealer.timetable.local(now).date() + timedelta(days=days_ahead)
    return next(
        slot.starts_at for slot in slots.all_for(dealer, now) if slot.day == day and slot.label.startswith("10:30")
    )


def wish(person: Person, dealer: Dealer, now: datetime, starts_at: datetime | None = None, nonce: str = "") -> Wish:
    nonce = nonce or forms.new_nonce("test-drive", now)
    return Wish(
        dealer=dealer,
        car=catalogue.line("pipit"),
        starts_at=starts_at or first_slot(dealer, now),
        name=person.name,
        address=contacts.read(person.contact),
        texts=person.texts,
        nonce=forms.read_nonce("test-drive", nonce, now).id,
    )


def booked(person: Person, dealer: Dealer, now: datetime, starts_at: datetime | None = None) -> TestDrive:
    return book(wish(person, dealer, now, starts_at), now)


def fields(person: Person, dealer: Dealer, now: datetime, **more: str) -> dict[str, str]:
    """What a browser would post for this person."""
    given = {
        "nonce": forms.new_nonce("test-drive", now),
        "dealer": dealer.slug,
        "car": "pipit",
        "slot": f"{first_slot(dealer, now):%Y-%m-%dT%H:%MZ}",
        "name": person.name,
        "contact": person.contact,
    }
    return given | ({"texts": "on"} if person.texts else {}) | more


def work(now: datetime) -> None:
    """What the worker does with everything that is due by now, in this process."""
    for message_id in (
        Message.objects.filter(state="queued", due__lte=now).order_by("queued_at").values_list("pk", flat=True)
    ):
        messages.deliver(message_id, now)
    for lead_id in Lead.objects.filter(state__in=["queued", "waiting"], due__lte=now).values_list("pk", flat=True):
        leads.deliver(lead_id, now)


@dataclass
class Inbox:
    """What reached somebody's phone or mailbox."""

    person: Person
    medium: str = field(default="")

    @property
    def all(self) -> list[str]:
        return [item.content.decode() for item in kept.kept_for(self.person.address) if item.way == kept.Way.OUT]

    @property
    def last(self) -> str:
        return self.all[-1]


def texted(client, person: Person, body: str) -> None:
    """The person's phone answers our test drive number; the carrier tells our webhook."""
    number = brand().text_senders["test-drive"]
    signed = Phones().reply(person.address, number, body, "http://testserver/hooks/texts/")
    answer = client.post("/hooks/texts/", signed.form, headers={"X-Twilio-Signature": signed.signature})
    assert answer.status_code == 200, answer.content


def path(drive: TestDrive) -> str:
    return links.path_of(drive)
