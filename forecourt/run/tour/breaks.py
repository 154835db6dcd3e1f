"""Promises that the tour can break, each with the mutant that the proof keeps for it.

Every process of the demo puts a switch in the seam; the switch asks one file, so that web and workers break and mend together.
"""

import functools
import json
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from forecourt.consent import closures
from forecourt.consent.models import Closure, Evidence
from forecourt.proof import registry, runner, seams
from forecourt.proof.runner import Checked


@dataclass(frozen=True, slots=True)
class Break:
    """`mutant` names it as the proof does. `title`, `story` and `look` (what to try meanwhile) are for the tour's page."""

    code: str
    mutant: str
    title: str
    story: str
    look: str

    @property
    def promise(self) -> str:
        return self.mutant.partition(":")[0]


BREAKS = {
    one.code: one
    for one in (
        Break(
            "stop",
            "P-3F-5:stop_is_confirmed_and_not_written_down",
            "A text after STOP",
            "STOP is heard, confirmed, and written down nowhere: the failure behind half the fines of this field.",
            "Texts wait until it is mended. Bookings go on, and so does STOP.",
        ),
        Break(
            "link",
            "S-37:policy_link_is_covered",
            "A link covered over",
            "The way to the privacy policy stands at the foot of each page, and a banner lies on top of it.",
            "Look at the foot of this page.",
        ),
        Break(
            "lead",
            "P-3-6:contract_is_not_asked_for",
            "A lead to a dealer without contract",
            "A dealer whose contract has run out gets the next customer’s name and number all the same.",
            "Leads wait until it is mended. Bookings go on.",
        ),
    )
}


class OutsideTheDemo(Exception):
    """Nothing can be broken where real people are."""


def install() -> None:
    """Put the switches in; for the demo's own server and workers, before they answer anybody."""
    _only_in_the_demo()
    mutants = {mutant.id: mutant for mutant in registry.mutants()}
    for one in BREAKS.values():
        mutant = mutants[one.mutant]
        seams.put(mutant.seam, functools.partial(_switch, one.code, mutant.replace))


def _switch(code: str, replace: Callable[[Any], Any], original: Any) -> Any:
    broken = replace(original)

    @functools.wraps(original)
    def either(*args: Any, **kwargs: Any) -> Any:
        return (broken if code in broken_now() else original)(*args, **kwargs)

    return either


def press(code: str) -> list[Checked]:
    """Break it, and let its checks look: two failures in a row close what rests on the promise."""
    _write(broken_now() | {code})
    return runner.run([BREAKS[code].promise])


def mend(code: str) -> list[Checked]:
    """Mend it, and let its checks look: a second time where the first still found what had left while it was broken."""
    _write(broken_now() - {code})
    promise = BREAKS[code].promise
    checked = runner.run([promise])
    return runner.run([promise]) if promise in closures.open_closures() else checked


def broken_now() -> frozenset[str]:
    try:
        return frozenset(json.loads(_file().read_text()))
    except FileNotFoundError:
        return frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """One break as the tour shows it. `finding` is what the checks said, `missed` why they could not."""

    one: Break
    broken: bool
    finding: str
    missed: str
    closed: tuple[str, ...]


def states(uses: Collection[Any]) -> list[State]:
    """`uses` are those of the policy in force."""
    broken = broken_now()
    found = []
    for one in BREAKS.values():
        closure = Closure.objects.filter(promise=one.promise, until=None).first()
        last = Evidence.objects.filter(promise=one.promise).order_by("-at", "-id").first()
        could_not = last.finding if last and last.outcome == Evidence.Outcome.GREY else ""
        closed = tuple(use.purpose for use in uses if one.promise in use.rests_on and use.closes) if closure else ()
        found.append(State(one, one.code in broken, closure.finding if closure else "", could_not, closed))
    return found


def _write(codes: frozenset[str]) -> None:
    _only_in_the_demo()
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(sorted(codes)))
    os.replace(draft, file)


def _file() -> Path:
    return Path(settings.VAR) / "demo" / "broken.json"


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise OutsideTheDemo("Promises can be broken in the demo only.")
