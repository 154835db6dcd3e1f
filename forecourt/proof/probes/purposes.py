"""The sentences about what is kept serving what it was given for, and nothing else."""

import secrets
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse

from forecourt.consent import ledger, policies, purposes
from forecourt.consent.models import Channel, RefusedReading, Verb
from forecourt.people import vault
from forecourt.policy.policy import Action
from forecourt.proof.browser import Form
from forecourt.proof.probes.sharing import rehearsal
from forecourt.proof.registry import CouldNotRun, mutant, probe

CHECK = "check"
EMAIL = "user.contact.email"
SURPLUS = "shoe_size"
# Where visitors fill something in. A brand without such a page has no form there.
PAGES = ("interactions:book", "inquiries:contact", "accounts:register", "accounts:sign_in", "rights:choices")


def opens(subject, fields, purpose: str, now) -> bool:
    try:
        return bool(vault.open_fields(subject, fields, purpose=purpose, who=CHECK, now=now))
    except vault.NotForThis:
        return False


# P-3-1


def filled_in(form: Form, visitor) -> dict[str, str]:
    """As somebody might: the first of what is offered, an address where one is asked for, and some words elsewhere."""
    values = dict(form.values)
    for name in form.asked - set(form.boxes()):
        offered = form.options(name)
        address = visitor.email if name in ("contact", "email") else "Does it come in green?"
        values[name] = offered[0] if offered else values.get(name) or address
    return values


@probe("P-3-1")
def forms_take_what_they_show(visitor):
    """Opens the pages on which visitors fill something in, and sends each of their forms with one field more than it shows: each has
    to be turned away; a press on No alone counts whatever comes beside it, which nobody reads. Then books a test drive and leaves
    untouched whatever may stay blank: it has to be booked."""
    tried = 0
    for name in PAGES:
        page = visitor.sees(reverse(name))
        if not page.is_fine:
            continue
        for form in page.forms():
            if form.method != "post" or form.action.endswith("/no/"):
                continue
            visitor.world.look()
            tried += 1
            answer = visitor.browser.post(form.action, {**filled_in(form, visitor), SURPLUS: "9"})
            # For this reason and no other: it names the field, or says that it did not ask for one.
            if answer.status != 422 or not (SURPLUS in answer.text or "that it does not ask for" in answer.text):
                yield "a form took a field that it does not show"
    if not tried:
        raise CouldNotRun("no page has a form")
    if not visitor.books_a_test_drive(touch_box=False):
        yield "what may stay blank was needed after all"


@mutant("P-3-1", seam="forecourt.web.forms.VisitorForm.undeclared", finding="a form took a field that it does not show")
def nobody_counts_the_fields(undeclared):
    return property(lambda form: [])


# P-3-2, P-3B-9


def made_up_purposes() -> list[str]:
    return ["market research", "for a good cause", f"campaign-{secrets.token_hex(4)}", "staff-case-read-too"]


@probe("P-3-2")
def another_purpose_opens_nothing(visitor):
    """Books by email, and tries to open the address for purposes that stand nowhere on this page: each has to be refused, and the
    refusal has to be kept with the field, the purpose and who wanted it. The notes are taken back afterwards."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    with rehearsal():
        for purpose in made_up_purposes():
            visitor.world.look()
            if opens(contact.pk, [EMAIL], purpose, visitor.world.now):
                yield "something was opened for a purpose that this page does not name"
                continue
            kept = RefusedReading.objects.filter(contact=contact.pk, use=purpose, who=CHECK, data=[EMAIL])
            if not kept.exists():
                yield "nobody kept a note of a refused purpose"


@mutant("P-3-2", seam="forecourt.consent.purposes.refusal", finding="opened for a purpose that this page does not name")
def any_purpose_will_do(refusal):
    return lambda wanted, book: None


@mutant("P-3-2", seam="forecourt.consent.purposes.note", finding="nobody kept a note of a refused purpose")
def refused_purposes_are_forgotten(note):
    return lambda wanted, reason: None


@probe("P-3B-9")
def no_description_makes_a_purpose(visitor):
    """Books by email, and tries to open the address for a purpose that is described in the very words of one of ours, but is none of
    them: it has to be refused. Adds it to a made-up version of this page, which has to be the one way to make it a purpose."""
    visitor.books_a_test_drive(by="email")
    contact, now = visitor.contact("email"), visitor.world.now
    policy = visitor.world.policy
    ours = next(use for use in policy.uses.values() if use.action is Action.EMAIL and EMAIL in use.data)
    with rehearsal():
        for described in (ours.purpose, f"{ours.id} again"):
            visitor.world.look()
            if opens(contact.pk, [EMAIL], described, now):
                yield "a description was taken for a purpose"
    named = replace(policy, uses={**policy.uses, "made-up": replace(ours, id="made-up")})
    if purposes.judge(named, "made-up", [EMAIL]) is not None:
        raise CouldNotRun("a purpose that a version names was refused")


@mutant("P-3B-9", seam="forecourt.consent.purposes.refusal", finding="a description was taken for a purpose")
def a_good_description_is_enough(refusal):
    return lambda wanted, book: None


# P-3B-1


@probe("P-3B-1")
def a_request_opens_its_own_fields(visitor):
    """Books by email, and tries to open the address and the name for every use that this page names: where the use does not name such
    data, or only takes something in, it has to be refused."""
    visitor.books_a_test_drive(by="email")
    contact, submission = visitor.contact("email").pk, visitor.booked[-1].drive.submission_id
    opened = 0
    with rehearsal():
        for use in visitor.world.policy.uses.values():
            for subject, field in ((contact, EMAIL), (submission, "user.name")):
                visitor.world.look()
                if not opens(subject, [field], use.id, visitor.world.now):
                    continue
                opened += 1
                names_it = any(field == one or field.startswith(f"{one}.") for one in use.data)
                if not names_it or use.action in (Action.COLLECT, Action.COOKIE):
                    yield "a field was opened for a request that does not name it"
    if not opened:
        raise CouldNotRun("nothing could be opened at all")


@mutant("P-3B-1", seam="forecourt.consent.purposes.is_covered", finding="for a request that does not name it")
def requests_open_everything(is_covered):
    return lambda field, data: True


# P-3B-6


@probe("P-3B-6")
def a_new_purpose_waits_for_its_version_and_a_yes(visitor):
    """Books by email, and writes a made-up version of this page that takes effect a moment later and names one purpose more. Before
    its moment the purpose may open nothing; after it, nothing that was given before; and once the visitor has said yes, it has to
    open. Nothing of it is kept."""
    visitor.books_a_test_drive(by="email")
    contact, policy = visitor.contact("email"), visitor.world.policy
    begins = max(visitor.world.now, policy.effective) + timedelta(seconds=10)
    ours = next(use for use in policy.uses.values() if use.action is Action.EMAIL and EMAIL in use.data)
    newer = replace(
        policy, version="9999-made-up", effective=begins, uses={**policy.uses, "made-up": replace(ours, id="made-up")}
    )
    book = replace(policies.book(), versions=(policy, newer))

    def is_open(seconds: int) -> bool:
        visitor.world.look()
        at = begins + timedelta(seconds=seconds)
        return purposes.refusal(vault.Wanted(contact.pk, [EMAIL], "made-up", CHECK, "", at), book) is None

    if is_open(-1):
        yield "a new purpose opened something before its version took effect"
    if is_open(1):
        yield "a new purpose opened what was given before, without a yes"
    with rehearsal():
        ledger.record(
            contact.pk, Verb.GRANTED, Channel.EMAIL, "all", method="check", now=begins, policy_version=policy.version
        )
        if not is_open(2):
            raise CouldNotRun("a yes did not open the new purpose")


@mutant("P-3B-6", seam="forecourt.consent.purposes.knew_of_it", finding="opened what was given before, without a yes")
def what_is_given_is_given(knew_of_it):
    return lambda wanted, policy, book: True
