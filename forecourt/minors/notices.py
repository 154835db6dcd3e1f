"""What stands beside the form that reports a child's data (11 CCR 7012)."""

from datetime import datetime

from forecourt.consent import policies
from forecourt.minors import consents

COLLECTS = "report-child"


def may_report(now: datetime) -> bool:
    return COLLECTS in policies.in_force(now).uses


def may_ask(now: datetime) -> bool:
    """Whether a parent can be asked: where the brand keeps nothing of children at all, nobody is."""
    return consents.COLLECTS in policies.in_force(now).uses


def at_collection(now: datetime) -> tuple[tuple[str, str], ...]:
    use = policies.in_force(now).uses[COLLECTS]
    return (
        ("At once", "Whatever we hold under that address is out of every use before the next page opens."),
        (
            "Then",
            "A person of ours looks at it, and everything of the child is erased, also where we had passed it on.",
        ),
        ("What", "The address, what you write, and one way to reach you if you give one."),
        ("Why", f"To {use.purpose}, and for nothing else."),
        ("How long", f"{use.keep[0].upper()}{use.keep[1:]}."),
        ("Sold?", "No. It is neither sold nor shared with anybody."),
    )
