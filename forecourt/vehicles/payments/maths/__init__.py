"""What a payment comes to: plain Python, Decimal throughout. Amounts are dollars to the cent; rates are percent a year, so 6.9 is 6.9%."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)


def cents(amount: Decimal) -> Decimal:
    """To the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)
