"""Probes look whether a promise is kept; mutants break it on purpose, to see whether its probe would notice.

    @probe("P-3F-5")
    def stop_ends_the_texts(visitor): ...          # yields what is wrong; nothing means that no failure was found

    @mutant("P-3F-5", seam="forecourt.messaging.stops.record", finding="a text left after STOP")
    def stop_is_forgotten(record): ...             # what stands in the seam's place

A probe's docstring is what the public page says that the check does.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


class CouldNotRun(Exception):
    """The check could not look, so it says nothing either way. The sentence says why, and names nobody."""


@dataclass(frozen=True, slots=True)
class Probe:
    """`lasts` is how long an outcome may be shown; `secret` keeps what it found off the public page (security)."""

    promise: str
    check: Callable[[Any], Iterable[str] | None]
    lasts: timedelta
    secret: bool

    @property
    def name(self) -> str:
        return self.check.__name__

    @property
    def says(self) -> str:
        return inspect.cleandoc(self.check.__doc__ or "")

    @property
    def wants(self) -> str:
        """What it is handed: a visitor, or the whole world."""
        return next(iter(inspect.signature(self.check).parameters))


@dataclass(frozen=True, slots=True)
class Mutant:
    """`finding` is a part of what the probe must say about it; any other red, or none, means that the mutant survived."""

    promise: str
    seam: str
    finding: str
    replace: Callable[[Any], Any]

    @property
    def name(self) -> str:
        return self.replace.__name__

    @property
    def id(self) -> str:
        return f"{self.promise}:{self.name}"


PROBES: list[Probe] = []
MUTANTS: list[Mutant] = []


def probe(promise: str, *, lasts: timedelta = timedelta(hours=24), secret: bool = False) -> Callable:
    def register(check: Callable) -> Callable:
        PROBES.append(Probe(promise, check, lasts, secret))
        return check

    return register


def mutant(promise: str, *, seam: str, finding: str) -> Callable:
    def register(replace: Callable) -> Callable:
        MUTANTS.append(Mutant(promise, seam, finding, replace))
        return replace

    return register


@cache
def load() -> None:
    """Bring in every file of probes."""
    from forecourt.proof import probes as folder

    for module in sorted(iter_modules(folder.__path__), key=lambda module: module.name):
        import_module(f"{folder.__name__}.{module.name}")


def probes(promises: Iterable[str] = ()) -> list[Probe]:
    """All of them, or those of the named promises, in the order in which they were written."""
    load()
    wanted = set(promises)
    return [probe for probe in PROBES if not wanted or probe.promise in wanted]


def mutants(promises: Iterable[str] = ()) -> list[Mutant]:
    load()
    wanted = set(promises)
    return [mutant for mutant in MUTANTS if not wanted or mutant.promise in wanted]


def is_secret(promise: str) -> bool:
    """Whether what a check of it finds stays off the public page until it is mended."""
    return any(probe.secret for probe in probes([promise]))
