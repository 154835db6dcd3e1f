"""A text that somebody sent us, as the carrier reports it. The owning room has the view; this reads and distrusts."""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from forecourt.adapters import secret_files

SID = re.compile(r"[A-Za-z0-9-]{8,64}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}|\d{3,8}")
LONGEST_BODY = 1600


class BadSignature(Exception):
    """Not from our carrier, or our address differs from the one that the carrier was told."""


class BadRequest(Exception):
    """From our carrier and yet unusable. The sentence repeats nothing that was sent."""


@dataclass(frozen=True, slots=True)
class Incoming:
    sid: str
    sender: str = field(repr=False)
    recipient: str
    body: str = field(repr=False)


def parse_incoming(url: str, post: Mapping[str, str], signature: str, auth_token: str | None = None) -> Incoming:
    """`url` is the full address that the carrier called; `post` a dict or a Django QueryDict."""
    _check_signature(url, post, signature, auth_token or current_token())
    incoming = Incoming(
        post.get("MessageSid") or post.get("SmsSid") or "",
        post.get("From", ""),
        post.get("To", ""),
        post.get("Body", ""),
    )
    if not SID.fullmatch(incoming.sid):
        raise BadRequest("MessageSid must be the message's id: 8 to 64 letters, digits or hyphens.")
    if not NUMBER.fullmatch(incoming.sender):
        raise BadRequest("From must be a phone number with + and country code, or a short code.")
    if not NUMBER.fullmatch(incoming.recipient):
        raise BadRequest("To must be a phone number with + and country code, or a short code.")
    if len(incoming.body) > LONGEST_BODY:
        raise BadRequest(f"Body has {len(incoming.body)} characters; a text has {LONGEST_BODY} at most.")
    if "\0" in incoming.body:
        raise BadRequest("Body holds a NUL character.")
    return incoming


def sign(url: str, post: Mapping[str, str], auth_token: str) -> str:
    """Base64 of HMAC-SHA1 over the address and the sorted fields (Twilio, "Validating requests are coming from Twilio")."""
    signed = url + "".join(name + value for name in sorted(post) for value in sorted(set(_all(post, name))))
    return base64.b64encode(hmac.digest(auth_token.encode(), signed.encode(), hashlib.sha1)).decode()


def current_token() -> str:
    """The carrier's token; without a carrier, one of our own that the fake signs with."""
    if settings.TWILIO_TOKEN:
        return str(settings.TWILIO_TOKEN)
    made = secret_files.read_or_make(settings.SECRETS / "texts-token", lambda: secrets.token_hex(16).encode())
    return made.decode()


def _check_signature(url: str, post: Mapping[str, str], signature: str, auth_token: str) -> None:
    if not signature:
        raise BadSignature("X-Twilio-Signature is missing.")
    # The carrier signs with or without the port, whichever the address that it was told has.
    expected = [sign(candidate, post, auth_token).encode() for candidate in _with_and_without_port(url)]
    given = signature.encode()
    if not any(hmac.compare_digest(one, given) for one in expected):
        raise BadSignature("X-Twilio-Signature does not match: check the token and the address that the carrier calls.")


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = re.sub(r":\d+$", "", host)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return urlunsplit(parts._replace(netloc=bare)), urlunsplit(parts._replace(netloc=f"{bare}:{port}"))


def _all(post: Mapping[str, str], name: str) -> list[str]:
    getlist = getattr(post, "getlist", None)
    return getlist(name) if getlist else [post[name]]
