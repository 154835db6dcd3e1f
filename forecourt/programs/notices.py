"""What stands beside each form (11 CCR 7012): what is asked for, why, who sees it, and how long it lives."""

from datetime import datetime, timedelta

from forecourt.consent import policies
from forecourt.programs.claims import ASKS
from forecourt.programs.pack import Kind, Program

WHAT = {
    Kind.MILITARY: "How you serve, your document, your name and one way to reach you.",
    Kind.DIPLOMATIC: "Whom you work for, your document, your name and one way to reach you.",
    Kind.MOBILITY: "What was fitted, the receipt and the sum, your name, one way to reach you, and where the check should go.",
    Kind.PROTECTION: "The product, your name and one way to reach you.",
}
SEES = {
    Kind.PROTECTION: "The one person of ours who answers you, and nobody else.",
}
ONE_PERSON = "The one person of ours who decides, and nobody else. Each look is written down."


def at_collection(program: Program, now: datetime) -> tuple[tuple[str, str], ...]:
    use = policies.find_use(ASKS[program.kind], now)
    if use is None:
        raise LookupError(f"The policy has no use {ASKS[program.kind]}; add it to uses.toml.")
    return (
        ("What", WHAT[program.kind]),
        ("Why", f"To {use.purpose}, and for nothing else."),
        ("Who sees it", SEES.get(program.kind, ONE_PERSON)),
        ("How long", f"{use.keep[0].upper()}{use.keep[1:]}."),
        ("Sold?", "No. It is neither sold nor shared with anybody."),
    )


def days(length: timedelta) -> str:
    return f"{length.days} day{'' if length.days == 1 else 's'}"
