"""A signed message of the Data Rights Protocol 1.0: base64 of an Ed25519 signature with the JSON right after it (its sections 2.01
and 3.07). What is wrong with one is said in a sentence; nothing of it is read before its signature holds.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = "1.0"
SIGNATURE = 64
LONGEST = 16_384
# The protocol recommends ten minutes, and earlier versions fifteen.
LASTS = timedelta(minutes=15)


class Refused(Exception):
    """`fatal` where sending the same again cannot help."""

    def __init__(self, status: int, message: str, *, fatal: bool = True) -> None:
        super().__init__(message)
        self.status, self.message, self.fatal = status, message, fatal


@dataclass(frozen=True, slots=True)
class Message:
    """`digest` is of the signed JSON, so that another way of writing the same in base64 is no other message."""

    claims: dict[str, Any]
    digest: bytes
    until: datetime | None = None


def open_signed(body: bytes, key: bytes) -> Message:
    if len(body) > LONGEST:
        raise too_long()
    try:
        signed = base64.b64decode(body.strip(), validate=True)
    except binascii.Error:
        raise Refused(400, "The body is not base64: send the signature and the JSON, encoded together.") from None
    signature, content = signed[:SIGNATURE], signed[SIGNATURE:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except InvalidSignature:
        raise Refused(403, "The signature is not by the key that the directory has for this agent.") from None
    return Message(read(content), hashlib.sha256(content).digest())


def too_long() -> Refused:
    return Refused(413, f"The message is longer than {LONGEST:,} bytes.")


def read(content: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(content.decode(), object_pairs_hook=once_each)
    except (ValueError, RecursionError):
        raise Refused(400, "What is signed is not one JSON object with each name once.") from None
    if not isinstance(claims, dict):
        raise Refused(400, "What is signed is not one JSON object with each name once.")
    return claims


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two values under one name nobody could say which was meant."""
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError
    return named


def check(message: Message, agent: str, business: str, now: datetime) -> Message:
    """In the protocol's order: whose it is, for whom, and whether this is its time."""
    claims = message.claims
    if claims.get("agent-id") != agent:
        raise Refused(403, "agent-id is not the agent whose token or address this is.")
    if claims.get("business-id") != business:
        raise Refused(403, f"business-id is not ours: we are {business}.")
    issued, until = moment(claims, "issued-at"), moment(claims, "expires-at")
    if issued > now:
        raise Refused(400, "issued-at lies in the future: set the clock, or send it again then.", fatal=False)
    if until <= now:
        raise Refused(400, "expires-at is over: sign again.")
    if until - issued > LASTS:
        raise Refused(400, f"It is valid for longer than {LASTS.seconds // 60} minutes: sign one for less.")
    if claims.get("drp.version") != VERSION:
        raise Refused(400, f"drp.version is not {VERSION}.")
    return replace(message, until=until)


def check_taking_back(message: Message, agent: str, business: str, now: datetime) -> Message:
    """The protocol has a reason in it and nothing else (its section 2.04). Whatever it names besides has to hold."""
    said = {
        "agent-id": agent,
        "business-id": business,
        "issued-at": now.isoformat(),
        "expires-at": (now + LASTS).isoformat(),
        "drp.version": VERSION,
    }
    checked = check(replace(message, claims=said | message.claims), agent, business, now)
    return checked if "expires-at" in message.claims else message


def moment(claims: dict[str, Any], name: str) -> datetime:
    """A time without its zone could be any of 26 hours."""
    try:
        said = datetime.fromisoformat(claims[name])
    except (KeyError, TypeError, ValueError):
        said = None
    if said is None or said.tzinfo is None:
        raise Refused(400, f"{name} is not a time with its zone, as in 2026-12-01T16:00:00Z.")
    return said
