"""What the law fixes, as dated values with their sources. The values lie in law.toml; code asks by name and time."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

FILE = Path(__file__).with_name("law.toml")


@dataclass(frozen=True, slots=True)
class Dated:
    start: datetime
    value: Any


@dataclass(frozen=True, slots=True)
class Article:
    """One thing that the law fixes; `values` oldest first."""

    key: str
    says: str
    sources: tuple[str, ...]
    values: tuple[Dated, ...]


def value(key: str, now: datetime) -> Any:
    """The value of `key` at `now` (aware). KeyError for a name that law.toml lacks, LookupError before its first day."""
    started = [dated for dated in article(key).values if dated.start <= now]
    if not started:
        raise LookupError(f"law.toml has no {key} for {now:%Y-%m-%d}")
    return started[-1].value


def changes(key: str, now: datetime) -> tuple[Dated, ...]:
    """What is known to change after `now`, and when."""
    return tuple(dated for dated in article(key).values if dated.start > now)


def sources(key: str) -> tuple[str, ...]:
    return article(key).sources


def article(key: str) -> Article:
    try:
        return articles()[key]
    except KeyError:
        raise KeyError(f"law.toml has no {key}; it has {', '.join(sorted(articles()))}") from None


@cache
def articles() -> dict[str, Article]:
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> dict[str, Article]:
    """The articles of a law file. ValueError where one lacks its words, its source, or its days in order."""
    found = {}
    for key, row in tomllib.loads(text).items():
        if set(row) != {"says", "sources", "values"} or not (row["says"] and row["sources"] and row["values"]):
            raise ValueError(f"law.toml [{key}] needs says, sources and values, and nothing else")
        values = tuple(Dated(_midnight(dated["from"]), _fixed(dated["value"])) for dated in row["values"])
        if any(later.start <= earlier.start for earlier, later in pairwise(values)):
            raise ValueError(f"law.toml [{key}] has its days out of order; write the oldest first")
        found[key] = Article(key, row["says"], tuple(row["sources"]), values)
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _fixed(raw: Any) -> Any:
    if isinstance(raw, list):
        return tuple(raw)
    return MappingProxyType(raw) if isinstance(raw, dict) else raw
