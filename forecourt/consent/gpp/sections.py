"""The sections that we read: usnat and usca. Any other is kept as it came.

Field names and values are the specifications': notices 0 not applicable, 1 given, 2 not given; opt-outs 0 not applicable,
1 opted out, 2 did not opt out; consents 0 not applicable, 1 no consent, 2 consent; modes 0 not applicable, 1 yes, 2 no.
Source: MSPA US National 2.0 (August 2024) and its 1.0; California Privacy 1.0 (Sections/US-National, US-States/CA of the
Global-Privacy-Platform repository).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from forecourt.consent.gpp.bits import LARGEST, Reader, to_text
from forecourt.consent.gpp.trouble import GppError

WEB_SAFE = re.compile(r"[A-Za-z0-9._=-]+")
GPC_SUBSECTION = 1


@dataclass(frozen=True)
class Field:
    name: str
    bits: int = 2
    count: int = 0  # 0: one value; else a list of so many

    @property
    def most(self) -> int:
        return 2 if self.bits == 2 else 2**self.bits - 1


Layout = tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """Its fields stand in the order in which they are written."""

    id: ClassVar[int]
    name: ClassVar[str]
    lists: ClassVar[Mapping[int, Mapping[str, int]]]  # by version, how many values the fields have that hold several

    Version: int
    Gpc: bool | None = None  # None: without the GPC subsection

    def __post_init__(self) -> None:
        for field in self.layout:
            self._check(field, getattr(self, field.name))
        if self.Gpc is not None and not isinstance(self.Gpc, bool):
            raise GppError(
                f"{self.name}.Gpc is {shortened(self.Gpc)}; it is true, false, or left out with its subsection."
            )

    def _check(self, field: Field, value: object) -> None:
        where = f"{self.name}.{field.name}"
        if field.count and not (isinstance(value, tuple) and len(value) == field.count):
            raise GppError(f"{where} is {shortened(value)}; version {self.Version} has {field.count} values there.")
        for each in value if isinstance(value, tuple) and field.count else (value,):
            if type(each) is not int or not 0 <= each <= field.most:
                raise GppError(f"{where} has {shortened(each)}; its values are whole numbers from 0 to {field.most}.")

    @property
    def layout(self) -> Layout:
        return self.layout_of(self.Version)

    @classmethod
    def layout_of(cls, version: object) -> Layout:
        """The field table of one version: names, bits and counts, in order."""
        if type(version) is not int or version not in cls.lists:
            known = " and ".join(map(str, cls.lists))
            raise GppError(f"{cls.name}.Version is {shortened(version)}, and {known} can be read.")
        return tuple(
            Field(field.name, bits=6 if field.name == "Version" else 2, count=cls.lists[version].get(field.name, 0))
            for field in fields(cls)
            if field.name != "Gpc"
        )


@dataclass(frozen=True, kw_only=True)
class UsNat(Section):
    """Version 1 has 12 kinds of sensitive data and 2 ages of children (13 to 15, under 13); version 2 adds 4 and 1 (16 and 17)."""

    id: ClassVar = 7
    name: ClassVar = "usnat"
    lists: ClassVar = {
        1: {"SensitiveDataProcessing": 12, "KnownChildSensitiveDataConsents": 2},
        2: {"SensitiveDataProcessing": 16, "KnownChildSensitiveDataConsents": 3},
    }

    Version: int = 2
    SharingNotice: int
    SaleOptOutNotice: int
    SharingOptOutNotice: int
    TargetedAdvertisingOptOutNotice: int
    SensitiveDataProcessingOptOutNotice: int
    SensitiveDataLimitUseNotice: int
    SaleOptOut: int
    SharingOptOut: int
    TargetedAdvertisingOptOut: int
    SensitiveDataProcessing: tuple[int, ...]
    KnownChildSensitiveDataConsents: tuple[int, ...]
    PersonalDataConsents: int
    MspaCoveredTransaction: int
    MspaOptOutOptionMode: int
    MspaServiceProviderMode: int


@dataclass(frozen=True, kw_only=True)
class UsCa(Section):
    id: ClassVar = 8
    name: ClassVar = "usca"
    lists: ClassVar = {1: {"SensitiveDataProcessing": 9, "KnownChildSensitiveDataConsents": 2}}

    Version: int = 1
    SaleOptOutNotice: int
    SharingOptOutNotice: int
    SensitiveDataLimitUseNotice: int
    SaleOptOut: int
    SharingOptOut: int
    SensitiveDataProcessing: tuple[int, ...]
    KnownChildSensitiveDataConsents: tuple[int, ...]
    PersonalDataConsents: int
    MspaCoveredTransaction: int
    MspaOptOutOptionMode: int
    MspaServiceProviderMode: int


KINDS: dict[int, type[UsNat] | type[UsCa]] = {kind.id: kind for kind in (UsNat, UsCa)}


@dataclass(frozen=True)
class Unread:
    """A section that we do not read, kept as it came."""

    id: int
    text: str

    def __post_init__(self) -> None:
        if type(self.id) is not int or not 1 <= self.id <= LARGEST or self.id in KINDS:
            raise GppError(
                f"Section id {shortened(self.id)} cannot be kept unread; ids are 1 to {LARGEST}, and {[*KINDS]} are read."
            )
        if not isinstance(self.text, str) or not WEB_SAFE.fullmatch(self.text):
            raise GppError(
                f"Section {self.id} is {shortened(self.text)}; a section has A-Z, a-z, 0-9, -, _ and . alone."
            )


def read(kind: type[UsNat] | type[UsCa], text: str) -> UsNat | UsCa:
    core, *others = text.split(".")
    if len(others) > 1:
        raise GppError(f"Section {kind.name} has {len(others)} subsections after its core; it can have one, for GPC.")
    values = _read_core(kind, Reader(core, f"Section {kind.name}"))
    return kind(**values, Gpc=_read_gpc(Reader(others[0], f"The GPC subsection of {kind.name}")) if others else None)


def write(section: UsNat | UsCa) -> str:
    bits = ""
    for field in section.layout:
        value = getattr(section, field.name)
        bits += "".join(f"{each:0{field.bits}b}" for each in (value if field.count else (value,)))
    core = to_text(bits)
    return core if section.Gpc is None else f"{core}.{to_text(f'{GPC_SUBSECTION:02b}{section.Gpc:b}')}"


def _read_core(kind: type[UsNat] | type[UsCa], reader: Reader) -> dict[str, Any]:
    version = reader.number(6, "Version")
    layout = kind.layout_of(version)
    values = _read_fields(layout, reader)
    if reader.has_more() and kind is UsNat and version == 1:
        # Encoders of 2024 and 2025 wrote version 2's fields and called them version 1. What they wrote stands; version 1
        # has no place for the rest.
        values = _read_fields(kind.layout_of(2), reader)
        values |= {field.name: values[field.name][: field.count] for field in layout if field.count}
    reader.finish(layout[-1].name)
    return values


def _read_fields(layout: Layout, reader: Reader) -> dict[str, Any]:
    reader.at = 0
    values: dict[str, Any] = {}
    for field in layout:
        found = tuple(reader.number(field.bits, field.name) for _ in range(field.count or 1))
        values[field.name] = found if field.count else found[0]
    return values


def _read_gpc(reader: Reader) -> bool:
    if (found := reader.number(2, "its type")) != GPC_SUBSECTION:
        raise GppError(f"{reader.where} has type {found}, and GPC's is {GPC_SUBSECTION}.")
    gpc = bool(reader.number(1, "Gpc"))
    reader.finish("Gpc")
    return gpc


def shortened(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
