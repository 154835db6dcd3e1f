"""One line of the table of results."""

Row = dict[str, str | float | None]


def row(name: str, value: float, unit: str, *, peer: str | None = None, peer_value: float | None = None) -> Row:
    """`ratio` is ours to the peer's, where both are measured in one run and a quotient means something."""
    ratio = round(value / peer_value, 2) if peer_value else None
    return {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio}
