"""The policy as the public page shows it: the text, and beside each promising sentence what is known about it now."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString

from forecourt.consent import policies
from forecourt.policy import policy as rules
from forecourt.policy.policy import Action, Bullets, Class, Policy, Recipient, Run, Section, Sentence, Use
from forecourt.proof import attestations, evidence, registry, wording
from forecourt.proof.evidence import Record, State
from forecourt.web.marks import Bar, Kind, Mark


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence with everything that its place on the page shows."""

    id: str
    html: SafeString
    unlinked: SafeString
    links: tuple[SafeString, ...]
    words: str
    kind: str
    mark: Mark
    class_words: str
    kept: SafeString
    last: SafeString
    bars: tuple[Bar, ...]
    uses: tuple[str, ...]
    url: str
    record: Record | None

    @property
    def in_review(self) -> bool:
        return self.mark.kind is Kind.REVIEW

    @property
    def awaits_its_first_check(self) -> bool:
        return self.record is not None and not (self.record.rows or self.record.idle or self.in_review)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of the text: a sentence, or (`sentence` None) prose."""

    html: SafeString
    sentence: Shown | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A section as it is shown; `blocks` are (is it a list, its items, each a tuple of stretches)."""

    level: int
    title: str
    anchor: str
    blocks: tuple[tuple[bool, tuple[tuple[Stretch, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A current problem: since when, what is paused, what somebody can do meanwhile."""

    sentence: Shown
    since: datetime | None
    paused: tuple[str, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class PolicyPage:
    policy: Policy
    parts: tuple[Part, ...]
    sentences: tuple[Shown, ...]
    troubles: tuple[Trouble, ...]
    tally: dict[str, int]
    checked_at: datetime | None


def of(policy: Policy, now: datetime, *, live: bool = True) -> PolicyPage:
    """With `live` false (an earlier or coming version) the text alone: nothing was checked under it now."""
    known = evidence.records(registry.probes(), policy.version, now) if live else {}
    days = evidence.strips(now) if live else {}
    signed = attestations.standing(now) if live else {}
    blank = evidence.no_days(now)
    shown = {
        sentence.id: show(
            policy, sentence, known.get(sentence.id), signed.get(sentence.id), days.get(sentence.id, blank), now
        )
        for sentence in policy.sentences.values()
    }
    return PolicyPage(
        policy,
        tuple(_part(section, shown) for section in policy.sections),
        tuple(shown.values()),
        tuple(_trouble(policy, one) for one in shown.values() if one.in_review),
        _tally(shown.values()),
        max((record.at for record in known.values() if record.state is State.CHECKED and record.at), default=None),
    )


def one(promise: str, now: datetime) -> Shown | None:
    """A single sentence with its mark, for other pages; None where the policy in force has no such sentence."""
    policy = policies.in_force(now)
    sentence = policy.sentences.get(promise)
    if sentence is None:
        return None
    record = evidence.records(registry.probes([promise]), policy.version, now).get(promise)
    return show(policy, sentence, record, attestations.standing(now).get(promise), (), now)


def show(
    policy: Policy,
    sentence: Sentence,
    record: Record | None,
    signed: wording.Attested | None,
    bars: tuple[Bar, ...],
    now: datetime,
) -> Shown:
    informs = sentence.kind is Class.INFORMATIVE
    html = wording.inline(sentence.text)
    return Shown(
        id=sentence.id,
        html=html,
        unlinked=wording.unlinked(html),
        links=wording.links_of(html),
        words=wording.plain(sentence.text),
        kind=str(sentence.kind),
        mark=wording.mark(sentence, record, signed),
        class_words=wording.class_words(sentence, record, signed, now, pauses=bool(_resting(policy, sentence.id))),
        kept=wording.kept(policy, sentence),
        last=wording.last_check(record, now),
        bars=() if informs or sentence.kind is Class.ATTESTED else bars,
        uses=(),
        url=reverse("proof:check", args=[sentence.id]),
        record=record,
    )


def _part(section: Section, shown: dict[str, Shown]) -> Part:
    blocks = []
    for block in section.blocks:
        items = block.items if isinstance(block, Bullets) else (block.runs,)
        blocks.append((isinstance(block, Bullets), tuple(tuple(_stretches(runs, shown)) for runs in items)))
    return Part(section.level, section.title, section.anchor, tuple(blocks))


def _stretches(runs: tuple[Run, ...], shown: dict[str, Shown]) -> Iterator[Stretch]:
    for run in runs:
        if run.sentence:
            yield Stretch(shown[run.sentence].html, shown[run.sentence])
        else:
            yield Stretch(wording.inline(run.text))


def _trouble(policy: Policy, one: Shown) -> Trouble:
    closed = one.record is not None and one.record.closed_since is not None
    paused = (
        [f"{PAUSED.get(use.action, 'what we do')} to {use.purpose}" for use in _resting(policy, one.id)]
        if closed
        else []
    )
    return Trouble(one, one.mark.at, tuple(dict.fromkeys(paused)), closed)


def _resting(policy: Policy, promise: str) -> list[Use]:
    """What a failure of this sentence pauses."""
    return [use for use in policy.uses.values() if use.closes and promise in use.rests_on]


def _tally(shown: Iterable[Shown]) -> dict[str, int]:
    shown = tuple(shown)
    counted = Counter(one.mark.kind for one in shown)
    awaits = sum(one.awaits_its_first_check for one in shown)
    return {
        "checked": counted[Kind.CHECKED],
        "signed": counted[Kind.SIGNED],
        "informs": counted[Kind.INFORMS],
        "review": counted[Kind.REVIEW],
        "awaits": awaits,
        "unchecked": counted[Kind.UNCHECKED] - awaits,
    }


@dataclass(frozen=True, slots=True)
class ListedUse:
    """A row of the whole list: the use as its own words say it."""

    id: str
    purpose: str
    how: str
    data: str
    needs: str
    who: str
    keep: str
    promises: tuple[str, ...]


PAUSED = {Action.EMAIL: "emails", Action.TEXT: "texts", Action.SHARE: "passing it on"}
DATA_WORDS = {
    "user.name": "name",
    "user.contact": "ways to reach you",
    "user.contact.email": "email address",
    "user.contact.phone_number": "phone number",
    "user.contact.address.postal_code": "ZIP code",
    "user.contact.address": "postal address",
    "user.content.private": "what you write to us",
    "user.financial": "a sum that you would like to borrow",
    "user.government_id": "what shows who you are",
    "user.health_and_medical": "adaptive equipment",
    "user.job_title": "how you serve",
    "user.payment": "a sum that you paid",
    "user.workplace": "whom you work for",
    "user.privacy_preferences": "your choices",
    "user.demographic.age_range": "that you said that you are 13 to 15",
    "user.account.username": "user name",
    "user.authorization.password": "password",
    "user.authorization.credentials": "second factor",
    "user.device.cookie": "a cookie",
    "user.device.cookie_id": "a cookie’s number",
    "user.device.ip_address": "internet address",
    "user.telemetry": "kind of browser",
    "user.behavior.browsing_history": "which pages you look at",
    "user.unique_id.pseudonymous": "a number instead of your name",
    "inquiry.words": "your messages to us",
    "choice.opt_out": "your no",
    "choice.erasure": "that you were erased",
    "vehicle.interest": "the car",
    "vehicle.vin": "a car’s number",
    "vehicle.mileage": "how far a car has been driven",
    "vehicle.appointment": "the time and place",
}


def whole_list(policy: Policy) -> tuple[ListedUse, ...]:
    return tuple(_listed(policy, use) for use in policy.uses.values())


def _listed(policy: Policy, use: Use) -> ListedUse:
    recipients = [policy.recipients[code] for code in (use.to, use.through) if code]
    return ListedUse(
        use.id,
        use.purpose,
        wording.ACTIONS[use.action],
        ", ".join(DATA_WORDS.get(category, category) for category in use.data),
        wording.NEEDS[use.needs].removeprefix("it needs "),
        "; ".join(who(recipient) for recipient in recipients),
        use.keep,
        use.rests_on,
    )


def who(recipient: Recipient) -> str:
    if recipient.name:
        return f"{recipient.name}, which {recipient.purpose}"
    return f"{'the dealer' if recipient.kind is rules.Kind.DEALER else 'the company'} that {recipient.purpose}"


def coming(now: datetime) -> Policy | None:
    return policies.book().coming(now)
