"""The sentences about how the policy itself changes."""

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from forecourt.consent import policies
from forecourt.messaging import facts as message_facts
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.messaging.outbox import About
from forecourt.policy import book as books
from forecourt.policy.book import PolicyBook
from forecourt.policy.check import Found, Inventory, PersonalField, check
from forecourt.policy.decide import Allowed, decide
from forecourt.policy.policy import Action, Policy, Use
from forecourt.policy.problems import BrokenPack
from forecourt.policy.reasons import Reason
from forecourt.proof.registry import CouldNotRun, mutant, probe

LEFT = Message.State.LEFT
SOON = timedelta(days=20)
TIED = "test-drive-confirmation-email"


# P-1-4


@probe("P-1-4")
def a_coming_version_allows_nothing_yet(visitor):
    """Puts an email in front of our own door that only a coming version allows: it may not leave until that version's day. Where no
    version is coming, the door is asked about one that we make up for the purpose."""
    booked = visitor.books_a_test_drive(by="email")
    for use in emails_to_come(policies.book().versions, visitor.moment):
        message = one_more_email(visitor, booked, use)
        if message.state == LEFT:
            yield "something left that only a coming version allows"
        elif message.reason != Reason.NOT_IN_FORCE:
            raise CouldNotRun(f"the email was refused for another reason: {message.reason}")
    made_up = with_one_more_use(visitor.world.now)
    answer = decide(made_up.in_force(visitor.world.now), "made-up-use", facts_of(visitor, booked), visitor.world.now)
    visitor.world.look()
    if isinstance(answer, Allowed):
        yield "a use of a coming version would be allowed today"
    later = visitor.world.now + SOON
    if not isinstance(decide(made_up.in_force(later), "made-up-use", facts_of(visitor, booked), later), Allowed):
        yield "a use is refused though its version has come into force"


def emails_to_come(versions: tuple[Policy, ...], now: datetime) -> list[Use]:
    """What only a later version allows, told from the dates alone."""
    allowed = [one for one in versions if one.effective <= now][-1].uses
    later = [use for one in versions if one.posted <= now < one.effective for use in one.uses.values()]
    return [use for use in later if use.id not in allowed and use.action is Action.EMAIL]


def one_more_email(visitor, booked, use) -> Message:
    """Under this use, whatever it says; what becomes of it is the door's to decide."""
    with transaction.atomic():
        message = outbox.queue(
            use.id,
            booked.drive.contact,
            about=About(booked.drive.interaction, use.about),
            template="contact_code",
            context={"code": "000000", "minutes": 15},
            data=("user.contact.email",),
            now=visitor.moment,
        )
    visitor.lets_messages_leave()
    visitor.world.look()
    message.refresh_from_db()
    return message


def with_one_more_use(now) -> PolicyBook:
    """The book with a version to come that allows one thing more than the version in force."""
    policy = policies.in_force(now)
    use = replace(policy.uses[TIED], id="made-up-use")
    coming = replace(
        policy,
        version="made-up",
        posted=now,
        effective=now + SOON,
        uses=MappingProxyType({**policy.uses, use.id: use}),
        awaited=MappingProxyType({}),
    )
    return PolicyBook(policies.book().folder, (policy, coming))


def facts_of(visitor, booked):
    message = visitor.messages(use=TIED)
    if not message:
        raise CouldNotRun("no email was to be sent")
    return replace(message_facts.gather(message[0], booked.drive.contact, visitor.moment), expires=None)


@probe("P-1-4")
def no_version_counts_before_it_is_posted(world):
    """Copies the policy, dates its newest version's effect before the day of its posting, and tries to load it: that has to be
    refused. Then opens every version that was posted, earlier ones and the coming one, at its own address."""
    book = policies.book()
    newest = book.versions[-1]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(book.folder, Path(folder) / "policy"))
        document = next(
            path for path in copy.glob("*/policy.md") if f"version: {newest.version}" in path.read_text("utf-8")
        )
        text = document.read_text("utf-8")
        early = (newest.posted - timedelta(days=1)).date().isoformat()
        lines = [f"effective: {early}" if line.startswith("effective:") else line for line in text.split("\n")]
        document.write_text("\n".join(lines), "utf-8")
        world.look()
        try:
            books.load(copy)
        except BrokenPack:
            pass
        else:
            yield "a version was taken that counts before it is posted"
    for version in book.versions:
        if version.posted <= world.now and not world.get(reverse("proof:version", args=[version.version])).is_fine:
            yield "a version that was posted cannot be read"


@mutant(
    "P-1-4",
    seam="forecourt.policy.book.PolicyBook.in_force",
    finding="a use of a coming version would be allowed today",
)
def posted_is_as_good_as_in_force(in_force):
    return lambda book, now: replace(book.versions[-1], effective=now - SOON)


@mutant("P-1-4", seam="forecourt.proof.views.find", finding="a version that was posted cannot be read")
def old_versions_are_put_away(find):
    def find_present(version):
        if version != policies.book().versions[-1].version:
            raise Http404
        return find(version)

    return find_present


# P-1-5


def inventory() -> Inventory:
    """What the code does, as its collectors found it."""
    try:
        from forecourt.proof import inventory as collectors
    except ImportError:
        raise CouldNotRun("nothing collects yet what the code does") from None
    return collectors.collect()


@probe("P-1-5")
def the_code_does_what_the_policy_names(world):
    """Collects what the code does: its uses, fields, forms, cookies and hosts, and compares them with the policy. Each has to be
    named there."""
    found = inventory()
    for part in (found.uses, found.fields, found.forms, found.cookies, found.hosts):
        world.look(len(part or ()))
    for finding in check(policies.book(), replace(found, probes=None, mutants=None), world.now).errors:
        yield f"{finding.code}: {finding.what}"


@probe("P-1-5")
def what_nobody_named_fails_the_check(world):
    """Pretends that the code had one use, one cookie, one field and one host more, which no version names, and runs the check that
    stands before each release: it has to fail for each of them."""
    here = "made/up.py:1"
    surplus = {
        "use": Inventory(uses=(*declared_uses(world), Found("sell-your-address", here))),
        "cookie": Inventory(cookies=(Found("follows-you", here),)),
        "host": Inventory(hosts=(Found("collector.invalid", here),)),
        "field": Inventory(fields=(PersonalField("made.up.weight", "user.biometric", here),)),
    }
    for kind, pretended in surplus.items():
        world.look()
        before = check(policies.book(), Inventory(), world.now).errors
        after = check(policies.book(), pretended, world.now).errors
        if not any(finding.where == here for finding in set(after) - set(before)):
            yield f"the check overlooks a {kind} that no version names"


def declared_uses(world) -> tuple[Found, ...]:
    return tuple(Found(use, "made/up.py:2") for use in world.policy.uses)


@mutant("P-1-5", seam="forecourt.policy.check._uses", finding="the check overlooks a use that no version names")
def uses_are_not_compared(uses):
    return lambda live, found: ()


@mutant("P-1-5", seam="forecourt.policy.check._cookies", finding="the check overlooks a cookie that no version names")
def cookies_are_not_compared(cookies):
    return lambda live, found: ()


@mutant("P-1-5", seam="forecourt.policy.check._hosts", finding="the check overlooks a host that no version names")
def hosts_are_not_compared(hosts):
    return lambda live, found: ()
