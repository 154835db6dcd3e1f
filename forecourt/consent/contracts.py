"""What each recipient signed. Rows are added, never changed: a renewal is a new row."""

from collections.abc import Collection
from datetime import datetime

from forecourt.consent.models import SignedContract
from forecourt.policy.decide import Contract


def register(
    recipient: str, version: str, terms: Collection[str], starts: datetime, ends: datetime, now: datetime
) -> bool:
    """Add a signed contract; False when that version stands already. A version once signed does not change."""
    terms = sorted(terms)
    signed, added = SignedContract.objects.get_or_create(
        recipient=recipient,
        version=version,
        defaults={"terms": terms, "starts": starts, "ends": ends, "recorded_at": now},
    )
    if not added and (signed.terms, signed.starts, signed.ends) != (terms, starts, ends):
        raise ValueError(
            f"The contract {version} of {recipient} is recorded with other terms or dates. "
            "Give the changed contract a version of its own."
        )
    return added


def current(recipient: str, now: datetime) -> Contract | None:
    """The contract that runs now, else the last one that did (so that a refusal can say that it ended), else none."""
    signed = (
        SignedContract.objects.filter(recipient=recipient, starts__lte=now).order_by("-ends", "-recorded_at").first()
    )
    if signed is None:
        return None
    return Contract(signed.version, frozenset(signed.terms), signed.starts, signed.ends)
