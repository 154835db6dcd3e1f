"""A GPP string, read and written: the header, then each section after a "~", in the order of their ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from forecourt.consent.gpp import header, sections
from forecourt.consent.gpp.sections import KINDS, Unread, UsCa, UsNat
from forecourt.consent.gpp.trouble import GppError

AnySection = UsNat | UsCa | Unread


@dataclass(frozen=True, init=False)
class Gpp:
    """The sections, sorted by id."""

    sections: tuple[AnySection, ...]

    def __init__(self, sections: Iterable[AnySection] = ()) -> None:
        ordered = tuple(sorted(sections, key=lambda section: section.id))
        for one, next_one in pairwise(ordered):
            if one.id == next_one.id:
                raise GppError(f"Section {one.id} is there twice; a string holds each section once.")
        object.__setattr__(self, "sections", ordered)

    @property
    def usnat(self) -> UsNat | None:
        return next((section for section in self.sections if isinstance(section, UsNat)), None)

    @property
    def usca(self) -> UsCa | None:
        return next((section for section in self.sections if isinstance(section, UsCa)), None)


def decode(text: str) -> Gpp:
    """Raises GppError, which says what is wrong and where, for whatever is no GPP string of version 1."""
    first, *rest = text.split("~")
    ids = header.read(first, len(rest))
    return Gpp(
        sections.read(KINDS[number], part) if number in KINDS else Unread(number, part)
        for number, part in zip(ids, rest, strict=True)
    )


def encode(gpp: Gpp) -> str:
    """What the reference encoder writes for the same sections; unread ones as they came."""
    parts = (section.text if isinstance(section, Unread) else sections.write(section) for section in gpp.sections)
    return "~".join((header.write([section.id for section in gpp.sections]), *parts))
