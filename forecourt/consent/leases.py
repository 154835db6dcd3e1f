"""The time that a provider has to take what a door decided. Leases race with real machines, so they never use moved time."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.models.expressions import Combinable

SECONDS = 10.0
# A provider call stops this long before its lease ends: clocks that run apart by less than this leak nothing.
MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Lease:
    """`ends` by the database's clock, which stops compare with; `deadline` by this process's, which the provider call obeys."""

    ends: Combinable
    deadline: float


def take() -> Lease:
    """A lease from now on, to write under the contact's lock. The deadline is counted first, so it comes first."""
    deadline = time.monotonic() + SECONDS - MARGIN
    return Lease(Func(function="clock_timestamp", output_field=DateTimeField()) + timedelta(seconds=SECONDS), deadline)


def let_go() -> None:
    """Give the database connection back before a provider is called, however long that takes."""
    if not connection.in_atomic_block:
        connection.close()
