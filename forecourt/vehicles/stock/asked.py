"""What somebody asks of the stock, as it stands in the address:

    /stock/?condition=new&line=pipit.siskin&near=55802&within=100&sort=near

One question has one address, whoever asks it. Nothing of it is kept anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from forecourt.vehicles.stock.shelf import FACETS, SORTS, WITHIN

LONGEST_TEXT = 80
LONGEST_VALUE = 64
MOST_VALUES = 12
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


@dataclass(frozen=True, slots=True)
class Asked:
    """`sort` is "" where nobody chose an order; `after` is the slug of the last car of the part before."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    near: str = ""
    within: int | None = None
    sort: str = ""
    after: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Asked":
        chosen = {facet: found for facet in FACETS if (found := values(given, facet))}
        within = given.get("within", "")
        sort = given.get("sort", "")
        after = given.get("after", "")
        near = words(given.get("near", ""))
        return cls(
            chosen=chosen,
            text=words(given.get("q", "")),
            near=near,
            within=int(within) if near and within in map(str, WITHIN) else None,
            sort=sort if sort in SORTS and (sort != "near" or near) else "",
            after=after if 0 < len(after) <= LONGEST_VALUE and set(after) <= LETTERS else "",
        )

    @property
    def address(self) -> str:
        query = self.query
        return f"{reverse('stock:search')}{'?' if query else ''}{query}"

    @property
    def query(self) -> str:
        said: dict[str, Any] = {facet: ".".join(self.chosen[facet]) for facet in FACETS if facet in self.chosen}
        said |= {"q": self.text, "near": self.near, "within": self.within, "sort": self.sort, "after": self.after}
        return urlencode({key: value for key, value in said.items() if value})

    @property
    def is_empty(self) -> bool:
        return not (self.chosen or self.text or self.near)

    def without(self, facet: str, value: str = "") -> "Asked":
        """Without that value, or without anything said of the facet; from the first part on."""
        kept = tuple(each for each in self.chosen.get(facet, ()) if value and each != value)
        chosen = {key: those for key, those in self.chosen.items() if key != facet} | ({facet: kept} if kept else {})
        return replace(self, chosen=chosen, after="")

    def having(self, **changes: Any) -> "Asked":
        return replace(self, **{"after": "", **changes})


def values(given: QueryDict, facet: str) -> tuple[str, ...]:
    """Of "a.b" and of a form's boxes, in one order, each once."""
    found = {value for written in given.getlist(facet) for value in written.split(".")}
    fit = (value for value in found if 0 < len(value) <= LONGEST_VALUE and set(value) <= LETTERS)
    return tuple(sorted(fit)[:MOST_VALUES])


def words(typed: str) -> str:
    """In one line. NUL and its like are nothing that anybody types."""
    return " ".join("".join(each if each.isprintable() else " " for each in typed).split())[:LONGEST_TEXT].strip()
