"""A person who does not exist, and uses the site as everybody does: over its pages, by its links, from their phone.

Only the adapters know that nobody is there: what is sent to these addresses is kept for reading and goes no further.
"""

import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from functools import cached_property
from typing import TYPE_CHECKING

from forecourt.adapters import kept, synthetic
from forecourt.adapters import texts as carrier
from forecourt.adapters.kept import Item, Medium, Way
from forecourt.consent import leases, ledger
from forecourt.consent.models import Channel, Verb
from forecourt.interactions import actions, links, reminders
from forecourt.interactions.models import TestDrive
from forecourt.messaging import handoff as messages_door
from forecourt.messaging.models import Message
from forecourt.people import contacts
from forecourt.people.models import Contact
from forecourt.proof.browser import Browser, Form, Page
from forecourt.proof.registry import CouldNotRun
from forecourt.sharing import handoff as leads_door
from forecourt.sharing.models import Lead
from forecourt.web.brand import brand

if TYPE_CHECKING:
    from forecourt.proof.world import World

NAME = "Robin Hedgerow"
ZIP = "27284"
BOX = "texts"
UNSENT = ("queued", "waiting")
DOORS: tuple[leases.Table, ...] = ("messaging_message", "sharing_lead", "sharing_share")
# The first area code is the one that people type who try the demo; a probe must not share a phone with them.
FIRST_PHONE = 100
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as the visitor sees it: the page that confirmed it, and its manage link."""

    page: Page
    manage: str
    form: Form
    drive: TestDrive

    @property
    def reminder_due(self) -> datetime:
        return self.drive.remind_at


class Visitor:
    def __init__(self, world: "World", browser: Browser) -> None:
        self.world = world
        self.browser = browser
        self.moment = world.now
        self.booked: list[Booked] = []
        self.name = NAME
        self._mark = 0
        self._at_the_phone = False

    @cached_property
    def email(self) -> str:
        return synthetic.email(secrets.randbelow(10**9))

    @cached_property
    def phone(self) -> str:
        """A number that is new to us; there are only so many, so one that rested for a day says START and begins anew."""
        drawn = [synthetic.phone(FIRST_PHONE + secrets.randbelow(synthetic.PHONES - FIRST_PHONE)) for _ in range(20)]
        known = {number: contacts.find(contacts.read(number)) for number in drawn}
        lately = TestDrive.objects.filter(contact__in=filter(None, known.values()), booked_at__gt=self.world.now - DAY)
        tired = set(lately.values_list("contact", flat=True))
        rested = [number for number, contact in known.items() if contact is None or contact.pk not in tired]
        return next((number for number in rested if known[number] is None), (rested or drawn)[0])

    def _arrive_by_phone(self) -> None:
        if self._at_the_phone:
            return
        self._at_the_phone = True
        if contacts.find(contacts.read(self.phone)) is not None:
            for kind in brand().text_senders:
                self.replies("START", kind)
        self._mark = self.mark()

    def sees(self, address: str) -> Page:
        self.world.look()
        return self.browser.get(address).must_be_fine()

    # Booking

    def opens_the_booking_form(self, dealer: str = "") -> tuple[Page, Form]:
        """By ZIP code and the nearest dealer, or the named one."""
        if dealer:
            page = self.sees(f"/test-drive/?dealer={dealer}")
        else:
            nearest = self.sees(f"/test-drive/?zip={ZIP}")
            page = self.sees(nearest.link("dealer=") or "/test-drive/")
        return page, page.form(having="contact")

    def books_a_test_drive(
        self, *, texts: bool = False, by: str = "phone", dealer: str = "", touch_box: bool = True
    ) -> Booked:
        """`touch_box` false sends the box as the page shows it."""
        if by == "phone":
            self._arrive_by_phone()
        _, form = self.opens_the_booking_form(dealer)
        slots = form.options("slot")
        if not slots:
            raise CouldNotRun("the dealer has no free time")
        values: dict[str, str | None] = {
            "car": form.options("car")[0],
            "slot": slots[-1],
            "name": self.name,
            "contact": self.phone if by == "phone" else self.email,
        }
        data = form.filled(**values)
        if touch_box:
            data.pop(BOX, None)
            if texts:
                data = form.filled(**values, **{BOX: "on"})
        done = self.browser.post(form.action, data)
        self.world.look()
        if not done.is_fine:
            raise CouldNotRun(f"the booking was answered with {done.status}")
        drive = links.drive_by(done.path.rstrip("/").rsplit("/", 1)[-1])
        if drive is None:
            raise CouldNotRun("the booking showed no page of its own")
        booked = Booked(done, done.address, form, drive)
        self.booked.append(booked)
        return booked

    # The phone

    def replies(self, words: str, kind: str = "test-drive") -> None:
        """Text back to the number that texts of this kind come from; the carrier brings it to us, signed."""
        address = f"{self.browser.site}/hooks/texts/"
        signed = carrier.Fake().reply(self.phone, brand().text_senders[kind], words, address)
        answer = self.browser.post(signed.url, signed.form, headers={"X-Twilio-Signature": signed.signature})
        if answer.status != 200:
            raise CouldNotRun(f"the carrier's message was answered with {answer.status}")
        self.world.look()
        self.lets_messages_leave()

    def says_yes(self, interaction: str) -> None:
        """To texts about something else than a drive: its form will come with its room, the ledger is here."""
        for verb, channel in ((Verb.ASKED, Channel.ALL), (Verb.GRANTED, Channel.TEXT)):
            ledger.record(
                self.contact().pk,
                verb,
                channel,
                interaction,
                method="form",
                interaction=interaction,
                now=self.world.now,
                policy_version=self.world.policy.version,
            )

    def senders(self) -> dict[str, str]:
        return dict(brand().text_senders)

    # The links

    def stops_on_the_page_of(self, booked: Booked) -> None:
        """The switch for texts on the booking's own page."""
        page = self.sees(booked.manage)
        done = page.form("/texts/").send(self.browser, texts="no")
        if not done.is_fine:
            raise CouldNotRun(f"the page's switch answered {done.status}")

    def follows_the_link_in(self, text: str) -> Page:
        """The link behind which these messages can be stopped."""
        link = next((found for found in re.findall(r"https?://\S+", text) if "/m/" in found), "")
        if not link:
            raise CouldNotRun("the message has no link to follow")
        return self.sees(link.rstrip(".,)>"))

    def stops_everything_on(self, page: Page) -> None:
        form = next((form for form in page.forms() if form.values.get("scope") == "everything"), None)
        if form is None:
            raise CouldNotRun("the page behind the link has no button that stops everything")
        if not form.send(self.browser).is_fine:
            raise CouldNotRun("the button that stops everything was not accepted")

    # What comes

    def contact(self, kind: str = "phone") -> Contact:
        found = contacts.find(contacts.read(self.phone if kind == "phone" else self.email))
        if found is None:
            raise CouldNotRun("the visitor's address is not known to the site")
        return found

    def contacts(self) -> list[Contact]:
        known = [contacts.find(contacts.read(address)) for address in (self.phone, self.email)]
        return [contact for contact in known if contact]

    def waits(self, until: datetime) -> None:
        """Time passes for this visitor alone: reminders come due, and what waited leaves or is refused."""
        self.moment = max(self.moment, until)
        for booked in self.booked:
            booked.drive.refresh_from_db()
            if booked.drive.remind_at <= self.moment:
                reminders.remind(booked.drive, self.moment)
        self.lets_messages_leave()

    def lets_messages_leave(self, patience: timedelta = timedelta(hours=30)) -> None:
        """Hand off what is queued for this visitor, each at its due moment (a text waits for the morning)."""
        last = self.moment + patience
        for message in Message.objects.filter(contact__in=self.contacts(), state="queued").order_by("queued_at"):
            while message.state == "queued" and message.due <= last:
                due = message.due
                message = messages_door.deliver(message.pk, due)
                if message.state == "queued" and message.due <= due:
                    break
        for lead in Lead.objects.filter(contact__in=self.contacts(), state__in=UNSENT):
            leads_door.deliver(lead.pk, lead.due)
        self.waits_for_what_is_in_hand(self.contacts())

    def waits_for_what_is_in_hand(self, everybody: list[Contact]) -> None:
        """The workers of the site itself may have taken something first: it has not left before they say so."""
        for contact in everybody:
            if not all(leases.wait_out(table, contact.pk) for table in DOORS):
                raise CouldNotRun("something stayed in a provider's hands for longer than it may")

    def texts(self, since: int = 0) -> list[str]:
        """What the phone showed since this visitor arrived, oldest first, or since a mark."""
        received = [item for item in self._received(self.phone, Medium.TEXT) if item.id > max(self._mark, since)]
        self.world.look(len(received))
        return [item.content.decode() for item in received]

    def mark(self) -> int:
        """A moment to count from: `texts(since=mark)`."""
        return max((item.id for item in kept.kept_for(self.phone, Medium.TEXT)), default=0)

    def emails(self) -> list[EmailMessage]:
        received = self._received(self.email, Medium.EMAIL)
        self.world.look(len(received))
        return [message_from_bytes(item.content, policy=email_policy) for item in received]

    def leads(self) -> list[Item]:
        """Everything that any dealer's system got about this visitor's bookings."""
        rows = Lead.objects.filter(contact__in=self.contacts())
        items = [item for row in rows for item in kept.kept_about(str(row.pk))]
        self.world.look(len(items))
        return items

    def _received(self, address: str, medium: Medium) -> list[Item]:
        return [item for item in kept.kept_for(address, medium) if item.way == Way.OUT]

    def messages(self, **wanted: str) -> list[Message]:
        """Our own record of what was to be sent, and why it was not."""
        return list(Message.objects.filter(contact__in=self.contacts(), **wanted).order_by("queued_at"))

    def leave(self) -> None:
        """Give the booked hours back. Whatever the check did, nobody else shall find them taken."""
        for booked in self.booked:
            with suppress(Exception):
                booked.drive.refresh_from_db()
                if booked.drive.state == TestDrive.State.BOOKED:
                    actions.cancel(booked.drive, self.world.now)
