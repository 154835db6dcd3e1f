"""The checks' own visitors use the same site; the tour shows theirs apart from what a newcomer did."""

from forecourt.adapters import synthetic


def is_of_a_check(address: str) -> bool:
    """Of an email address or a phone number. The first of their area codes is left to newcomers."""
    if address.startswith("+"):
        return address[2:5] in synthetic.AREA_CODES[1:] and synthetic.is_synthetic(address)
    return address.endswith(f"@{synthetic.DOMAIN}")
