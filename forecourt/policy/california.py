"""What California's notice says of each kind of data, made from a version's uses: why, kept how long, given to whom, sold or not.

Source: Cal. Civ. Code 1798.100(a), 1798.110(c), 1798.115(c), 1798.130(a)(5); 11 CCR 7011, 7012.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from forecourt.policy import law
from forecourt.policy.categories import is_covered, is_sensitive
from forecourt.policy.policy import Action, Policy, Use
from forecourt.policy.sales import OUTSIDE, Disclosure, disclosure

Thing = TypeVar("Thing")
# By these something comes to be with us, or with a network through our pages; the others use what is there.
COLLECTING = frozenset({Action.COLLECT, Action.COOKIE, Action.TAG})
BY_THE_BROWSER = ("user.device", "user.unique_id", "user.telemetry", "user.behavior")


@dataclass(frozen=True, slots=True)
class Kept:
    """Why it is collected, and how long it is kept for that."""

    purpose: str
    keep: str


@dataclass(frozen=True, slots=True)
class Given:
    """Who gets it, why, and what that is in law. A recipient is named by its code."""

    to: str
    purpose: str
    what: Disclosure


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of California's law. `data` are our kinds in it; `used` what is done with it beside collecting."""

    name: str
    data: tuple[str, ...]
    collected: tuple[Kept, ...]
    used: tuple[str, ...]
    given: tuple[Given, ...]
    sensitive: tuple[str, ...]

    @property
    def is_sold(self) -> bool:
        return any(one.what in OUTSIDE for one in self.given)

    @property
    def is_shared(self) -> bool:
        """For ads that follow somebody across sites: what the law calls sharing."""
        return any(one.what is Disclosure.SHARING for one in self.given)

    @property
    def is_from_browsers(self) -> bool:
        return any(is_covered(one, BY_THE_BROWSER) for one in self.data)

    @property
    def is_from_people(self) -> bool:
        return not all(is_covered(one, BY_THE_BROWSER) for one in self.data)


def categories(policy: Policy, now: datetime) -> tuple[Category, ...]:
    """Those of which `policy` names any data, in the law's order as of `now` (aware)."""
    named: dict[str, list[str]] = {name: [] for name in law.value("california_categories", now)}
    for data in dict.fromkeys(data for use in policy.uses.values() for data in use.data):
        named[category_of(data, now)].append(data)
    return tuple(_category(policy, name, tuple(data), now) for name, data in named.items() if data)


def category_of(data: str, now: datetime) -> str:
    """The law's kind with the longest name that covers it. LookupError for data that no kind covers."""
    covering: list[tuple[int, str]] = [
        (len(prefix), name)
        for name, prefixes in law.value("california_categories", now).items()
        for prefix in prefixes
        if is_covered(data, (prefix,))
    ]
    if not covering:
        raise LookupError(f"law.toml has no Californian kind for {data}; add it to california_categories")
    return max(covering)[1]


def _category(policy: Policy, name: str, data: tuple[str, ...], now: datetime) -> Category:
    uses = [use for use in policy.uses.values() if set(use.data) & set(data)]
    return Category(
        name=name,
        data=data,
        collected=tuple(once(Kept(use.purpose, use.keep) for use in uses if use.action in COLLECTING)),
        used=tuple(once(use.purpose for use in uses if use.action not in COLLECTING)),
        given=tuple(once(given for use in uses for given in _given(policy, use, now))),
        sensitive=tuple(one for one in data if is_sensitive(one)),
    )


def _given(policy: Policy, use: Use, now: datetime) -> Iterable[Given]:
    for code in (use.to, use.through):
        if code:
            yield Given(code, use.purpose, disclosure(policy, use, now))


def once(things: Iterable[Thing]) -> list[Thing]:
    return list(dict.fromkeys(things))
