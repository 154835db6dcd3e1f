"""The time that a provider has to take what a door decided. Leases race with real machines, so they never use moved time.

A lease ends by the database's clock, which stops compare with; its deadline is this process's, which the provider call
obeys. The tables of what doors hand over have the columns id, contact_id, state, reason, permit and deadline in common.
"""

import time
import uuid
from typing import Literal

from django.db import connection

SECONDS = 10.0
# A provider call stops this long before its lease ends: clocks that run apart by less than this leak nothing.
MARGIN = 1.0

Table = Literal["messaging_message", "sharing_lead", "sharing_share"]


def take(table: Table, row_id: uuid.UUID, permit: uuid.UUID) -> float:
    """Call it under the contact's lock; returns the deadline, which is counted first, so it comes first."""
    deadline = time.monotonic() + SECONDS - MARGIN
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = 'handing', reason = '', permit = %s, "
            "deadline = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            [permit, SECONDS, row_id],
        )
    return deadline


def is_held(table: Table, contact_id: uuid.UUID) -> bool:
    """Whether something of this contact is in a provider's hands."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM {table} WHERE contact_id = %s AND state = 'handing' AND deadline > clock_timestamp())",
            [contact_id],
        )
        return cursor.fetchone()[0]


def wait_out(table: Table, contact_id: uuid.UUID, patience: float = SECONDS) -> bool:
    """Wait until nothing of this contact is in a provider's hands; False when patience ran out. Call it after the commit."""
    enough = time.monotonic() + patience
    pause = 0.02
    while is_held(table, contact_id):
        if time.monotonic() > enough:
            return False
        # Many may wait here at once, and whoever records the outcome needs a connection.
        let_go()
        time.sleep(pause)
        pause = min(pause * 1.5, 0.2)
    return True


def give_up(table: Table) -> int:
    """What has no outcome when its lease ends may have left: staff see it, and nothing sends it again."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET state = 'unknown', reason = 'lease ran out' "
            "WHERE state = 'handing' AND deadline < clock_timestamp()"
        )
        return cursor.rowcount


def let_go() -> None:
    """Give the database connection back before a wait for somebody else, however long that takes."""
    if not connection.in_atomic_block:
        connection.close()
