"""AES-256-GCM with associated data (NIST SP 800-38D), for what is sealed and for the keys that seal it.

    sealed = format (1 byte) | nonce (12) | ciphertext | tag (16)

Nonces are random, so one key may seal 2^32 values. A subject's key seals a handful; the key-encryption key wraps one key a
subject and is rotated long before that.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_256_GCM = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class Broken(ValueError):
    """The bytes do not open: another key, other associated data, damage, or a format that this version does not know."""


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, associated: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return bytes([AES_256_GCM]) + nonce + _cipher(key).encrypt(nonce, plain, associated)


def open(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    if len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
        raise Broken("Too short for a sealed value.")
    if sealed[0] != AES_256_GCM:
        raise Broken(f"Sealed in format {sealed[0]}; this version reads format {AES_256_GCM} only.")
    nonce = sealed[1 : 1 + NONCE_BYTES]
    try:
        return _cipher(key).decrypt(nonce, sealed[1 + NONCE_BYTES :], associated)
    except InvalidTag:
        raise Broken("Does not open with this key and these associated data.") from None


def wrap(wrapping_key: bytes, key: bytes, owner: bytes) -> bytes:
    """Seal a key for its owner's id. Unlike RFC 3394 this binds the two, so keys cannot be swapped between owners."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} bytes, not {len(key)}.")
    return seal(wrapping_key, key, b"key|" + owner)


def unwrap(wrapping_key: bytes, wrapped: bytes, owner: bytes) -> bytes:
    return open(wrapping_key, wrapped, b"key|" + owner)


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"AES-256 needs a key of {KEY_BYTES} bytes, not {len(key)}.")
    return AESGCM(key)
