"""The time that a provider has to take what a door decided. Leases race with real machines, so they never use moved time."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

SECONDS = 10.0
# A provider call stops this long before its lease ends: clocks that run apart by less than this leak nothing.
MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Lease:
    """`ends` by the database's clock, which stops compare with; `deadline` by this process's, which the provider call obeys."""

    ends: datetime
    deadline: float


def take() -> Lease:
    """A lease from now on; call it under the contact's lock. The deadline is read first, so it comes first."""
    deadline = time.monotonic() + SECONDS - MARGIN
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() + make_interval(secs => %s)", [SECONDS])
        return Lease(cursor.fetchone()[0], deadline)


def let_go() -> None:
    """Give the database connection back before a provider is called, however long that takes."""
    if not connection.in_atomic_block:
        connection.close()
