"""Who gets where: access.toml read, and held against the addresses that the site has.

An address that stands in no list, and a list that names an address that is gone, are findings of `forecourt policy check`.
"""

import inspect
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from forecourt.policy.check import Found

FILE = Path(__file__).with_name("access.toml")
OUTCOMES = ("in", "nothing", "sign in", "set up", "refused")
SIGNS = {"in": "in", "nothing": "–", "sign in": "sign in", "set up": "set up", "refused": "403"}


class BadAccess(Exception):
    """access.toml contradicts itself; the sentence says where."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`outcomes` has one for each role."""

    name: str
    says: str
    outcomes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """`path` as the resolver spells it; `name` is what reverse() knows it by."""

    path: str
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Access:
    roles: dict[str, str]
    rules: dict[str, Rule]
    lists: dict[str, str]  # an address, or the beginning of many with a *: the name of its rule

    def entry(self, path: str) -> str:
        """The entry that covers the address: itself, or the longest beginning; "" where none does."""
        if path in self.lists:
            return path
        begins = [one for one in self.lists if one.endswith("*") and path.startswith(one[:-1])]
        return max(begins, key=len, default="")

    def rule(self, path: str) -> Rule | None:
        entry = self.entry(path)
        return self.rules[self.lists[entry]] if entry else None


@cache
def access() -> Access:
    return read(FILE.read_text("utf-8"))


def read(source: str) -> Access:
    found = tomllib.loads(source)
    roles: dict[str, str] = found["roles"]
    rules = {name: _rule(name, row, roles) for name, row in found["rules"].items()}
    lists: dict[str, str] = {}
    for name, paths in found["routes"].items():
        if name not in rules:
            raise BadAccess(f"[routes] {name}: no rule is called so")
        for path in paths:
            if path in lists:
                raise BadAccess(f"{path} stands under {lists[path]} and under {name}")
            lists[path] = name
    return Access(roles, rules, lists)


def _rule(name: str, row: dict, roles: dict[str, str]) -> Rule:
    outcomes = dict.fromkeys(roles, row["rest"])
    named: set[str] = set()
    for outcome, those in row.items():
        if outcome in ("says", "rest"):
            continue
        if outcome not in OUTCOMES or set(those) - set(roles) or named & set(those):
            raise BadAccess(f"[rules.{name}] {outcome}: name each role once, under one of {', '.join(OUTCOMES)}")
        named |= set(those)
        outcomes |= dict.fromkeys(those, outcome)
    return Rule(name, row["says"], outcomes)


def routes() -> list[Route]:
    return list(_routes(get_resolver(), "", ()))


def _routes(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, here, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern):
            yield Route(here, ":".join((*spaces, pattern.name or "")), _where(pattern))


def _where(pattern: URLPattern) -> str:
    view = inspect.unwrap(pattern.callback)
    return f"{view.__module__}.{getattr(view, '__name__', type(view).__name__)}"


def unlisted() -> Iterator[Found]:
    """Addresses that nobody has said who gets to."""
    table = access()
    for route in routes():
        if not table.entry(route.path):
            yield Found(route.path, route.where)


def gone() -> Iterator[Found]:
    """Entries that cover no address any more. Outside the demo its own are not there."""
    table = access()
    used = {table.entry(route.path) for route in routes()}
    if not settings.DEMO:
        used |= {entry for entry, rule in table.lists.items() if rule == "demo"}
    lines = FILE.read_text("utf-8").splitlines()
    for entry in table.lists:
        if entry not in used:
            line = next((number for number, line in enumerate(lines, 1) if f'"{entry}"' in line), 1)
            yield Found(entry, f"forecourt/proof/access.toml:{line}")


def matrix() -> str:
    """docs/access-matrix.md: every rule by role, and every address by its rule."""
    table = access()
    lines = [
        "# Who gets where",
        "",
        "Written by `forecourt policy access` from `forecourt/proof/access.toml`; change that file. tests/access tries every address",
        "as every role, with real rows of two people: whatever belongs to one is asked for by the other.",
        "",
        "*sign in*: the page to sign in, and nothing else. *set up*: the second factor comes first. *403*: a page that says what would",
        "open it. *–*: as if there were no such thing, and nothing of anybody changes.",
        "",
        "## Roles",
        "",
        *(f"- **{role}**: {says}" for role, says in table.roles.items()),
        "",
        "## Rules",
        "",
        f"| rule | {' | '.join(table.roles)} |",
        f"|---|{'---|' * len(table.roles)}",
    ]
    for rule in table.rules.values():
        lines += [f"| {rule.name} | {' | '.join(SIGNS[rule.outcomes[role]] for role in table.roles)} |"]
    for rule in table.rules.values():
        lines += ["", f"## {rule.name[0].upper()}{rule.name[1:]}", "", f"{rule.says}.", ""]
        lines += [f"- `/{entry}`" for entry, name in sorted(table.lists.items()) if name == rule.name]
    return "\n".join(lines) + "\n"
