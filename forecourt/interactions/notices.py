"""What stands beside the form, word for word: it is shown, and kept with the choice that was made beside it."""

from datetime import datetime

from forecourt.consent import policies
from forecourt.dealers.models import Dealer
from forecourt.web.brand import brand

BOOKING = "book-test-drive"

CANNOT_TEXT = "We can text numbers in the United States only. Without texts, everything else stays as it is."


def at_collection(dealer: Dealer, now: datetime) -> tuple[tuple[str, str], ...]:
    """What is asked for, why, who sees it, for how long: the law wants it beside the fields (11 CCR 7012)."""
    use = policies.find_use(BOOKING, now)
    if use is None:
        raise LookupError(f"The policy has no use {BOOKING}; add it to uses.toml.")
    return (
        ("What", "Your name, one way to reach you, the car and the time."),
        ("Why", f"To {use.purpose}, and so that {dealer.name} can prepare it."),
        ("Who sees it", f"We do, and {dealer.name}. The companies that carry our email and texts see what they carry."),
        ("How long", f"We keep it {use.keep}."),
        ("Sold?", "No. It is neither sold nor shared for advertising."),
    )


def as_text(rows: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{term}: {words}" for term, words in rows)


def texts_label() -> str:
    return "Text me about this test drive"


def texts_cost() -> str:
    return (
        f"From {brand().name}: one confirmation, one reminder the day before, and one text for each change. "
        "Message and data rates may apply. Reply STOP to end them, HELP for help."
    )


def texts_terms() -> str:
    """Who, what for, how often, what it may cost, and how it ends: all that a yes to texts must have beside it."""
    return f"{texts_cost()} Leaving this empty changes nothing else."


def texts_sentence() -> str:
    return f"{texts_label()}. {texts_terms()}"


def texts_offer() -> str:
    """The same yes on the booking's own page, where nothing stands empty beside it."""
    return f"{texts_label()}. {texts_cost()}"


def remember_terms(days: int) -> str:
    """What the box keeps, where and how long, and where it has no place."""
    return (
        f"We keep your name and your email address or number, encrypted, for {days} days or until you say forget. "
        "Leave it empty on a device that others use too."
    )
