"""What a check may touch: visitors of its own, and what left because of them. It leaves the place as it found it."""

from datetime import datetime, timedelta
from functools import cached_property

from forecourt.consent import policies
from forecourt.consent.models import Evidence
from forecourt.policy.policy import Policy
from forecourt.proof.browser import Browser, Page
from forecourt.proof.visitor import Visitor


class World:
    """`looked_at` counts what a check examined: a check that examined nothing says nothing. `last`: when it last looked."""

    def __init__(self, now: datetime, last: Evidence | None = None) -> None:
        self.now = now
        # By the clock, and by transaction too: a visitor lives ahead of the clock, so a failure of theirs would count for long.
        self.since = min(last.at, now) if last else now - timedelta(hours=25)
        self.from_tx = last.tx if last else 0
        self.looked_at = 0
        self._visitors: list[Visitor] = []

    def look(self, things: int = 1) -> None:
        self.looked_at += things

    def visitor(self, **signals: bool) -> Visitor:
        visitor = Visitor(self, Browser(**signals))
        self._visitors.append(visitor)
        return visitor

    def get(self, address: str) -> Page:
        """A page as somebody sees it who is new here."""
        self.look()
        return Browser().get(address)

    @cached_property
    def policy(self) -> Policy:
        return policies.in_force(self.now)

    def leave(self) -> None:
        for visitor in self._visitors:
            visitor.leave()
