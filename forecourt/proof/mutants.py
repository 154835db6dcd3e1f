"""Would the checks notice? Each mutant breaks one named place in a copy of everything; its probe has to say so.

Green before, and red after with the expected finding. A probe that could not run, an error, or another finding does not
count: the mutant survived, and somebody has to look.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forecourt.proof import registry, runner, seams
from forecourt.proof.evidence import Outcome
from forecourt.proof.registry import Mutant
from forecourt.proof.runner import Checked


class Fate(StrEnum):
    CAUGHT = "caught"
    SURVIVED = "survived"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Trial:
    mutant: str
    seam: str
    fate: Fate
    says: str
    took: float


def try_out(
    mutant: Mutant, before: Mapping[tuple[str, str], Checked], check: Callable[..., Checked] = runner.check
) -> Trial:
    """In this process and its database, both of which are to be thrown away. `before` is what the checks said untouched."""
    began = time.monotonic()
    fate, says = _fate(mutant, before, check)
    return Trial(mutant.id, mutant.seam, fate, says, time.monotonic() - began)


def _fate(mutant: Mutant, before: Mapping[tuple[str, str], Checked], check: Callable[..., Checked]) -> tuple[Fate, str]:
    # The check that was written beside the mutant is the likeliest to notice it.
    probes = sorted(
        registry.probes([mutant.promise]), key=lambda one: one.check.__module__ != mutant.replace.__module__
    )
    told = [before[probe.promise, probe.name] for probe in probes]
    if not_green := [
        f"{one.probe.name} was {one.outcome} before: {one.finding}" for one in told if one.outcome != Outcome.GREEN
    ]:
        return Fate.NOT_TRIED, "; ".join(not_green)
    said: list[str] = []
    with seams.replaced(mutant.seam, mutant.replace):
        for probe in probes:
            after = check(probe, enough=mutant.finding)
            if after.outcome == Outcome.RED and any(mutant.finding in finding for finding in after.findings):
                return Fate.CAUGHT, after.finding
            if after.outcome != Outcome.GREEN:
                said.append(f"{probe.name} was {after.outcome}: {after.finding}")
    return Fate.SURVIVED, "; ".join(said) or "no check noticed"


def untouched(promises: Iterable[str], tell: Callable[[Checked], None]) -> dict[tuple[str, str], Checked]:
    """What the checks of these promises say before anything is broken."""
    found = {}
    for probe in registry.probes(promises):
        found[probe.promise, probe.name] = checked = runner.check(probe)
        tell(checked)
    return found
