"""Would the checks notice? Each mutant breaks one named place in a copy of everything; its probe has to say so.

Green before, and red after with the expected finding. A probe that could not run, an error, or another finding does not
count: the mutant survived, and somebody has to look.
"""

import time
from collections.abc import Callable
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


def try_out(mutant: Mutant, check: Callable[..., Checked] = runner.check) -> Trial:
    """In this process and its database, both of which are to be thrown away."""
    began = time.monotonic()
    fate, says = _fate(mutant, check)
    return Trial(mutant.id, mutant.seam, fate, says, time.monotonic() - began)


def _fate(mutant: Mutant, check: Callable[..., Checked]) -> tuple[Fate, str]:
    probes = registry.probes([mutant.promise])
    if not probes:
        return Fate.NOT_TRIED, f"{mutant.promise} has no probe"
    # All look before anything is broken: what a mutant lets through stays in its copy for the next probe to find.
    before = [check(probe) for probe in probes]
    if unfit := [look for look in before if look.outcome != Outcome.GREEN]:
        return Fate.NOT_TRIED, "; ".join(f"{look.probe.name} was {look.outcome} before: {look.finding}" for look in unfit)
    said: list[str] = []
    for probe in probes:
        with seams.replaced(mutant.seam, mutant.replace):
            after = check(probe)
        if after.outcome == Outcome.RED and any(mutant.finding in finding for finding in after.findings):
            return Fate.CAUGHT, after.finding
        if after.outcome != Outcome.GREEN:
            said.append(f"{probe.name} was {after.outcome}: {after.finding}")
    return Fate.SURVIVED, "; ".join(said) or "no check noticed"
