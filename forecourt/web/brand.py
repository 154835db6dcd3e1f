"""Who this site speaks for: brand.toml of the brand pack, read once and frozen. Every layer shows the brand."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from django.conf import settings

from forecourt.policy import outside, problems
from forecourt.policy.problems import Problems

INTERACTION_TYPES = ("test-drive", "service-visit", "event")
MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
ZIP = re.compile(r"\d{5}(-\d{4})?")
# How a parent can say yes for a child (minors/methods.py).
PARENTS_WAYS = ("email", "form")
SOCIAL_ICONS = ("camera", "clip", "people", "speech", "film")


@dataclass(frozen=True, slots=True)
class Brand:
    """`address` has one line a row, `place` its parts; `phone` and `text_senders` are E.164; `email_from` always has "default"."""

    folder: Path
    name: str
    legal_name: str
    trademark: str
    address: str
    place: Mapping[str, str]
    phone: str
    privacy_email: str
    email_from: Mapping[str, str]
    text_senders: Mapping[str, str]
    site_url: str
    # Its site for the rest of the world (name, address), empty without one; where else it speaks (name, address, icon).
    international: Mapping[str, str]
    social: tuple[Mapping[str, str], ...]
    parents_say_yes: tuple[str, ...] = PARENTS_WAYS

    def sender_for(self, interaction_type: str) -> str:
        """The address that mail about such an interaction comes from."""
        return self.email_from.get(interaction_type, self.email_from["default"])


def brand() -> Brand:
    return _read_once(Path(settings.BRAND), settings.SITE_URL)


@cache
def _read_once(folder: Path, site_url: str) -> Brand:
    """A machine that serves the brand under another address than its own (the demo, a rehearsal) puts that into links."""
    found = read(folder)
    return replace(found, site_url=site_url) if site_url else found


def text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError('write some words between quotation marks, such as "Wren"')
    return value.strip()


def zip_code(value: object) -> str:
    if not ZIP.fullmatch(text(value)):
        raise ValueError('write five digits between quotation marks, such as "55802"')
    return text(value)


def phone(value: object) -> str:
    try:
        number = phonenumbers.parse(text(value), "US")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValueError('write a phone number with its area code, such as "800-555-0137"')
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mailbox(value: object) -> str:
    if not MAILBOX.fullmatch(text(value)):
        raise ValueError('write an email address, such as "privacy@wren.example"')
    return text(value)


def url(value: object) -> str:
    parts = urlsplit(text(value))
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError('write the address without a path, such as "https://wren.example"')
    return text(value).rstrip("/")


def outside_link(value: object) -> str:
    return outside.read(text(value))


def icon(value: object) -> str:
    if text(value) not in SOCIAL_ICONS:
        raise ValueError(f"write one of {', '.join(SOCIAL_ICONS)}")
    return text(value)


def parents_ways(value: object) -> str:
    """One after the other, with a space between."""
    given = value if isinstance(value, list) else []
    if not given or any(way not in PARENTS_WAYS or given.count(way) > 1 for way in given):
        raise ValueError(f'write one or more of {", ".join(PARENTS_WAYS)} once each, such as ["email", "form"]')
    return " ".join(given)


Reader = Callable[[object], str]
# Every table and key that brand.toml may hold, and how each is read. All are needed, save those in OPTIONAL and
# tables in OPTIONAL_TABLES.
SHAPE: Mapping[str, Mapping[str, Reader]] = {
    "brand": {"name": text, "legal_name": text, "trademark": text, "site_url": url},
    "address": {"street": text, "city": text, "state": text, "zip": zip_code},
    "contact": {"phone": phone, "privacy_email": mailbox},
    "email_from": {"default": mailbox, **dict.fromkeys(INTERACTION_TYPES, mailbox)},
    "text_senders": dict.fromkeys(INTERACTION_TYPES, phone),
    "international": {"name": text, "address": outside_link},
    "children": {"parents_say_yes": parents_ways},
}
OPTIONAL = {("email_from", kind) for kind in INTERACTION_TYPES}
OPTIONAL_TABLES = {"international", "children"}
# [[social]] stands any number of times: a network's name, our page there, and which of our own drawings goes with it.
SOCIAL: Mapping[str, Reader] = {"name": text, "address": outside_link, "icon": icon}


def read(folder: Path) -> Brand:
    """The pack's brand, or BrokenPack with all the problems of its brand.toml."""
    path = folder / "brand.toml"
    source = problems.read(path, "the file is missing: copy brands/wren/brand.toml and change it")
    found = problems.tables(source, path)

    lines = line_numbers(source)
    wrong = Problems(path)
    social = _read_social(found.pop("social", []), source, wrong)
    values = _read_tables(found, lines, wrong)
    wrong.stop_if_any()
    _refuse_shared_senders(values["text_senders"], lines, wrong)
    wrong.stop_if_any()
    place = values["address"]
    return Brand(
        folder=folder,
        **values["brand"],
        **values["contact"],
        address=f"{place['street']}\n{place['city']}, {place['state']} {place['zip']}",
        email_from=MappingProxyType(values["email_from"]),
        place=MappingProxyType(place),
        text_senders=MappingProxyType(values["text_senders"]),
        international=MappingProxyType(values["international"]),
        social=social,
        parents_say_yes=tuple(values["children"].get("parents_say_yes", " ".join(PARENTS_WAYS)).split()),
    )


def _read_tables(
    found: dict[str, Any], lines: Mapping[tuple[str, str], int], wrong: Problems
) -> dict[str, dict[str, str]]:
    values: dict[str, dict[str, str]] = {}
    for table in sorted(set(found) - set(SHAPE)):
        line = lines.get((table, ""), lines.get(("", table), 1))
        wrong.add(line, f"[{table}] means nothing here: take it out, or name one of {', '.join(SHAPE)}, social")
    for table, keys in SHAPE.items():
        given = found.get(table, {})
        line = lines.get((table, ""), lines.get(("", table), 1))
        if not isinstance(given, dict):
            wrong.add(line, f"{table} must be a table: write [{table}] above its keys")
            continue
        for key in sorted(set(given) - set(keys)):
            at = lines.get((table, key), line)
            wrong.add(at, f"[{table}] {key} means nothing here: take it out, or name one of {', '.join(keys)}")
        values[table] = {}
        if table in OPTIONAL_TABLES and table not in found:
            continue
        for key, reader in keys.items():
            if key not in given:
                if (table, key) not in OPTIONAL:
                    wrong.add(line, f"[{table}] {key} is missing: add {key} = …")
                continue
            try:
                values[table][key] = reader(given[key])
            except ValueError as error:
                wrong.add(lines.get((table, key), line), f"[{table}] {key} is {given[key]!r}: {error}")
    return values


def _read_social(rows: object, source: str, wrong: Problems) -> tuple[Mapping[str, str], ...]:
    heads = [number for number, line in enumerate(source.splitlines(), 1) if re.match(r"\s*\[\[\s*social\s*\]\]", line)]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or len(heads) != len(rows):
        wrong.add(heads[0] if heads else 1, "social must be tables: write [[social]] above the keys of each network")
        return ()
    found = []
    for head, row in zip(heads, rows, strict=True):
        values = {}
        lines = keys_below(source, head)
        for key in sorted(set(row) - set(SOCIAL)):
            wrong.add(
                lines[key], f"[[social]] {key} means nothing here: take it out, or name one of {', '.join(SOCIAL)}"
            )
        for key, reader in SOCIAL.items():
            if key not in row:
                wrong.add(head, f"[[social]] {key} is missing: add {key} = …")
                continue
            try:
                values[key] = reader(row[key])
            except ValueError as error:
                wrong.add(lines[key], f"[[social]] {key} is {row[key]!r}: {error}")
        found.append(MappingProxyType(values))
    return tuple(found)


def _refuse_shared_senders(senders: Mapping[str, str], lines: Mapping[tuple[str, str], int], wrong: Problems) -> None:
    """Carriers block a number as a whole, so a STOP to one interaction type must not reach another's."""
    for kind, number in senders.items():
        if list(senders.values()).count(number) > 1:
            says = f"{number} is the sender of two interaction types: give each a number of its own"
            wrong.add(lines["text_senders", kind], says)


def line_numbers(source: str) -> dict[tuple[str, str], int]:
    """Where each table (under the key "") and each of its keys stands; the TOML parser does not say."""
    lines: dict[tuple[str, str], int] = {}
    table = ""
    for number, line in enumerate(source.splitlines(), 1):
        if head := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            table = head[1]
            lines.setdefault((table, ""), number)
        elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line):
            lines.setdefault((table, key[1]), number)
    return lines


def keys_below(source: str, head: int) -> dict[str, int]:
    """Where the keys stand of the table that begins in this line."""
    lines: dict[str, int] = {}
    for number, line in enumerate(source.splitlines()[head:], head + 1):
        if line.lstrip().startswith("["):
            break
        if key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line):
            lines.setdefault(key[1], number)
    return lines
