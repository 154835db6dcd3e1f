"""Tells this process when something that public pages show has changed: the database announces it, as the change commits.

Triggers announce every write to the tables that such pages are made of (see the migrations), whoever writes: an editor who
publishes, a check in a worker, a brand that is loaded, somebody at the database's own prompt. So nobody has to remember
to, nothing is announced before it can be seen, and several machines hear it as one does.
"""

import logging
import select
import time
from threading import Lock, Thread

import psycopg
from django.db import connections

log = logging.getLogger(__name__)

CHANNEL = "pages_changed"
HEARTBEAT = 10.0
AGAIN = 1.0
# A machine that vanished says nothing: these make its silence an error within half a minute.
WATCHFUL = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


class News:
    """`epoch` is another number after every change, and None while nobody listens: then nothing may be taken as known."""

    def __init__(self) -> None:
        self._heard = 0
        self._listening = False
        self._listener: Thread | None = None
        self._beginning = Lock()

    @property
    def epoch(self) -> int | None:
        if self._listener is None:
            self._begin()
        return self._heard if self._listening else None

    def _begin(self) -> None:
        """With the first request and not before, since a server may divide into processes until then."""
        with self._beginning:
            if self._listener is None:
                self._listener = Thread(target=self._listen, name="page-news", daemon=True)
                self._listener.start()

    def _listen(self) -> None:
        while True:
            try:
                with connect() as connection:
                    connection.add_notify_handler(self._hear)
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._heard += 1  # what changed while nobody listened was missed
                    self._listening = True
                    while True:
                        select.select([connection.fileno()], [], [], HEARTBEAT)
                        connection.execute("SELECT 1")  # hands over what came, or finds that the server is gone
            except (psycopg.Error, OSError, ValueError) as problem:
                # The type alone: a database's words may name what it holds.
                log.warning("Pages are not kept until the database is heard again: %s", type(problem).__name__)
            finally:
                self._listening = False
            time.sleep(AGAIN)

    def _hear(self, notice: psycopg.Notify) -> None:
        self._heard += 1


def connect() -> psycopg.Connection:
    """A connection of its own, since one from the pool goes back to it."""
    return psycopg.connect(**{**WATCHFUL, **connections["default"].get_connection_params()}, autocommit=True)
