"""How long: what has been kept for its time goes on its day, and what stands stays."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from forecourt.consent import ledger, standing, switches
from forecourt.consent.choices import scope
from forecourt.consent.models import Channel, Entry, Verb
from forecourt.people import browsers, retention
from forecourt.people.models import Forgotten
from forecourt.policy.policy import Switch
from forecourt.proof.registry import mutant, probe

LONG_AGO = datetime(2015, 1, 5, 12, tzinfo=UTC)
SWITCH = Switch.ANALYTICS


# P-12-5


@probe("P-12-5")
def what_is_over_goes_and_what_stands_stays(world) -> Iterator[str]:
    """Writes into the ledger, as of years ago, that a made-up browser said yes and later no, and that another said yes and nothing
    since; then does what is done every hour. The yes that was taken back has to be gone and to have left a receipt; the no, and the
    other's yes, have to be there and to count."""
    taken_back, stands = (browsers.add(world.now)[0].pk for _ in range(2))
    for contact, verb, years in (
        (taken_back, Verb.GRANTED, 0),
        (taken_back, Verb.WITHDREW, 1),
        (stands, Verb.GRANTED, 0),
    ):
        said(contact, verb, LONG_AGO + timedelta(days=365 * years))
    receipts = Forgotten.objects.count()

    retention.run(world.now)

    world.look(3)
    left = {
        contact: set(Entry.objects.filter(contact=contact).values_list("verb", flat=True))
        for contact in (taken_back, stands)
    }
    if Verb.GRANTED in left[taken_back]:
        yield "what was taken back longer ago than the list says is still there"
    if Verb.WITHDREW not in left[taken_back] or SWITCH not in switches.of(taken_back).said_no:
        yield "a no that stands went"
    if Verb.GRANTED not in left[stands] or SWITCH not in switches.of(stands).said_yes:
        yield "a yes that stands went"
    if {taken_back, stands} & {contact for contact, _, _ in standing.differences()}:
        yield "what stands is another thing than what was said"
    if Forgotten.objects.count() == receipts:
        yield "what went left no receipt"


def said(contact, verb: Verb, at: datetime) -> None:
    ledger.record(contact, verb, Channel.DATA, scope(SWITCH), method="check", now=at, policy_version="check")


@mutant("P-12-5", seam="forecourt.consent.policies.over_since", finding="longer ago than the list says is still there")
def nothing_is_ever_over(over_since):
    return lambda use_id, now: None


@mutant("P-12-5", seam="forecourt.people.retention._follow", finding="what went left no receipt")
def things_go_without_a_word(follow):
    return lambda rule, now: rule.forget(now)
