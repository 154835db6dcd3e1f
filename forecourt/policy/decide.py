"""One question, asked by every door: may this use happen, now, given what the person said?

Rules are asked in one fixed order, and the first that says no gives the reason:

    unknown use, not in force, frozen, closed, forbidden, from a supplier who is not for this, undeclared data, wrong interaction, interaction over,
    opted out (by signal, by choice, by age),
    what the use needs (asked, consented, stopped, started, an open case),
    wrong recipient, contract, too late, quiet hours

so that whoever said no hears that before anything that we lack, and a message waits for the morning only if nothing else
stops it. A door writes the answer down (a permit, or the refusal on its row) and never asks twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time

from forecourt.policy import needs, sales
from forecourt.policy.categories import is_covered
from forecourt.policy.conflicts import is_forbidden
from forecourt.policy.hours import is_open
from forecourt.policy.needs import No, Stand
from forecourt.policy.policy import Age, Hours, Need, Policy, Switch, Use
from forecourt.policy.reasons import Reason

__all__ = ["Allowed", "Contract", "Decision", "Facts", "Refused", "Stand", "decide"]


@dataclass(frozen=True, slots=True)
class Contract:
    """A recipient's contract as it stands: `terms` are the required terms that it holds."""

    version: str
    terms: frozenset[str]
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a decision may look at. Seqs are the contact's own; zones are IANA names.

    `interaction` is the ledger's scope, "interaction:<uuid>". `sources` are all the places that we know the contact from;
    empty where no sentence asks. `suppliers` gave us the contact, where nobody but they did. `signal` is an opt-out preference signal, sent now or kept; `said_no` holds what this browser
    or anybody known to be the same person turned off, `said_yes` what this browser or contact itself turned on. `required_terms` adds to the terms that the policy itself requires.
    """

    standing: tuple[Stand, ...] = ()
    interaction: str = ""
    interaction_type: str = ""
    interaction_open: bool = True
    frozen: bool = False
    closed_promises: frozenset[str] = frozenset()
    zones: tuple[str, ...] = ()
    expires: datetime | None = None
    recipient: str = ""
    chosen_recipient: str = ""
    data: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()
    contract: Contract | None = None
    required_terms: frozenset[str] = frozenset()
    quiet_before: time = time(8)
    quiet_after: time = time(21)
    case: str = ""
    signal: bool = False
    said_yes: frozenset[Switch] = frozenset()
    said_no: frozenset[Switch] = frozenset()
    age: Age = Age.UNKNOWN


@dataclass(frozen=True, slots=True)
class Allowed:
    """`seqs` are the ledger entries that the answer rests on: what was asked or granted, and the START that revived it."""

    use: str
    policy_version: str
    seqs: tuple[int, ...] = ()

    allowed = True


@dataclass(frozen=True, slots=True)
class Refused:
    """`promise` is the sentence to quote; `detail` names what was wrong, never whom; `seqs` are the entries that said no.

    `retry` is true where the answer may change without a new word from the person: wait, until the use expires.
    """

    use: str
    policy_version: str
    reason: Reason
    promise: str = ""
    detail: str = ""
    seqs: tuple[int, ...] = field(default=(), compare=False)
    retry: bool = field(default=False, compare=False)

    allowed = False


Decision = Allowed | Refused

OWN_WORD = frozenset({Need.REQUEST, Need.CONSENT, Need.STOP, Need.START, Need.OPT_OUT})
WAITS = frozenset(
    {
        Reason.QUIET_HOURS,
        Reason.CLOSED,
        Reason.NO_CONTRACT,
        Reason.CONTRACT_EXPIRED,
        Reason.CONTRACT_TERM_MISSING,
    }
)


def decide(policy: Policy, use_id: str, facts: Facts, now: datetime) -> Decision:
    """Whether `use_id` may happen at `now` (aware) under the version in force, and on what that rests.

    Pure: looks at nothing but its arguments. Raises nothing for any policy that was loaded from a book.
    """
    use = policy.uses.get(use_id)
    if use is None:
        awaited = policy.awaited.get(use_id)
        reason = Reason.UNKNOWN_USE if awaited is None else Reason.NOT_IN_FORCE
        return Refused(use_id, policy.version, reason, detail=f"from {awaited:%Y-%m-%d}" if awaited else "")
    for rule in BEFORE:
        if no := rule(policy, use, facts, now):
            return refuse(policy, use, no)
    answer = needs.judge(use, facts)
    if isinstance(answer, No):
        return refuse(policy, use, answer)
    for rule in AFTER:
        if no := rule(policy, use, facts, now):
            return refuse(policy, use, no)
    return Allowed(use.id, policy.version, answer)


def refuse(policy: Policy, use: Use, no: No) -> Refused:
    cited = (promise for promise in policy.cites.get(no.reason, ()) if promise in use.rests_on)
    promise = no.promise or next(cited, next(iter(use.rests_on), ""))
    return Refused(use.id, policy.version, no.reason, promise, no.detail, no.seqs, no.reason in WAITS)


Rule = Callable[[Policy, Use, Facts, datetime], No | None]


def in_force(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    if now < policy.effective:
        return No(Reason.NOT_IN_FORCE, detail=f"from {policy.effective:%Y-%m-%d}")
    return None


def not_frozen(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    return No(Reason.FROZEN) if facts.frozen else None


def not_closed(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    if not use.closes:
        return None
    closed = next((promise for promise in use.rests_on if promise in facts.closed_promises), "")
    return No(Reason.CLOSED, promise=closed, detail=closed) if closed else None


def not_forbidden(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    for row in policy.never:
        if is_forbidden(row, use, facts.data or use.data, facts.sources):
            return No(Reason.FORBIDDEN, promise=row.promise, detail=row.promise)
    return None


def supplier_permits(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    """What came from others alone serves what each of them may be used for, or what the person asked for or said yes to themselves."""
    if not facts.suppliers or use.needs in OWN_WORD:
        return None
    if use.needs is Need.YES and set(use.switches) <= facts.said_yes:
        return None
    permitted = [policy.suppliers[code].uses for code in facts.suppliers if code in policy.suppliers]
    if len(permitted) == len(facts.suppliers) and all(use.id in uses for uses in permitted):
        return None
    return No(Reason.SUPPLIED, detail=listed(sorted(facts.suppliers)))


def only_declared_data(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    undeclared = sorted(category for category in facts.data if not is_covered(category, use.data))
    return No(Reason.UNDECLARED_DATA, detail=listed(undeclared)) if undeclared else None


def right_interaction(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    if use.about and facts.interaction_type != use.about:
        return No(Reason.WRONG_INTERACTION, detail=f"for {use.about}, not {facts.interaction_type or 'nothing'}")
    return None


def interaction_open(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    return None if facts.interaction_open or use.outlives else No(Reason.INTERACTION_OVER)


def not_opted_out(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    """A no binds whatever falls under its switch, and whatever is a sale or sharing by the recipient's role, not by our words.

    Telling others of the no is what it asks for; a child's yes counts for nothing, a teenager's own does.
    """
    if use.needs is Need.OPT_OUT:
        return None
    switches = sales.switches(policy, use, facts.data or frozenset(use.data), now)
    if facts.signal and switches & sales.SIGNALLED:
        return No(Reason.SIGNAL)
    if refused := sorted(switches & facts.said_no):
        return No(Reason.OPTED_OUT, detail=listed(refused))
    if switches & sales.GROWN_UP:
        if facts.age is Age.CHILD:
            return No(Reason.TOO_YOUNG)
        if facts.age is Age.TEEN and not switches <= facts.said_yes:
            return No(Reason.TOO_YOUNG, detail="no opt-in of their own")
    if Switch.SENSITIVE in switches - facts.said_yes:
        return No(Reason.NOT_CHOSEN, detail=Switch.SENSITIVE)
    return None


def right_recipient(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    if not use.to:
        return No(Reason.WRONG_RECIPIENT, detail=facts.recipient) if facts.recipient else None
    recipient = policy.recipients[use.to]
    expected = facts.chosen_recipient if recipient.chosen else recipient.code
    if not expected or facts.recipient != expected:
        return No(Reason.WRONG_RECIPIENT, detail=facts.recipient)
    return None


def contract_holds(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    if not use.contract:
        return None
    contract = facts.contract or named_contract(policy, use.to)
    if contract is None:
        return No(Reason.NO_CONTRACT, detail=facts.recipient)
    required = policy.contracts[use.contract] | facts.required_terms
    return _unfit(contract, required, now)


def carrier_contract_holds(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    """Whoever carries it for us sees it too, so its contract is asked for each time."""
    if not use.through:
        return None
    carrier = policy.recipients[use.through]
    contract = named_contract(policy, use.through)
    return (
        _unfit(contract, policy.contracts[carrier.contract], now)
        if contract
        else No(Reason.NO_CONTRACT, detail=carrier.code)
    )


def named_contract(policy: Policy, code: str) -> Contract | None:
    """The contract that the policy itself holds, of a recipient that it names; dealers have theirs as rows."""
    recipient = policy.recipients[code]
    if recipient.starts is None or recipient.ends is None:
        return None
    return Contract(recipient.contract, recipient.terms, recipient.starts, recipient.ends)


def _unfit(contract: Contract, required: frozenset[str], now: datetime) -> No | None:
    if not contract.starts <= now < contract.ends:
        return No(Reason.CONTRACT_EXPIRED, detail=f"{contract.version} until {contract.ends:%Y-%m-%d}")
    missing = sorted(required - contract.terms)
    return No(Reason.CONTRACT_TERM_MISSING, detail=listed(missing)) if missing else None


def not_too_late(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    return No(Reason.TOO_LATE) if facts.expires is not None and now >= facts.expires else None


def within_hours(policy: Policy, use: Use, facts: Facts, now: datetime) -> No | None:
    """The law's hours come with the facts; the brand's stand in the policy; the stricter hold."""
    if use.hours is not Hours.QUIET:
        return None
    opens = max(facts.quiet_before, policy.brand.quiet_before or facts.quiet_before)
    closes = min(facts.quiet_after, policy.brand.quiet_after or facts.quiet_after)
    if is_open(facts.zones, now, opens, closes):
        return None
    return No(Reason.QUIET_HOURS, detail=listed(facts.zones) or "no zone known")


def listed(names: Iterable[str]) -> str:
    return ", ".join(names)


BEFORE: tuple[Rule, ...] = (
    in_force,
    not_frozen,
    not_closed,
    not_forbidden,
    supplier_permits,
    only_declared_data,
    right_interaction,
    interaction_open,
    not_opted_out,
)
AFTER: tuple[Rule, ...] = (
    right_recipient,
    contract_holds,
    carrier_contract_holds,
    not_too_late,
    within_hours,
)
