"""One question, asked by every door: may this use happen, now, given what the person said?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from forecourt.policy.policy import Policy, Use
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
class Contract:
    """A recipient's contract as it stands: `terms` are the required terms that it holds."""

    version: str
    terms: frozenset[str]
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a decision may look at. Seqs are the contact's own; zones are IANA names."""

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
    contract: Contract | None = None
    required_terms: frozenset[str] = frozenset()
    quiet_before: time = time(8)
    quiet_after: time = time(21)


@dataclass(frozen=True, slots=True)
class Allowed:
    use: str
    policy_version: str
    seqs: tuple[int, ...] = ()

    allowed = True


@dataclass(frozen=True, slots=True)
class Refused:
    use: str
    policy_version: str
    reason: Reason
    promise: str = ""
    detail: str = ""
    retry: bool = field(default=False, compare=False)

    allowed = False


Decision = Allowed | Refused
