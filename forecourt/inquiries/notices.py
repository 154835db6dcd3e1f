"""What stands beside the contact form (11 CCR 7012)."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from forecourt.consent import policies
from forecourt.policy.policy import Use

COLLECTS = "answer-inquiry"


def use_of(now: datetime) -> Use | None:
    """None where the brand takes no messages by form: then the page has a phone number and an address alone."""
    return policies.in_force(now).uses.get(COLLECTS)


def at_collection(use: Use) -> tuple[tuple[str, str], ...]:
    return (
        ("What", "What you write, and one way to reach you if you give one."),
        ("Why", f"To {use.purpose}, and for nothing else."),
        ("Who sees it", "The one person of ours who answers it, and nobody else. Each look is written down."),
        ("How long", f"{use.keep[0].upper()}{use.keep[1:]}."),
        ("Sold?", "No. It is neither sold nor shared with anybody."),
    )


def public_addresses(now: datetime) -> Iterator[str]:
    """What search engines may list of this room, beside the contact page itself."""
    if use_of(now):
        yield reverse("inquiries:answered")
