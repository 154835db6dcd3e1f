"""The sentences about texts."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction

from forecourt.consent import ledger, policies
from forecourt.consent.models import Verb
from forecourt.interactions import messages as drive_messages
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.messaging.outbox import About
from forecourt.people import contacts
from forecourt.policy import law, limits
from forecourt.policy.decide import Allowed
from forecourt.policy.policy import Action, Need
from forecourt.policy.reasons import Reason
from forecourt.proof import audits
from forecourt.proof.registry import CouldNotRun, mutant, probe

LEFT = Message.State.LEFT
PLAIN_WORDS = ("STOP", "please leave me alone", "Stop texting me!", "no more texts", "unsubscribe")
SELLING = re.compile(r"\b(offer|deal|discount|sale|save|off|buy|win|visit)\b", re.IGNORECASE)


def audited(world, promise: str):
    """What the audit says about the uses that rest on this sentence, since this check last looked."""
    uses = [use.id for use in world.policy.uses.values() if promise in use.rests_on]
    report = audits.audit(since=world.since, from_tx=world.from_tx, uses=uses)
    world.look(report.looked_at)
    return dict.fromkeys(finding.says for finding in report.findings)


def tried(visitor, use: str, booked, about: About) -> Message:
    """Put one more message in front of the door, as a careless part of our software might, and see what becomes of it."""
    with transaction.atomic():
        message = outbox.queue(
            use,
            booked.drive.contact,
            about=about,
            template="help",
            context={"type": about.type, "sender": visitor.senders()[about.type]},
            data=(contacts.FIELDS[booked.drive.contact.kind],),
            now=visitor.moment,
        )
    visitor.lets_messages_leave()
    visitor.world.look()
    message.refresh_from_db()
    return message


# P-3F-1


@probe("P-3F-1")
def no_tick_no_text(visitor):
    """Books a drive with a phone number and leaves the box empty, waits until the hour of the reminder, and also puts a text
    in front of our own door. None may arrive."""
    booked = visitor.books_a_test_drive(texts=False)
    visitor.waits(booked.reminder_due)
    if visitor.texts():
        yield "a text left without a tick"
    message = tried(visitor, "test-drive-reminder-text", booked, About(booked.drive.interaction, "test-drive"))
    if visitor.texts() or message.state == LEFT:
        yield "a text left without a tick"
    elif message.reason != Reason.NEVER_ASKED:
        raise CouldNotRun(f"the text was refused for another reason: {message.reason}")


@probe("P-3F-1")
def a_tick_brings_texts_in_daylight_only(visitor):
    """Ticks the box, and lets a text come due in the middle of the night: it has to wait for the hours that the sentence names."""
    booked = visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    if not visitor.texts():
        raise CouldNotRun("no text came after a tick")
    tomorrow = visitor.moment.astimezone(ZoneInfo(booked.drive.dealer.zone)) + timedelta(days=1)
    night = tomorrow.replace(hour=3)
    visitor.moment = night
    with transaction.atomic():
        message = drive_messages.remind_later(booked.drive, night)
    left_before = len(visitor.texts())
    visitor.lets_messages_leave(patience=timedelta(0))
    message.refresh_from_db()
    if message.state == LEFT or len(visitor.texts()) > left_before:
        yield "a text left at night"


@probe("P-3F-1")
def every_text_that_left_had_its_tick(world):
    """Judges every text since the last look again, from the ledger itself and by rules written a second time."""
    yield from audited(world, "P-3F-1")


@mutant("P-3F-1", seam="forecourt.policy.hours.is_open", finding="a text left at night")
def every_hour_is_daytime(is_open):
    return lambda zones, now, opens, closes: True


@mutant("P-3F-1", seam="forecourt.interactions.forms.BookingForm.wish", finding="a text left without a tick")
def every_box_counts_as_ticked(wish):
    return lambda form: replace(wish(form), texts=True)


@mutant("P-3F-1", seam="forecourt.consent.permits.grant", finding="something left by a permit for something else")
def permits_name_another_use(grant):
    return lambda contact, allowed, facts, now: grant(contact, replace(allowed, use="newsletter-text"), facts, now)


# P-3F-2


@probe("P-3F-2")
def texts_keep_to_their_occasion(visitor):
    """Looks whether each kind of text has its own sender and one of the three occasions, then tries to send a test drive's
    text about an event: the door has to refuse it."""
    policy = visitor.world.policy
    occasions = {
        use.about
        for use in policy.uses.values()
        if use.action is Action.TEXT and use.needs is Need.CONSENT and use.about
    }
    if surplus := occasions - {"test-drive", "event", "service-visit"}:
        yield f"texts are permitted about {', '.join(sorted(surplus))}"
    senders = visitor.senders()
    visitor.world.look(len(senders))
    if len(set(senders.values())) < len(senders):
        yield "two occasions share a sender"
    booked = visitor.books_a_test_drive(texts=True)
    message = tried(visitor, "test-drive-reminder-text", booked, About(booked.drive.interaction, "event"))
    if message.state == LEFT:
        yield "a test drive's text left about an event"


@mutant("P-3F-2", seam="forecourt.messaging.facts.gather", finding="a test drive's text left about an event")
def the_occasion_is_taken_from_the_use(gather):
    def gather_loosely(message, contact, now):
        known = gather(message, contact, now)
        use = policies.find_use(message.use, now)
        return replace(known, interaction_type=use.about or known.interaction_type) if use else known

    return gather_loosely


# P-3F-4


@probe("P-3F-4")
def a_stop_ends_its_own_kind(visitor):
    """Ticks the box for a drive and says yes to texts about a service visit and an event, replies STOP to the drive's number,
    and sees which of them still come, and what the one confirmation says."""
    booked = visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    others = {
        "service-visit-text": About(f"interaction:{uuid4()}", "service-visit"),
        "event-text": About(f"interaction:{uuid4()}", "event"),
    }
    for about in others.values():
        visitor.says_yes(about.interaction)
    mark = visitor.mark()
    visitor.replies("STOP")
    confirmations = visitor.texts(since=mark)
    if len(confirmations) != 1:
        yield "a stop was not confirmed once" if not confirmations else "a stop was confirmed more than once"
    for text in confirmations:
        if "?" in text or SELLING.search(text):
            yield "the confirmation asks or sells something"
        if "STOP ALL" not in text.upper() and "STOPALL" not in text.upper():
            yield "the confirmation does not say how to end all texts"
    drive = tried(visitor, "test-drive-reminder-text", booked, About(booked.drive.interaction, "test-drive"))
    if drive.state == LEFT:
        yield "a text of the kind that was stopped left"
    left = [tried(visitor, use, booked, about).state == LEFT for use, about in others.items()]
    if limits.stop_scope(visitor.world.policy, visitor.moment) == "type" and not all(left):
        yield "a stop ended another kind of text"


@mutant("P-3F-4", seam="forecourt.messaging.stops.stop_scope", finding="a stop ended another kind of text")
def a_stop_ends_everything(stop_scope):
    return lambda interaction_type, now: "all"


@mutant("P-3F-4", seam="forecourt.messaging.stops.stop_scope", finding="a text of the kind that was stopped left")
def a_stop_ends_some_other_kind(stop_scope):
    return lambda interaction_type, now: "type:event"


@mutant("P-3F-4", seam="forecourt.messaging.bodies.render", finding="the confirmation asks or sells something")
def the_confirmation_sells(render):
    def render_and_sell(channel, template, context, link):
        body = render(channel, template, context, link)
        return replace(body, text=f"{body.text} Save $500 this week!") if template.startswith("stopped") else body

    return render_and_sell


# P-3F-5


@probe("P-3F-5")
def stop_ends_the_texts(visitor):
    """Ticks the box, replies STOP and lets the hour of the reminder come. Nothing but the confirmation may arrive."""
    booked = visitor.books_a_test_drive(texts=True)
    visitor.lets_messages_leave()
    if not visitor.texts():
        raise CouldNotRun("no text came that could be stopped")
    mark = visitor.mark()
    visitor.replies("STOP")
    confirmed = len(visitor.texts(since=mark))
    if not confirmed:
        yield "STOP was not confirmed"
    visitor.waits(booked.reminder_due)
    if len(visitor.texts(since=mark)) > confirmed:
        yield "a text left after STOP"


@probe("P-3F-5")
def plain_words_stop_too(visitor):
    """Says no with the law's words and in plain English, one after the other with START between them, and tries a text after
    each."""
    booked = visitor.books_a_test_drive(texts=True)
    about = About(booked.drive.interaction, "test-drive")
    if tried(visitor, "test-drive-reminder-text", booked, about).state != LEFT:
        raise CouldNotRun("no text came that could be stopped")
    for words in dict.fromkeys((*law.value("stop_words", visitor.moment), *PLAIN_WORDS)):
        visitor.replies(words)
        if tried(visitor, "test-drive-reminder-text", booked, about).state == LEFT:
            yield f"a text left after “{words}”"
        visitor.replies("START")
    visitor.world.look()


@probe("P-3F-5")
def a_wrong_number_hears_nothing_more(visitor):
    """Answers that the number is wrong: from then on nothing arrives, not even a confirmation, until START."""
    booked = visitor.books_a_test_drive(texts=True)
    about = About(booked.drive.interaction, "test-drive")
    visitor.lets_messages_leave()
    mark = visitor.mark()
    visitor.replies("Wrong number")
    tried(visitor, "test-drive-reminder-text", booked, about)
    visitor.waits(booked.reminder_due)
    if visitor.texts(since=mark):
        yield "a text left to a wrong number"
    visitor.replies("START")
    if tried(visitor, "test-drive-reminder-text", booked, about).state != LEFT:
        yield "START did not bring the texts back"


@mutant("P-3F-5", seam="forecourt.messaging.stops.record", finding="STOP was not confirmed")
def stop_is_forgotten(record):
    return lambda *args, **kwargs: None


@mutant("P-3F-5", seam="forecourt.messaging.stops._enter", finding="a text left after STOP")
def stop_is_confirmed_and_not_written_down(enter):
    def pretend(contact, verb, scope, body, now):
        if verb != Verb.STOPPED:
            enter(contact, verb, scope, body, now)
        else:
            enter(contact, verb, "type:nothing", body, now)

    return pretend


@mutant("P-3F-5", seam="forecourt.messaging.replies.NO", finding="a text left after “please leave me alone”")
def only_keywords_count(pattern):
    return re.compile(r"(?!)")


@mutant("P-3F-5", seam="forecourt.messaging.replies.WRONG_NUMBER", finding="a text left to a wrong number")
def a_wrong_number_is_not_understood(pattern):
    return re.compile(r"(?!)")


# P-3F-6


@probe("P-3F-6")
def every_text_says_how_to_stop(visitor):
    """Reads each text for how to stop it, then stops by the link in the booking's own page, by the link that came in an email's
    footer page, and sees that the next text does not leave."""
    booked = visitor.books_a_test_drive(texts=True)
    visitor.waits(booked.reminder_due)
    received = visitor.texts()
    if not received:
        raise CouldNotRun("no text came that could be stopped")
    if any("STOP" not in text for text in received):
        yield "a text does not say how to stop it"
    visitor.stops_on_the_page_of(booked)
    message = tried(visitor, "test-drive-reminder-text", booked, About(booked.drive.interaction, "test-drive"))
    if message.state == LEFT:
        yield "a text left after it was stopped on the page"


@mutant("P-3F-6", seam="forecourt.messaging.bodies.render", finding="a text does not say how to stop it")
def the_way_out_is_cut_off(render):
    def shortened(channel, template, context, link):
        body = render(channel, template, context, link)
        return replace(body, text=body.text.replace("STOP", "…")) if channel == "text" else body

    return shortened


@mutant("P-3F-6", seam="forecourt.messaging.stops.withdraw", finding="a text left after it was stopped on the page")
def the_page_stops_nothing(withdraw):
    return lambda contact, channel, scope, **how: ledger.Recorded(contact.pk, contact.seq)


# Ways in which any consent could break


@mutant("P-3F-1", seam="forecourt.messaging.handoff.decide", finding="a text left without a tick")
@mutant("P-3F-2", seam="forecourt.messaging.handoff.decide", finding="a test drive's text left about an event")
@mutant("P-3F-4", seam="forecourt.messaging.handoff.decide", finding="a text of the kind that was stopped left")
@mutant("P-3F-5", seam="forecourt.messaging.handoff.decide", finding="a text left after STOP")
@mutant("P-3F-6", seam="forecourt.messaging.handoff.decide", finding="a text left after it was stopped on the page")
def everything_is_allowed(decide):
    return lambda policy, use, facts, now: Allowed(use, policy.version)


@mutant("P-3F-5", seam="forecourt.consent.standing.of", finding="a text left after STOP")
@mutant("P-3F-4", seam="forecourt.consent.standing.of", finding="a text of the kind that was stopped left")
@mutant("P-3F-6", seam="forecourt.consent.standing.of", finding="a text left after it was stopped on the page")
def what_stands_is_stale(of):
    """The projection missed every no."""
    return lambda contact_id: tuple(replace(stand, stopped=0, withdrew=0, wrong_number=0) for stand in of(contact_id))
