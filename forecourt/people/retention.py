"""What is kept for a time goes on its day, whichever room keeps it, and leaves a receipt: which rule, how many, when.

A room adds its rules when it starts. A rule names the uses whose words on the policy's page it keeps, and finds its own rows.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from forecourt.people.models import Forgotten
from forecourt.policy.policy import Use

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """`keeps` tells whose words it keeps; `forget` deletes whatever is over at a moment, and says how many; twice is once."""

    name: str
    keeps: Callable[[Use], bool]
    forget: Callable[[datetime], int]


_rules: dict[str, Rule] = {}


def add_rule(name: str, uses: Collection[str] | Callable[[Use], bool], forget: Callable[[datetime], int]) -> None:
    """`uses` are names, or what tells the policy's uses that are meant from the others."""
    keeps = uses if callable(uses) else lambda use: use.id in uses
    _rules[name] = Rule(name, keeps, forget)


def rules() -> tuple[Rule, ...]:
    return tuple(_rules.values())


def run(now: datetime) -> int:
    """Every rule; how many rows went."""
    return sum(_follow(rule, now) for rule in rules())


def _follow(rule: Rule, now: datetime) -> int:
    try:
        with transaction.atomic():
            number = rule.forget(now)
            if number:
                Forgotten.objects.create(rule=rule.name, number=number, at=now)
    except Exception:
        # One that fails must not keep what the others would let go.
        log.exception("what “%s” is about was not forgotten", rule.name)
        return 0
    return number
