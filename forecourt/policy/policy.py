"""A published policy as the doors and the public page see it: its sentences and the uses that rest on them. Immutable."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from itertools import chain

from forecourt.policy.reasons import Reason


class Class(StrEnum):
    """How a sentence is kept, and so what the public page may say about it."""

    ENFORCED = "enforced"
    OBSERVED = "observed"
    ATTESTED = "attested"
    INFORMATIVE = "informative"


class Action(StrEnum):
    """What a use does. The first six reach a person and are also the ledger's channels."""

    EMAIL = "email"
    TEXT = "text"
    PUSH = "push"
    POST = "post"
    CALL = "call"
    SHARE = "share"
    COOKIE = "cookie"
    TAG = "tag"
    COLLECT = "collect"
    READ = "read"


class Need(StrEnum):
    """What must stand before a use may happen, in the words that uses.toml has."""

    NOTHING = "nothing"
    CONSENT = "consent to this interaction"
    REQUEST = "request of this interaction"
    STOP = "stop of this contact"
    START = "start of this contact"
    CASE = "an opened case"
    YES = "a yes to its switches"
    OPT_OUT = "an opt-out"


class Hours(StrEnum):
    ANY = "any"
    QUIET = "quiet"


class Switch(StrEnum):
    """What a visitor can say yes or no to, for this browser or for an address. Whoever said nothing has not said yes."""

    SALE = "sale"
    ADS = "ads"
    SENSITIVE = "sensitive"
    ANALYTICS = "analytics"
    PERSONAL = "personal"


class Age(StrEnum):
    """What the age screen left behind: an outcome, never a birth date."""

    UNKNOWN = ""
    CHILD = "under-13"
    TEEN = "13-15"
    GROWN = "16+"


class Kind(StrEnum):
    """What a recipient is to us; the law asks other contract terms of each, and sales.py says what a disclosure to it is."""

    SERVICE_PROVIDER = "service provider"
    DEALER = "dealer"
    LENDER = "lender"
    AD_NETWORK = "ad network"
    COOP = "matching co-op"
    THIRD_PARTY = "third party for consideration"


class CookieReason(StrEnum):
    """Why a cookie may be set at all. One without such a reason is not set."""

    RETYPING = "saves re-typing"
    TAILORING = "tailors what you see"
    POPULARITY = "shows which pages are popular"
    CHOICE = "keeps what you chose"
    SIGN_IN = "keeps somebody signed in"
    ADVERTISING = "lets an ad network know this browser again"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One promising sentence. `text` is plain Markdown without its id mark; `line` is where it starts in the document."""

    id: str
    text: str
    section: str
    kind: Class
    line: int


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a paragraph: a sentence with an id, or (`sentence` empty) plain prose. `text` is inline Markdown."""

    text: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[tuple[Run, ...], ...]


Block = Paragraph | Bullets


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading. `level` is 1 (the title), 2 or 3; `anchor` is its id."""

    level: int
    title: str
    anchor: str
    blocks: tuple[Block, ...]
    line: int = 0

    @property
    def runs(self) -> Iterator[Run]:
        for block in self.blocks:
            yield from block.runs if isinstance(block, Paragraph) else chain.from_iterable(block.items)


@dataclass(frozen=True, slots=True)
class Use:
    """A row of uses.toml: what may be done, why, with which data, to whom, on which sentences.

    `to` and `through` name recipients: `to` gets the data for itself, `through` carries them for us. `contract` names the
    list of terms that `to` must have signed. `switches` are what a visitor can refuse it by. `src` is a tag's own address. `outlives` lets a use happen when its interaction is over (the notice that a
    booking was cancelled). `closes` pauses the use while a check on one of its promises is red.
    """

    id: str
    purpose: str
    action: Action
    rests_on: tuple[str, ...]
    about: str = ""
    to: str = ""
    through: str = ""
    data: tuple[str, ...] = ()
    needs: Need = Need.NOTHING
    hours: Hours = Hours.ANY
    contract: str = ""
    switches: tuple[Switch, ...] = ()
    src: str = ""
    outlives: bool = False
    closes: bool = False
    keep: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets data. One that we name (a carrier, an ad network) has its contract here; each dealer has its own, as a row.

    `hosts` are all that it answers under. `endpoint` takes what our own machines send, `preferences` is its page for people,
    `member` the programme whose rules it follows (the Digital Advertising Alliance).
    """

    code: str
    kind: Kind
    purpose: str
    name: str = ""
    chosen: bool = False
    hosts: tuple[str, ...] = ()
    endpoint: str = ""
    preferences: str = ""
    member: str = ""
    contract: str = ""
    terms: frozenset[str] = frozenset()
    starts: datetime | None = None
    ends: datetime | None = None
    line: int = 0


class Supply(StrEnum):
    """Where a supplier has it from; of records of vehicles the law lets marketing be made only after the person's own yes."""

    VEHICLE_RECORDS = "motor vehicle records"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who gives us data about people. `uses` are what they may serve, `data` what may come in."""

    code: str
    kind: Supply
    name: str
    purpose: str
    data: tuple[str, ...]
    uses: tuple[str, ...]
    rests_on: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Cookie:
    """`lifetime` in days; None lasts as long as the browser is open. `rests_on` as for a use. `host` is another's, where the
    setter is a partner; it is set only after a yes to `switch`, where one is named. `when` says what brings it, `without`
    what stops working where a browser refuses it (empty: nothing of ours)."""

    name: str
    setter: str
    purpose: str
    lifetime: int | None
    category: str
    path: str
    rests_on: tuple[str, ...]
    reason: CookieReason = CookieReason.SIGN_IN
    switch: Switch | None = None
    host: str = ""
    when: str = ""
    without: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Never:
    """A sentence that narrows every use: nothing that it covers may happen, whatever else the policy says.

    What is left empty covers all. `source` covers contacts that we know from there alone ("list": the mailing list).
    """

    promise: str
    action: str = ""
    to: str = ""
    about: str = ""
    data: tuple[str, ...] = ()
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class BrandRules:
    """Where the brand is stricter than the law. None leaves it to the law (see limits.py)."""

    stop_scope: str | None = None
    quiet_before: time | None = None
    quiet_after: time | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version. Not effective before it was posted.

    `cites` says which promise a refusal quotes. `awaited` are the uses that only a coming version names, and from when;
    the book fills it in for the version in force.
    """

    version: str
    posted: datetime
    effective: datetime
    sentences: Mapping[str, Sentence]
    uses: Mapping[str, Use]
    sections: tuple[Section, ...] = ()
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    suppliers: Mapping[str, Supplier] = field(default_factory=dict)
    contracts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cookies: Mapping[str, Cookie] = field(default_factory=dict)
    never: tuple[Never, ...] = ()
    cites: Mapping[Reason, tuple[str, ...]] = field(default_factory=dict)
    brand: BrandRules = BrandRules()
    awaited: Mapping[str, datetime] = field(default_factory=dict)
    document_path: str = ""
    uses_path: str = ""
