"""The key that evidence is signed with. Its public half is published, so that anybody can check what we publish."""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from forecourt.adapters import secret_files

FILE = "proof-signing-key"


def private_key() -> Ed25519PrivateKey:
    return _read(settings.SECRETS / FILE)


@cache
def _read(file: Path) -> Ed25519PrivateKey:
    made = secret_files.read_or_make(file, lambda: Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(made)


def public_key() -> str:
    """Base64 of the 32 bytes (RFC 8032)."""
    return base64.b64encode(private_key().public_key().public_bytes_raw()).decode()


def key_id() -> str:
    return hashlib.sha256(private_key().public_key().public_bytes_raw()).hexdigest()[:16]


def canonical(statement: dict[str, Any]) -> bytes:
    """What is signed: JSON with sorted keys and no spaces, in UTF-8."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(statement: dict[str, Any]) -> str:
    return base64.b64encode(private_key().sign(canonical(statement))).decode()


def is_signed(statement: dict[str, Any], signature: str, key: str | None = None) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key or public_key(), validate=True))
        public.verify(base64.b64decode(signature, validate=True), canonical(statement))
    except (InvalidSignature, ValueError):
        return False
    return True
