"""Runs checks, keeps what they found, and closes what rests on a promise that failed twice.

A failure is looked at again at once, with another visitor: only two in a row close. What could not run closes and opens
nothing. Checks see no promise as closed, in this thread of execution alone, so that each can recover by itself.
"""

import fcntl
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from forecourt.adapters import clock
from forecourt.consent import closures, policies
from forecourt.consent.models import Evidence
from forecourt.proof import audits, evidence, registry, seams
from forecourt.proof.evidence import Outcome
from forecourt.proof.registry import CouldNotRun, Probe
from forecourt.proof.revision import revision
from forecourt.proof.world import World

REDS_THAT_CLOSE = 2
# Between two promises, so that whoever waits to have one looked at gets in between.
BREATH = 0.02


@dataclass(frozen=True, slots=True)
class Checked:
    """What one look found. `findings` is empty unless red; `why` is said of a grey; `tx`: transactions below had ended."""

    probe: Probe
    outcome: Outcome
    findings: tuple[str, ...]
    why: str
    looked_at: int
    took: float
    at: datetime
    tx: int

    @property
    def finding(self) -> str:
        return "; ".join(self.findings) or self.why


def check(probe: Probe, now: datetime | None = None, last: Evidence | None = None, *, enough: str = "") -> Checked:
    """Look once, at what happened since the `last` look, and no further than a finding that says `enough`. Whatever goes wrong with
    the looking itself is grey: neither a pass nor a failure."""
    at = now or clock.now()
    began = time.monotonic()
    tx = audits.oldest_open()
    # A restored database counts its transactions anew, so a mark from the future means: what the clock alone says.
    world = World(at, last if last is None or last.tx <= tx else None)
    findings: tuple[str, ...] = ()
    outcome, why = Outcome.GREY, ""
    try:
        found = probe.check(world.visitor() if probe.wants == "visitor" else world) or ()
        findings = tuple(dict.fromkeys(up_to(found, enough)))
        outcome = Outcome.RED if findings else Outcome.GREEN
        if not findings and not world.looked_at:
            outcome, why = Outcome.GREY, "could not run: it found nothing to look at"
    except CouldNotRun as reason:
        why = f"could not run: {reason}"
    except Exception as error:
        # The type alone: an error's words may hold somebody's data.
        why = f"could not run: {type(error).__name__}"
    finally:
        world.leave()
    return Checked(probe, outcome, findings, why, world.looked_at, time.monotonic() - began, at, tx)


def up_to(findings: Iterable[str], enough: str) -> Iterator[str]:
    for finding in findings:
        yield finding
        if enough and enough in finding:
            if isinstance(findings, Generator):
                findings.close()  # a check may hold a browser open
            return


def run(
    promises: Iterable[str] = (),
    now: datetime | None = None,
    tell: Callable[[Checked], None] = lambda checked: None,
    *,
    only: Collection[str] = (),
    enough: str = "",
) -> list[Checked]:
    """Check the named promises, or all of the policy in force; keep signed evidence, close and reopen. For whoever waits: `only`
    names checks, and none looks further than a finding that says `enough`."""
    wanted = set(promises) or set(policies.in_force(now or clock.now()).sentences)
    results: list[Checked] = []
    for promise in dict.fromkeys(probe.promise for probe in registry.probes(wanted)):
        with alone():
            results += _look_at(promise, now, tell, only, enough)
        time.sleep(BREATH)
    return results


def _look_at(
    promise: str, now: datetime | None, tell: Callable[[Checked], None], only: Collection[str], enough: str
) -> list[Checked]:
    results = []
    for probe in registry.probes([promise]):
        if only and probe.name not in only:
            continue
        before = evidence.last_conclusive(probe.promise, probe.name, 1)
        last = before[0] if before else None
        with as_if_open():
            looks = [check(probe, now, last, enough=enough)]
            if looks[-1].outcome == Outcome.RED:
                looks.append(check(probe, now, last, enough=enough))
        for checked in looks:
            keep(checked)
        results.append(looks[-1])
        tell(looks[-1])
    settle(promise, now or clock.now())
    return results


@contextmanager
def alone() -> Iterator[None]:
    """One promise at a time on one machine: two checks would share telephones, and the later outcome has to be the newer one."""
    with open(settings.VAR / "proof.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(checked: Checked) -> Evidence:
    return evidence.add(
        checked.probe,
        checked.outcome,
        checked.finding,
        checked.looked_at,
        checked.at,
        revision=revision(),
        policy_version=policies.in_force(checked.at).version,
        tx=checked.tx,
    )


def settle(promise: str, now: datetime) -> None:
    """Close after two failures of one probe in a row; open again when the newest word of every probe is a pass."""
    newest = {
        probe.name: evidence.last_conclusive(promise, probe.name, REDS_THAT_CLOSE)
        for probe in registry.probes([promise])
    }
    failed = [
        rows[0]
        for rows in newest.values()
        if len(rows) == REDS_THAT_CLOSE and all(row.outcome == Outcome.RED for row in rows)
    ]
    if failed:
        closures.close(promise, evidence.in_short(failed[0].finding, 200), now)
    elif newest and all(rows and rows[0].outcome == Outcome.GREEN for rows in newest.values()):
        closures.reopen(promise, now)


_on_trial: ContextVar[bool] = ContextVar("on_trial", default=False)


@contextmanager
def as_if_open() -> Iterator[None]:
    """Doors called from here see every promise as open; everybody else's doors stay shut.

    Every one, not the one being checked alone: two that close the same use would keep each other closed for ever.
    """
    token = _on_trial.set(True)
    try:
        with seams.replaced(
            "forecourt.consent.closures.open_closures",
            lambda original: lambda: frozenset() if _on_trial.get() else original(),
        ):
            yield
    finally:
        _on_trial.reset(token)
