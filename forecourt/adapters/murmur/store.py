"""What the demo's ad network keeps: browsers that it saw, members of its audiences, and what it was told. One SQLite file."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

TABLES = """
CREATE TABLE IF NOT EXISTS sighting (at TEXT, browser TEXT, name TEXT, site TEXT, page TEXT, model TEXT);
CREATE TABLE IF NOT EXISTS told (id TEXT, at TEXT, reference TEXT UNIQUE, kind TEXT, who TEXT, event TEXT);
CREATE TABLE IF NOT EXISTS member (who TEXT PRIMARY KEY, joined TEXT, left TEXT);
CREATE INDEX IF NOT EXISTS by_browser ON sighting (browser);
"""


class Store:
    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self.open() as database:
            database.executescript(TABLES)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=10)
        database.row_factory = sqlite3.Row
        try:
            with database:
                yield database
        finally:
            database.close()

    def saw(self, browser: str, name: str, site: str, page: str, model: str) -> None:
        with self.open() as database:
            row = (moment(), browser, name, site, page, model)
            database.execute("INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?)", row)

    def heard(self, kind: str, who: str, event: str, reference: str) -> str:
        """Acknowledged with an id; what is told twice under one reference counts once, and gets the same id."""
        with self.open() as database:
            row = (secrets.token_hex(6), moment(), reference, kind, who, event)
            database.execute("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?, ?)", row)
            told = database.execute("SELECT id FROM told WHERE reference = ?", [reference]).fetchone()
            if told["id"] == row[0]:
                self._follow(database, kind, who)
            return f"murmur-{told['id']}"

    def erase(self, about: list[str], reference: str) -> str:
        """Whoever these were about, and all else that is known of them. The order itself names nobody, so it may stay."""
        with self.open() as database:
            for told in about:
                for (who,) in database.execute("SELECT who FROM told WHERE reference = ?", [told]).fetchall():
                    database.execute("DELETE FROM sighting WHERE name = ?", [who.removeprefix("browser ")])
                    database.execute("DELETE FROM member WHERE who = ?", [who])
                    database.execute("DELETE FROM told WHERE who = ?", [who])
        return self.heard("erasures", "", "", reference)

    def _follow(self, database: sqlite3.Connection, kind: str, who: str) -> None:
        if kind == "audience":
            joined = "INSERT INTO member VALUES (?, ?, NULL) ON CONFLICT (who) DO UPDATE SET joined = excluded.joined, left = NULL"
            database.execute(joined, [who, moment()])
        elif kind == "removals":
            database.execute("UPDATE member SET left = ? WHERE who = ? AND left IS NULL", [moment(), who])
            # Whoever was only seen, and never put on a list, leaves as well.
            database.execute("DELETE FROM sighting WHERE name = ?", [who.removeprefix("browser ")])

    def last_seen(self, browser: str) -> sqlite3.Row | None:
        """Where this browser was, if anywhere that pays us."""
        with self.open() as database:
            newest = "SELECT * FROM sighting WHERE browser = ? ORDER BY rowid DESC LIMIT 1"
            return database.execute(newest, [browser]).fetchone() if browser else None

    def everything(self) -> dict[str, list[sqlite3.Row]]:
        with self.open() as database:
            return {
                table: database.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 200").fetchall()  # noqa: S608
                for table in ("sighting", "member", "told")
            }

    def forget(self) -> None:
        with self.open() as database:
            for table in ("sighting", "member", "told"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608


def moment() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
