"""Strictest wins: where a `never` row and a use disagree, the row binds, and the check names the pair."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from forecourt.policy.categories import is_covered
from forecourt.policy.policy import Never, Policy, Use


def is_forbidden(row: Never, use: Use, data: Collection[str], sources: Collection[str]) -> bool:
    """Whether `row` covers this use of `data` from a contact known from `sources`.

    A row about a source binds only where that is the only one: somebody who booked a drive is no longer only on the list.
    """
    if row.source and set(sources) != {row.source}:
        return False
    return _meets(row, use) and (not row.data or any(_touches(category, row.data) for category in data))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A use that a stricter sentence narrows; `wholly` if nothing of it is left."""

    use: Use
    row: Never
    wholly: bool

    @property
    def pair(self) -> tuple[str, str]:
        return self.use.rests_on[0] if self.use.rests_on else self.use.id, self.row.promise

    @property
    def says(self) -> str:
        what = "everything" if self.wholly else "part of what"
        rests = ", ".join(self.use.rests_on) or "no sentence"
        return f"{self.row.promise} forbids {what} {self.use.id} does (it rests on {rests}); {self.row.promise} binds"


def conflicts(policy: Policy) -> Iterator[Conflict]:
    """Each pair of a use and a `never` row that disagree."""
    for use in policy.uses.values():
        for row in policy.never:
            if not _meets(row, use):
                continue
            touched = [category for category in use.data if not row.data or _touches(category, row.data)]
            if touched or not row.data:
                wholly = not row.source and (not row.data or all(is_covered(one, row.data) for one in use.data))
                yield Conflict(use, row, wholly)


def _meets(row: Never, use: Use) -> bool:
    return (
        row.action in ("", use.action)
        and row.to in ("", use.to, use.through)
        and (not row.about or use.about in ("", row.about))
    )


def _touches(category: str, data: Collection[str]) -> bool:
    """Either names a part of the other: sharing `user.contact` shares the email address that `user.contact.email` guards."""
    return is_covered(category, data) or any(is_covered(one, (category,)) for one in data)
