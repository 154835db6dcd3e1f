"""A name for one browser that one network alone gets: two networks that compare theirs find nothing in common."""

import hashlib
import hmac


def of(token: str, network: str) -> str:
    """`token` is what the `browser` cookie holds; the network never sees it, and cannot get back to it."""
    return hmac.new(token.encode(), f"known to {network} as".encode(), hashlib.sha256).hexdigest()[:32]
