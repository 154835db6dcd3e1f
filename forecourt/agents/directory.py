"""The network's directory of agents, as a file: JSON, a list of entries as the protocol's section 3.05.1 has them. An entry may
name a `status_callback` besides, where its agent hears of changes at another host than its `web_url` has.
"""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import transaction

from forecourt.agents.models import Agent

CODE = re.compile(r"[A-Z_]{1,64}")
KEY_BYTES = 32
LONGEST = {"name": 128, "web_url": 256, "status_callback": 256}


class BadDirectory(ValueError):
    """Nothing of the file was taken; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    name: str
    verify_key: bytes
    web_url: str
    callback: str


def read(file: Path) -> list[Entry]:
    try:
        said = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise BadDirectory(f"{file} is not JSON in UTF-8: it holds a list of entries.") from None
    entries = [
        entry(one, f"{file}, entry {nth}") for nth, one in enumerate(said if isinstance(said, list) else [said], 1)
    ]
    for code in {one.code for one in entries}:
        if sum(one.code == code for one in entries) > 1:
            raise BadDirectory(f"{file} names {code} twice: leave one of the two.")
    return entries


def entry(said: Any, where: str) -> Entry:
    if not isinstance(said, dict):
        raise BadDirectory(f"{where} is no object with id, name, verify_key and web_url.")
    if not CODE.fullmatch(text(said, "id", where)):
        raise BadDirectory(f"{where}: id has to be of capital letters and _, as in GOOD_AGENT.")
    callback = secure(said, "status_callback", where) if said.get("status_callback") else ""
    return Entry(said["id"], text(said, "name", where), key(said, where), secure(said, "web_url", where), callback)


def text(said: dict[str, Any], name: str, where: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST.get(name, 64):
        raise BadDirectory(f"{where}: {name} has to be a text of at most {LONGEST.get(name, 64)} letters.")
    return value.strip()


def key(said: dict[str, Any], where: str) -> bytes:
    try:
        found = base64.b64decode(text(said, "verify_key", where), validate=True)
        Ed25519PublicKey.from_public_bytes(found)
    except (binascii.Error, ValueError) as problem:
        if isinstance(problem, BadDirectory):
            raise
        raise BadDirectory(
            f"{where}: verify_key has to be base64 of the {KEY_BYTES} bytes of an Ed25519 key."
        ) from None
    return found


def secure(said: dict[str, Any], name: str, where: str) -> str:
    address = text(said, name, where)
    if not host(address):
        raise BadDirectory(f"{where}: {name} has to begin with https:// and name a host, without a password or a port.")
    return address


def host(address: str) -> str:
    """Empty unless it is one of the open web's, over HTTPS: a request of ours goes there."""
    try:
        parts = urlsplit(address)
        named = parts.hostname or ""
        fits = parts.scheme == "https" and not parts.username and parts.port in (None, 443)
    except ValueError:
        return ""
    plain = address.isascii() and address.isprintable() and " " not in address
    return named if fits and plain and "." in named and not is_number(named) else ""


def is_number(named: str) -> bool:
    try:
        ip_address(named)
    except ValueError:
        return False
    return True


def may_hear(agent: Agent, address: str) -> bool:
    """At its own site and below, or where its entry says: what somebody asked is told to nobody else."""
    if address == agent.callback:
        return True
    own, wanted = host(agent.web_url), host(address)
    if own.count(".") > 1:
        own = own.removeprefix("www.")
    return bool(own) and len(address) <= LONGEST["status_callback"] and f".{wanted}".endswith(f".{own}")


@transaction.atomic
def add(entries: list[Entry], now: datetime) -> int:
    """How many are new. One whose key is another now has to set up its token again; one that we stopped stays stopped."""
    return sum(add_one(one, now) for one in entries)


def add_one(one: Entry, now: datetime) -> bool:
    facts = {"name": one.name, "verify_key": one.verify_key, "web_url": one.web_url, "callback": one.callback}
    there = Agent.objects.select_for_update().filter(pk=one.code).first()
    if there is None:
        Agent.objects.create(code=one.code, added_at=now, **facts)
        return True
    ends = {} if bytes(there.verify_key) == one.verify_key else {"token_digest": None}
    Agent.objects.filter(pk=one.code).update(**facts, **ends)
    return False


def stop(code: str, now: datetime) -> bool:
    """It is heard no more; what it asked before goes on."""
    return bool(Agent.objects.filter(pk=code, stopped_at=None).update(stopped_at=now, token_digest=None))


def hear(code: str) -> bool:
    """Again, after a stop: with a new token."""
    return bool(Agent.objects.filter(pk=code).exclude(stopped_at=None).update(stopped_at=None))
