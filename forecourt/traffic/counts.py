"""How often a tag was allowed or refused, by day and reason. Nobody is in it.

Each process adds up for a second before it writes, so that many pages take one turn at the same row; the last second of a
process is written as it ends.
"""

import atexit
import logging
import time
from collections import Counter
from contextlib import suppress
from datetime import date, datetime
from threading import Lock

from django.db import DatabaseError, connection

log = logging.getLogger(__name__)

SECONDS = 1.0
ADD = """
    INSERT INTO traffic_tagcount (day, use, outcome, number)
    SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::bigint[])
    ON CONFLICT (day, use, outcome) DO UPDATE SET number = traffic_tagcount.number + EXCLUDED.number
"""

_waiting: Counter[tuple[date, str, str]] = Counter()
_lock = Lock()
_written = 0.0


def add(use: str, outcome: str, now: datetime) -> None:
    with _lock:
        _waiting[now.date(), use, str(outcome)] += 1
    if time.monotonic() - _written > SECONDS:
        flush()


def flush() -> None:
    rows = taken()
    try:
        write(rows)
    except DatabaseError:
        # A figure is not worth a page.
        log.exception("%d counts of tags were lost", sum(number for *_, number in rows))


def taken() -> list[tuple[date, str, str, int]]:
    """In one order for all processes, so that none waits for another in a circle."""
    global _written
    with _lock:
        rows = sorted((*key, number) for key, number in _waiting.items())
        _waiting.clear()
        _written = time.monotonic()
    return rows


def write(rows: list[tuple[date, str, str, int]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(ADD, [list(column) for column in zip(*rows, strict=True)])


@atexit.register
def write_the_last_ones() -> None:
    """Where the database went first, there is nobody left to tell."""
    with suppress(Exception):
        write(taken())
