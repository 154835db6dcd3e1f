"""Promises that the tour can break, each with the mutant that the proof keeps for it.

Every process of the demo puts a switch in the seam; the switch asks one file, so that web and workers break and mend together.
"""

import functools
import json
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings

from forecourt.consent import closures
from forecourt.consent.models import Closure, Evidence
from forecourt.edge import page_news
from forecourt.proof import evidence, registry, runner, seams
from forecourt.proof.runner import Checked


class Chapter(StrEnum):
    DRIVE = "drive"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Break:
    """`mutant` names it as the proof does, `check` the one of the promise's checks that sees it; without one, all look. `title`,
    `story` and `look` (what to try meanwhile) are for the tour's page."""

    code: str
    mutant: str
    title: str
    story: str
    look: str
    chapter: Chapter = Chapter.DRIVE
    check: str = ""

    @property
    def promise(self) -> str:
        return self.mutant.partition(":")[0]

    @property
    def checks(self) -> tuple[str, ...]:
        return (self.check,) if self.check else ()


BREAKS = {
    one.code: one
    for one in (
        Break(
            "stop",
            "P-3F-5:stop_is_confirmed_and_not_written_down",
            "A text after STOP",
            "STOP is heard, confirmed, and written down nowhere: the failure that fines in this field are made of.",
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
        Break(
            "deaf",
            "P-10D-1:tags_read_a_no_as_a_yes",
            "A no that is not obeyed",
            "Your no is written down, confirmed and shown, and the ad network’s tag takes it for a yes.",
            "The tag is out of every page until it is mended, also for whoever said yes.",
            Chapter.NO,
            "no_partner_hears_of_a_visitor_who_said_no",
        ),
        Break(
            "paste",
            "P-10-2:a_picture_is_pasted_in",
            "A counter pasted into every page",
            "Somebody puts another company’s invisible picture at the foot of each page, and tells nobody.",
            "Your browser does not load it: the rules that came with the page let no such host in.",
            Chapter.NO,
            "a_new_browser_is_left_as_it_came",
        ),
        Break(
            "cookie",
            "P-10-2:a_rogue_cookie",
            "A cookie that nobody declared",
            "Every answer brings a cookie that stands on no list of ours, past the rule that would have dropped it.",
            "Your browser has one now: our list of cookies names it as not ours. It goes when you close the browser.",
            Chapter.NO,
            "a_visit_brings_only_what_the_list_has",
        ),
        Break(
            "banner",
            "S-31:a_banner_covers_the_choices",
            "A banner over the way to a no",
            "“Join the club!” lies on top of Your Privacy Choices, on every page. Nobody meant it; nobody looked for weeks.",
            "Look at the foot of this page.",
            Chapter.NO,
            "the_way_to_a_no_can_be_pressed",
        ),
        Break(
            "heavy",
            "S-31:yes_weighs_more",
            "A heavier yes",
            "On the page of choices each Yes becomes large and bold. Each No stays as it was.",
            "Look at Your Privacy Choices.",
            Chapter.NO,
            "no_is_as_easy_as_yes",
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
        switch = _switch_in_every_answer if mutant.seam in settings.MIDDLEWARE else _switch
        seams.put(mutant.seam, functools.partial(switch, one.code, mutant.replace))


def _switch(code: str, replace: Callable[[Any], Any], original: Any) -> Any:
    broken = replace(original)

    @functools.wraps(original)
    def either(*args: Any, **kwargs: Any) -> Any:
        return (broken if code in broken_now() else original)(*args, **kwargs)

    return either


def _switch_in_every_answer(code: str, replace: Callable[[Any], Any], original: Any) -> Any:
    """What answers requests is put together once, when the server starts: so both ways are, and each request takes one."""

    @functools.wraps(original)
    def put_together(get_response: Any) -> Any:
        return _switch(code, lambda sound: replace(original)(get_response), original(get_response))

    return put_together


def press(code: str) -> list[Checked]:
    """Break it, and let its checks look: two failures in a row close what rests on the promise."""
    _write(broken_now() | {code})
    one = BREAKS[code]
    looked_for = next(mutant.finding for mutant in registry.mutants([one.promise]) if mutant.id == one.mutant)
    return runner.run([one.promise], only=one.checks, enough=looked_for)


def mend(code: str) -> list[Checked]:
    """Mend it, and let its checks look: a second time where the first still found what had left while it was broken."""
    _write(broken_now() - {code})
    one = BREAKS[code]
    needed = (*one.checks, *_without_a_pass(one.promise)) if one.check else ()
    checked = runner.run([one.promise], only=needed)
    if one.promise in closures.open_closures() and any(look.findings for look in checked):
        return runner.run([one.promise], only=needed)
    return checked


def _without_a_pass(promise: str) -> list[str]:
    """Whoever came by while it was broken, and whoever has not come yet: it opens again when none of them is left."""
    names = [probe.name for probe in registry.probes([promise])]
    newest = {name: evidence.last_conclusive(promise, name, 1) for name in names}
    return [name for name, rows in newest.items() if not rows or rows[0].outcome != Evidence.Outcome.GREEN]


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


def states(chapter: Chapter, uses: Collection[Any]) -> list[State]:
    """`uses` are those of the policy in force."""
    broken = broken_now()
    found = []
    for one in BREAKS.values():
        if one.chapter is not chapter:
            continue
        closure = Closure.objects.filter(promise=one.promise, until=None).first()
        looks = Evidence.objects.filter(promise=one.promise, **({"probe": one.check} if one.check else {}))
        last = looks.order_by("-at", "-id").first()
        outcome, said = (last.outcome, last.finding) if last else ("", "")
        seen = said if outcome == Evidence.Outcome.RED else ""
        # Where one check looks, what that one found; another break of the same promise has its own.
        finding = seen if one.check else closure.finding if closure else ""
        could_not = said if outcome == Evidence.Outcome.GREY else ""
        closed = tuple(use.purpose for use in uses if one.promise in use.rests_on and use.closes) if closure else ()
        found.append(State(one, one.code in broken, finding, could_not, closed))
    return found


def _write(codes: frozenset[str]) -> None:
    _only_in_the_demo()
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(sorted(codes)))
    os.replace(draft, file)
    page_news.announce()  # pages that were kept from before would hide it


def _file() -> Path:
    return Path(settings.VAR) / "demo" / "broken.json"


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise OutsideTheDemo("Promises can be broken in the demo only.")
