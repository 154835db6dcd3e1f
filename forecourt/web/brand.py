"""Who this site speaks for: brand.toml of the brand pack, read once and frozen. Every layer shows the brand."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from django.conf import settings

from forecourt.trouble import Trouble

INTERACTION_TYPES = ("test-drive", "service-visit", "event")
MAILBOX = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
ZIP = re.compile(r"\d{5}(-\d{4})?")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend in a brand pack: where it is, what is wrong and what to write instead."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


class BrokenPack(Trouble):
    """A pack that must not be shown. `problems` holds everything that was found, in order, never none."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Brand:
    """`address` has one line a row; `phone` and `text_senders` are E.164; `email_from` always has "default"."""

    folder: Path
    name: str
    legal_name: str
    trademark: str
    address: str
    phone: str
    privacy_email: str
    email_from: Mapping[str, str]
    text_senders: Mapping[str, str]
    site_url: str

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


Reader = Callable[[object], str]
# Every table and key that brand.toml may hold, and how each is read. All are needed, save those in OPTIONAL.
SHAPE: Mapping[str, Mapping[str, Reader]] = {
    "brand": {"name": text, "legal_name": text, "trademark": text, "site_url": url},
    "address": {"street": text, "city": text, "state": text, "zip": zip_code},
    "contact": {"phone": phone, "privacy_email": mailbox},
    "email_from": {"default": mailbox, **dict.fromkeys(INTERACTION_TYPES, mailbox)},
    "text_senders": dict.fromkeys(INTERACTION_TYPES, phone),
}
OPTIONAL = {("email_from", kind) for kind in INTERACTION_TYPES}


def read(folder: Path) -> Brand:
    """The pack's brand, or BrokenPack with all the problems of its brand.toml."""
    path = folder / "brand.toml"
    try:
        source = path.read_text("utf-8")
        found = tomllib.loads(source)
    except FileNotFoundError:
        raise BrokenPack(
            [Problem(str(path), 1, "the file is missing: copy brands/wren/brand.toml and change it")]
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BrokenPack([Problem(str(path), line, "this is not UTF-8: save the file as UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(where[1]) if where else source.count("\n") + 1
        raise BrokenPack([Problem(str(path), line, f"this is not TOML ({error}): mend that line")]) from None

    lines = line_numbers(source)
    values, problems = _read_tables(found, lines, str(path))
    if not problems:
        problems = list(_shared_senders(values["text_senders"], lines, str(path)))
    if problems:
        raise BrokenPack(problems)
    place = values["address"]
    return Brand(
        folder=folder,
        **values["brand"],
        **values["contact"],
        address=f"{place['street']}\n{place['city']}, {place['state']} {place['zip']}",
        email_from=MappingProxyType(values["email_from"]),
        text_senders=MappingProxyType(values["text_senders"]),
    )


def _read_tables(
    found: dict[str, Any], lines: Mapping[tuple[str, str], int], path: str
) -> tuple[dict[str, dict[str, str]], list[Problem]]:
    problems = []
    values: dict[str, dict[str, str]] = {}
    for table in sorted(set(found) - set(SHAPE)):
        line = lines.get((table, ""), lines.get(("", table), 1))
        problems.append(
            Problem(path, line, f"[{table}] means nothing here: take it out, or name one of {', '.join(SHAPE)}")
        )
    for table, keys in SHAPE.items():
        given = found.get(table, {})
        line = lines.get((table, ""), lines.get(("", table), 1))
        if not isinstance(given, dict):
            problems.append(Problem(path, line, f"{table} must be a table: write [{table}] above its keys"))
            continue
        for key in sorted(set(given) - set(keys)):
            at = lines.get((table, key), line)
            problems.append(
                Problem(path, at, f"[{table}] {key} means nothing here: take it out, or name one of {', '.join(keys)}")
            )
        values[table] = {}
        for key, reader in keys.items():
            if key not in given:
                if (table, key) not in OPTIONAL:
                    problems.append(Problem(path, line, f"[{table}] {key} is missing: add {key} = …"))
                continue
            try:
                values[table][key] = reader(given[key])
            except ValueError as error:
                problems.append(
                    Problem(path, lines.get((table, key), line), f"[{table}] {key} is {given[key]!r}: {error}")
                )
    return values, problems


def _shared_senders(senders: Mapping[str, str], lines: Mapping[tuple[str, str], int], path: str) -> Iterator[Problem]:
    """Carriers block a number as a whole, so a STOP to one interaction type must not reach another's."""
    for kind, number in senders.items():
        if list(senders.values()).count(number) > 1:
            says = f"{number} is the sender of two interaction types: give each a number of its own"
            yield Problem(path, lines["text_senders", kind], says)


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
