"""Short secrets of the installation itself, such as second factors, under one key that lies outside the database.

People's values do not belong here: each person has a key of their own, in the vault.
"""

import base64
from functools import cache
from pathlib import Path

from forecourt.adapters import cipher, secret_files
from forecourt.environment import SECRETS

KEY_FILE = SECRETS / "strongbox-key"


def seal(purpose: str, text: str) -> str:
    """Sealed for one purpose: what is copied to another place does not open there."""
    return base64.urlsafe_b64encode(cipher.seal(_key(KEY_FILE), text.encode(), purpose.encode())).decode()


def open(purpose: str, sealed: str) -> str:
    try:
        return cipher.open(_key(KEY_FILE), base64.urlsafe_b64decode(sealed), purpose.encode()).decode()
    except (cipher.Broken, ValueError):
        raise cipher.Broken(f"Does not open with {KEY_FILE}. Put back the key that belongs to this database.") from None


@cache
def _key(file: Path) -> bytes:
    return secret_files.read_or_make(file, cipher.new_key)
