"""What must stand in the ledger before a use may happen: one function for each word of `needs`.

Everything is compared by seq, the ledger's own order. The latest thing that a person said wins, with one exception:
a STOP from the phone, or "wrong number", yields to START from that phone alone, since gateways still refuse until then.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Protocol

from forecourt.policy.policy import Action, Need, Switch, Use
from forecourt.policy.reasons import Reason


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands for one contact on one channel and scope: the ledger's last seq of each verb, 0 where there is none."""

    channel: str
    scope: str
    asked: int = 0
    granted: int = 0
    withdrew: int = 0
    stopped: int = 0
    started: int = 0
    wrong_number: int = 0


@dataclass(frozen=True, slots=True)
class No:
    """A refusal in the making: `seqs` said so, `promise` is quoted if named."""

    reason: Reason
    seqs: tuple[int, ...] = ()
    promise: str = ""
    detail: str = ""


Seqs = tuple[int, ...]


class Said(Protocol):
    """The part of the facts that needs look at."""

    @property
    def standing(self) -> tuple[Stand, ...]: ...
    @property
    def interaction(self) -> str: ...
    @property
    def interaction_type(self) -> str: ...
    @property
    def case(self) -> str: ...
    @property
    def said_yes(self) -> frozenset[Switch]: ...
    @property
    def said_no(self) -> frozenset[Switch]: ...
    @property
    def signal(self) -> bool: ...


def judge(use: Use, said: Said) -> Seqs | No:
    return NEEDS[use.needs](use, said)


def nothing(use: Use, said: Said) -> Seqs | No:
    return ()


def consent(use: Use, said: Said) -> Seqs | No:
    """A tick for this very interaction, not taken back since. START revives a tick given before a STOP."""
    here = _on(said.standing, use.action)
    over, types = _scopes(said)
    granted = _last(stand.granted for stand in said.standing if _is(stand, use.action, said.interaction))
    if not granted:
        return No(Reason.NEVER_ASKED)
    started = _last(stand.started for stand in here if stand.scope in types)
    wrong = _last(stand.wrong_number for stand in here)
    if wrong > started:
        return No(Reason.WRONG_NUMBER, (wrong,))
    stopped = _last(stand.stopped for stand in here if stand.scope in over)
    if stopped > started:
        return No(Reason.STOPPED, (stopped,))
    withdrew = _last(stand.withdrew for stand in here if stand.scope in over)
    if withdrew > max(granted, started):
        return No(Reason.WITHDRAWN, (withdrew,))
    revived = max(wrong, stopped) > 0 or withdrew > granted
    return (granted, started) if revived else (granted,)


def request(use: Use, said: Said) -> Seqs | No:
    """The person asked for this interaction, and has not since said no to this channel.

    A share yields to a withdrawal of sharing or of everything; a stop of messages is no word about sharing. What we keep
    or read so that somebody can manage their own booking is not undone by any of them.
    """
    over, _ = _scopes(said)
    ledger = _on(said.standing, use.action)
    asked = _last(
        stand.asked
        for stand in (ledger if use.action in CHANNELS else said.standing)
        if said.interaction and stand.scope == said.interaction
    )
    if not asked:
        return No(Reason.NOT_REQUESTED)
    if use.action not in CHANNELS:
        return (asked,)
    withdrew = _last(stand.withdrew for stand in ledger if stand.scope in over)
    if use.action is not Action.SHARE:
        wrong = _last(stand.wrong_number for stand in ledger)
        if wrong > asked:
            return No(Reason.WRONG_NUMBER, (wrong,))
        stopped = _last(stand.stopped for stand in ledger if stand.scope in over)
        if stopped > max(asked, withdrew):
            return No(Reason.STOPPED, (stopped,))
    if withdrew > asked:
        return No(Reason.WITHDRAWN, (withdrew,))
    return (asked,)


def stop(use: Use, said: Said) -> Seqs | No:
    """The one confirmation of a stop rests on that stop, while nothing newer cures it. A wrong number hears nothing."""
    here = _on(said.standing, use.action)
    started = _last(stand.started for stand in here)
    wrong = _last(stand.wrong_number for stand in here)
    if wrong > started:
        return No(Reason.WRONG_NUMBER, (wrong,))
    withdrawals = (stand.withdrew for stand in here if stand.withdrew > stand.granted)
    last = max(_last(stand.stopped for stand in here), _last(withdrawals))
    return (last,) if last > started else No(Reason.NOT_REQUESTED)


def start(use: Use, said: Said) -> Seqs | No:
    """The answer to START rests on that START, while no newer stop undoes it."""
    here = _on(said.standing, use.action)
    started = _last(stand.started for stand in here)
    if not started:
        return No(Reason.NOT_REQUESTED)
    for reason, seq in (
        (Reason.WRONG_NUMBER, _last(stand.wrong_number for stand in here)),
        (Reason.STOPPED, _last(stand.stopped for stand in here)),
        (Reason.WITHDRAWN, _last(stand.withdrew for stand in here)),
    ):
        if seq > started:
            return No(reason, (seq,))
    return (started,)


def case(use: Use, said: Said) -> Seqs | No:
    return () if said.case else No(Reason.NO_CASE)


def yes(use: Use, said: Said) -> Seqs | No:
    """A yes to each of its switches, by this browser or this contact. Where nobody chose, the answer is no."""
    missing = [switch for switch in use.switches if switch not in said.said_yes]
    return (
        No(Reason.NOT_CHOSEN, detail=", ".join(missing)) if missing else _said(said.standing, use.switches, "granted")
    )


def opt_out(use: Use, said: Said) -> Seqs | No:
    """What tells others of a no rests on that no: a switch turned off, or the browser's signal."""
    if not said.signal and not any(switch in said.said_no for switch in use.switches):
        return No(Reason.NOT_REQUESTED)
    return _said(said.standing, use.switches, "withdrew")


NEEDS: dict[Need, Callable[[Use, Said], Seqs | No]] = {
    Need.NOTHING: nothing,
    Need.CONSENT: consent,
    Need.REQUEST: request,
    Need.STOP: stop,
    Need.START: start,
    Need.CASE: case,
    Need.YES: yes,
    Need.OPT_OUT: opt_out,
}

# The ledger's channel for what may be done with data, whichever way it travels; its scopes are "purpose:<switch>".
DATA = "data"

CHANNELS: Container[Action] = frozenset(
    {Action.EMAIL, Action.TEXT, Action.PUSH, Action.POST, Action.CALL, Action.SHARE}
)


def _on(standing: Iterable[Stand], action: Action) -> list[Stand]:
    return [stand for stand in standing if stand.channel in (action, "all")]


def _is(stand: Stand, action: Action, scope: str) -> bool:
    return bool(scope) and stand.channel == action and stand.scope == scope


def _scopes(said: Said) -> tuple[frozenset[str], frozenset[str]]:
    """The scopes that cover this interaction, and of these the ones that START can name."""
    types = frozenset({f"type:{said.interaction_type}", "all"}) if said.interaction_type else frozenset({"all"})
    return types | ({said.interaction} if said.interaction else set()), types


def _said(standing: Iterable[Stand], switches: Iterable[Switch], verb: str) -> Seqs:
    """The contact's own entries about these switches; none where only a browser said it."""
    scopes = {f"purpose:{switch}" for switch in switches}
    seqs = (getattr(stand, verb) for stand in standing if stand.channel == DATA and stand.scope in scopes)
    return tuple(sorted(seq for seq in seqs if seq))


def _last(seqs: Iterable[int]) -> int:
    return max(seqs, default=0)
