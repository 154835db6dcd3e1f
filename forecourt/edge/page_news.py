"""Tells this process when something that public pages show has changed: the database announces it, as the change commits.

Triggers announce every write to the tables that such pages are made of (see the migrations), whoever writes: an editor who
publishes, a check in a worker, a brand that is loaded, somebody at the database's own prompt. So nobody has to remember
to, nothing is announced before it can be seen, and several machines hear it as one does.
"""

import logging
import select
from threading import Event, Lock, Thread

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
        self._ended = Event()

    @property
    def epoch(self) -> int | None:
        if self._listener is None:
            self._begin()
        return self._heard if self._listening else None

    def end(self) -> None:
        """For who goes on without pages: the listener leaves with the next thing that it hears."""
        self._ended.set()

    def _begin(self) -> None:
        """With the first request and not before, since a server may divide into processes until then."""
        with self._beginning:
            if self._listener is None:
                self._listener = Thread(target=self._listen, name="page-news", daemon=True)
                self._listener.start()

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                with connect() as connection:
                    self._listen_on(connection)
            except (psycopg.Error, OSError, ValueError) as problem:
                if self._listening:
                    # The type alone: a database's words may name what it holds.
                    log.warning("No page is kept until the database is heard again: %s", type(problem).__name__)
            self._listening = False
            self._ended.wait(AGAIN)

    def _listen_on(self, connection: psycopg.Connection) -> None:
        connection.add_notify_handler(self._hear)
        connection.execute(f"LISTEN {CHANNEL}")
        self._heard += 1  # what changed while nobody listened was missed
        self._listening = True
        while not self._ended.is_set():
            select.select([connection.fileno()], [], [], HEARTBEAT)
            connection.execute("SELECT 1")  # hands over what came, or finds that the server is gone

    def _hear(self, notice: psycopg.Notify) -> None:
        self._heard += 1


def announce() -> None:
    """For what changes pages and is no row. Heard once the transaction around it commits."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


def connect() -> psycopg.Connection:
    """A connection of its own, since one from the pool goes back to it."""
    return psycopg.connect(**{**WATCHFUL, **connections["default"].get_connection_params()}, autocommit=True)
