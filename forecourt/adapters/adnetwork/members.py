"""How a network is told who somebody is: by a digest of the address, or by the pseudonym that it alone knows a browser by."""

import hashlib


def named(by: str, address: str) -> dict[str, str]:
    """SHA-256 of the address in small letters without spaces around it, in hexadecimal: what networks compare."""
    if by == "browser":
        return {"browser": address}
    return {f"{by}_sha256": hashlib.sha256(address.strip().lower().encode()).hexdigest()}
