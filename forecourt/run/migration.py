"""Bringing a database to the migrations of this code, as its owner; a fingerprint kept in the database says when it is there."""

import hashlib
import os
import subprocess
import sys

import psycopg
from psycopg import sql

from forecourt import environment
from forecourt.run import database
from forecourt.trouble import Trouble

PACKAGE = environment.ROOT / "forecourt"
LOCK = 4_200_840_002  # one migration of a database at a time


def fingerprint() -> str:
    """Our migrations and what they import beside them, which apps there are, and the lock, which fixes everybody else's."""
    digest = hashlib.sha256()
    sources = [
        *PACKAGE.rglob("migrations/*.py"),
        *PACKAGE.glob("*/append_only.py"),
        PACKAGE / "settings.py",
        PACKAGE / "run/database.py",
    ]
    for path in sorted(sources):
        digest.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes())
    digest.update((environment.ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()[:16]


def stands_at(name: str = database.NAME) -> str:
    """The fingerprint of the last finished migration; nothing for a database that has none."""
    with database.connect("app", name) as application:
        row = application.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    return row[0].removeprefix("migrations ") if row and row[0] and row[0].startswith("migrations ") else ""


def needed(name: str = database.NAME) -> bool:
    return stands_at(name) != fingerprint()


def migrate(name: str = database.NAME, *, quiet: bool = False) -> bool:
    """Whether there was anything to do. Of several that start at once, the first does it and the others wait for it."""
    with database.connect("owner", name) as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        return _migrate(name, owner, quiet=quiet)


def _migrate(name: str, owner: psycopg.Connection, *, quiet: bool) -> bool:
    wanted = fingerprint()
    database.prepare_schema(name)
    if stands_at(name) == wanted:
        return False
    done = subprocess.run(
        [sys.executable, "-m", "forecourt.run.migration"],
        env={**os.environ, "FORECOURT_DATABASE": name, "DJANGO_SETTINGS_MODULE": "forecourt.settings"},
        capture_output=quiet,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(
            f"The migrations of {name} did not finish; what they said last:\n{(done.stderr or '(above)')[-3000:]}"
        )
    owner.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(sql.Literal(f"migrations {wanted}")))
    return True


def main() -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.DATABASES["default"] = database.django_settings("owner")
    # Give up rather than queue behind a long read, and hold everybody else up behind us.
    settings.DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=10s"
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=1)
    except psycopg.errors.LockNotAvailable:
        sys.exit("A table stayed in use for 10 s, so nothing was changed: try again.")


if __name__ == "__main__":
    main()
