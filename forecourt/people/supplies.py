"""What we know of somebody from others. A field that came so carries its supplier's name as its source."""

import uuid

from forecourt.people.models import Sealed, Supplied

SOURCE = "supplier:"


def source_of(supplier: str) -> str:
    return f"{SOURCE}{supplier}"


def alone(contact_id: uuid.UUID) -> frozenset[str]:
    """The suppliers, where nobody else told us of this contact; empty where the person did."""
    suppliers = frozenset(Supplied.objects.filter(contact=contact_id).values_list("supplier", flat=True))
    if suppliers and Sealed.objects.filter(subject=contact_id).exclude(source__startswith=SOURCE).exists():
        return frozenset()
    return suppliers
