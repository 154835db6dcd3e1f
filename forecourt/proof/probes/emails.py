"""The sentences about emails, lists and calls."""

from dataclasses import replace

from django.db import transaction

from forecourt.consent import ledger
from forecourt.interactions import messages as drive_messages
from forecourt.messaging.models import Message
from forecourt.policy.decide import Allowed
from forecourt.proof.probes.texts import audited
from forecourt.proof.registry import CouldNotRun, mutant, probe

LEFT = Message.State.LEFT


def the_newest_email(visitor):
    received = visitor.emails()
    if not received:
        raise CouldNotRun("no email came")
    return received[-1]


def one_more_email(visitor, booked) -> Message:
    with transaction.atomic():
        message = drive_messages.remind_later(booked.drive, visitor.moment)
    visitor.lets_messages_leave()
    message.refresh_from_db()
    return message


# P-6-1


@probe("P-6-1")
def every_email_can_be_stopped(visitor):
    """Books with an email address and reads what comes: each email needs a link in its text and the header that mailbox
    providers turn into a button, both covered by its signature."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.waits(booked.reminder_due)
    the_newest_email(visitor)
    for message in visitor.emails():
        header = str(message.get("List-Unsubscribe", ""))
        if (
            not header.strip("<>").startswith("http")
            or message.get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click"
        ):
            yield "an email lacks the one-click header"
        elif not {"list-unsubscribe", "list-unsubscribe-post"} <= signed_headers(message):
            yield "an email's signature does not cover its one-click header"
        if "/m/" not in text_of(message):
            yield "an email has no link that stops it"


@probe("P-6-1")
def one_click_stops_the_next_email(visitor):
    """Presses the mailbox's button, without password or page, and tries the next email: it may not leave."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    link = str(the_newest_email(visitor).get("List-Unsubscribe", "")).strip("<>")
    if not link:
        yield "an email lacks the one-click header"
        return
    answer = visitor.browser.post(link, {"List-Unsubscribe": "One-Click"}, headers={})
    visitor.world.look()
    if answer.status not in (200, 202, 204):
        yield "the one click was not accepted"
    if one_more_email(visitor, booked).state == LEFT:
        yield "an email left after one click"


@probe("P-6-1")
def the_link_stops_without_password(visitor):
    """Follows the link in an email and stops everything on the page behind it; looking alone may change nothing."""
    booked = visitor.books_a_test_drive(by="email")
    visitor.lets_messages_leave()
    page = visitor.follows_the_link_in(text_of(the_newest_email(visitor)))
    if page.has_form(having="password"):
        yield "the link asks for a password"
    if one_more_email(visitor, booked).state != LEFT:
        yield "looking at the link's page stopped the emails"
    visitor.stops_everything_on(page)
    if one_more_email(visitor, booked).state == LEFT:
        yield "an email left after the page stopped everything"


@probe("P-6-1")
def every_email_that_left_was_asked_for(world):
    """Judges every email since the last look again, from the ledger itself and by rules written a second time."""
    yield from audited(world, "P-6-1")


def signed_headers(message) -> set[str]:
    """What every signature of the message covers."""
    covered = []
    for signature in message.get_all("DKIM-Signature", [""]):
        tags = dict(tag.strip().partition("=")[::2] for tag in str(signature).split(";"))
        covered.append({name.strip().lower() for name in tags.get("h", "").split(":")})
    return set.intersection(*covered)


def text_of(message) -> str:
    part = message.get_body(("plain",))
    return part.get_content() if part else ""


@mutant("P-6-1", seam="forecourt.adapters.mail.mime.build", finding="an email lacks the one-click header")
def the_header_is_left_out(build):
    return lambda **parts: build(**{**parts, "headers": {}})


@mutant("P-6-1", seam="forecourt.messaging.bodies.render", finding="an email has no link that stops it")
def the_link_is_covered_over(render):
    def covered(channel, template, context, link):
        body = render(channel, template, context, link)
        return replace(body, text=body.text.replace("/m/", "/ /"), html=body.html.replace("/m/", "/ /"))

    return covered


@mutant("P-6-1", seam="forecourt.messaging.stops.withdraw", finding="an email left after one click")
def the_click_is_lost(withdraw):
    return lambda contact, channel, scope, **how: ledger.Recorded(contact.pk, contact.seq)


@mutant("P-6-1", seam="forecourt.messaging.handoff.decide", finding="an email left after one click")
def everything_is_allowed(decide):
    return lambda policy, use, facts, now: Allowed(use, policy.version)


@mutant("P-6-1", seam="forecourt.consent.standing.of", finding="an email left after one click")
def what_stands_is_stale(of):
    return lambda contact_id: tuple(replace(stand, stopped=0, withdrew=0) for stand in of(contact_id))
