"""Databases to use and throw away: copies of one migrated template, made in a fifth of a second."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from forecourt.run import database, migration

LOCK = 4_200_840_001  # one maker of templates and copies at a time
PATIENCE = (0.1, 0.3, 1, 3, 10)


@contextmanager
def scratch_database(*, kept_by: int | None = None) -> Iterator[str]:
    """The name of a migrated database of its own, gone afterwards; while its maker lives nobody else removes it."""
    name = make(kept_by or os.getpid())
    try:
        yield name
    finally:
        drop(name)


def make(pid: int) -> str:
    with database.connect("owner", "postgres") as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = _find_template(owner)
        number = 0
        while _exists(owner, name := f"scratch_{pid}_{number}"):
            number += 1
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    return name


def drop(name: str) -> None:
    """With whoever is connected, but for the server's own vacuum, which nobody may end and which ends soon."""
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for patience in (*PATIENCE, 0):
        try:
            with database.connect("owner", "postgres") as owner:
                owner.execute(gone)
            return
        except psycopg.errors.InsufficientPrivilege:
            if not patience:
                raise
            time.sleep(patience)


def _find_template(owner: psycopg.Connection) -> str:
    name = f"template_{migration.fingerprint()}"
    if _exists(owner, name):
        return name
    _sweep(owner)
    draft = f"draft_{os.getpid()}"
    drop(draft)
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    migration.migrate(draft, quiet=True)
    owner.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _sweep(owner: psycopg.Connection) -> None:
    """Older templates, and what killed processes left."""
    for (name,) in owner.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^(template|scratch|draft)_[0-9a-f]'"
    ).fetchall():
        maker = name.split("_")[1]
        if name.startswith("template_") or not (Path("/proc") / maker).exists():
            with suppress(psycopg.errors.ObjectInUse):
                drop(name)


def _exists(owner: psycopg.Connection, name: str) -> bool:
    return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
