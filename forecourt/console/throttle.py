"""Keys of the shared cache as digests: what is counted by network address or handle names neither."""

import hashlib
import hmac

from django.conf import settings


def key(name: str, prefix: str, version: int) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"{prefix}:{version}:{name}".encode(), hashlib.sha256).hex()
