"""May this browser, or this contact, be tagged, counted or remembered? Asked of decide(), when the choice is known."""

from dataclasses import replace
from datetime import datetime

from forecourt.consent import closures
from forecourt.consent.choices import Choices
from forecourt.policy.decide import Decision, Facts, decide
from forecourt.policy.policy import Policy


def judge(policy: Policy, use: str, choices: Choices, now: datetime, *, recipient: str = "") -> Decision:
    facts = Facts(
        signal=choices.signal,
        said_yes=choices.said_yes,
        said_no=choices.said_no,
        age=choices.age,
        recipient=recipient,
    )
    decision = decide(policy, use, facts, now)
    if not decision.allowed:
        return decision
    # Which promises are closed costs a journey to the database, which whoever said no should not make anybody take.
    return decide(policy, use, replace(facts, closed_promises=closures.open_closures()), now)
