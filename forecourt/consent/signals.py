"""What a browser says of its own accord, in the headers of every request."""


def has_gpc(header: str | None) -> bool:
    """Whether `Sec-GPC` says no to sale and sharing: exactly "1", in any one header where several came.

    Servers join repeated headers with commas. Source: W3C Global Privacy Control, "The Sec-GPC Header Field" (R-CA-03).
    """
    return header is not None and any(value.strip(" \t") == "1" for value in header.split(","))


def has_dnt(header: str | None) -> bool:
    """Whether the old `DNT` was sent. It changes nothing, and the page says so (P-11-1)."""
    return header is not None and header.strip() == "1"
