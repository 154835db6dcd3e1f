"""Domain names as DNS has them."""

import idna


class BadDomain(ValueError):
    """DNS cannot have it."""


def in_ascii(domain: str) -> str:
    """Lower case, and international names in their ASCII form (IDNA 2008)."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise BadDomain("An address has a domain that DNS cannot have.") from None
