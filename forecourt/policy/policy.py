"""A published policy as the doors see it: its sentences and the uses that rest on them. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Class(StrEnum):
    """How a sentence is kept, and so what the public page may say about it."""

    ENFORCED = "enforced"
    OBSERVED = "observed"
    ATTESTED = "attested"
    INFORMATIVE = "informative"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One promising sentence. `text` is plain Markdown without its id mark; `line` is where it starts in the document."""

    id: str
    text: str
    section: str
    kind: Class
    line: int


@dataclass(frozen=True, slots=True)
class Use:
    """A row of uses.toml: what may be done, why, with which data, to whom, on which sentences."""

    id: str
    purpose: str
    action: str
    rests_on: tuple[str, ...]
    about: str = ""
    to: str = ""
    data: tuple[str, ...] = ()
    needs: str = "nothing"
    hours: str = "any"
    contract: str = ""
    closes: bool = False
    keep: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """One version. Not effective before it was posted."""

    version: str
    posted: datetime
    effective: datetime
    sentences: Mapping[str, Sentence]
    uses: Mapping[str, Use]
