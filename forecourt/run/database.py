"""Which database, and as whom: the owner migrates, the application runs and owns nothing."""

from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from forecourt import environment
from forecourt.run import secrets
from forecourt.run.postgres import socket_folder
from forecourt.trouble import Trouble

OWNER = "forecourt_owner"
APP = "forecourt_app"
HERE = ("localhost", "127.0.0.1", "::1")
ENCRYPTED = ("require", "verify-ca", "verify-full")
Role = Literal["owner", "app"]


def _name() -> str:
    theirs = conninfo_to_dict(environment.DATABASE_URL).get("dbname") if environment.DATABASE_URL else None
    return environment.DATABASE or str(theirs or "forecourt")


NAME = _name()


def address(role: Role, database: str = NAME) -> dict[str, Any]:
    """Arguments for psycopg.connect."""
    if not environment.DATABASE_URL:
        user = {"owner": OWNER, "app": APP}[role]
        ours = {"host": str(socket_folder(environment.VAR)), "user": user, "password": secrets.read(f"postgres-{role}")}
        return {**ours, "dbname": database}
    theirs = encrypted(conninfo_to_dict(environment.DATABASE_URL))
    if role == "owner":
        theirs = encrypted(conninfo_to_dict(environment.DATABASE_OWNER_URL or environment.DATABASE_URL))
    elif not environment.DATABASE_OWNER_URL:
        # One login for both: the application's connections take the lesser role as they open.
        theirs["options"] = f"{theirs.get('options', '')} -c role={APP}".strip()
    return {**theirs, "dbname": database}


def encrypted(theirs: dict[str, Any]) -> dict[str, Any]:
    """To another machine over TLS, or not at all: the library by itself would go on in clear where the server has none."""
    hosts = f"{theirs.get('host') or ''},{theirs.get('hostaddr') or ''}".split(",")
    if all(not host or host.startswith("/") or host in HERE for host in hosts):
        return theirs
    mode = theirs.get("sslmode", "require")
    if mode not in ENCRYPTED:
        raise Trouble(
            f"DATABASE_URL says sslmode={mode}, which may go in clear to another machine: write sslmode=verify-full, with "
            "sslrootcert=system or the file of its certificate, or leave it out for sslmode=require."
        )
    return {**theirs, "sslmode": mode}


def django_settings(role: Role, database: str = NAME) -> dict[str, Any]:
    parts = address(role, database)
    known = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    options = {key: value for key, value in parts.items() if key not in known.values()}
    if role == "app":
        options["pool"] = {"min_size": 1, "max_size": 12, "timeout": 10}
    return {
        "ENGINE": "forecourt.run.pooled",
        **{key: str(parts.get(name, "")) for key, name in known.items()},
        "OPTIONS": {"connect_timeout": 5, **options},
    }


def connect(role: Role, database: str = NAME) -> psycopg.Connection:
    return psycopg.connect(**{"connect_timeout": 5, **address(role, database)}, autocommit=True)


def prepare_server(superuser: psycopg.Connection) -> None:
    """On our own server: the two roles with their passwords, and the database. Safe to repeat."""
    for user, role in ((OWNER, "owner"), (APP, "app")):
        if not superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [user]).fetchone():
            superuser.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(user)))
        superuser.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(user), sql.Literal(secrets.read(f"postgres-{role}"))
            )
        )
    # A process that froze inside a transaction would hold its contact's lock, and with it every stop.
    superuser.execute(
        sql.SQL("ALTER ROLE {} SET idle_in_transaction_session_timeout = '30s'").format(sql.Identifier(APP))
    )
    # The owner makes scratch copies and may end the application's sessions in them before it drops them.
    superuser.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(OWNER)))
    superuser.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(OWNER)))
    if not superuser.execute("SELECT 1 FROM pg_database WHERE datname = 'forecourt'").fetchone():
        superuser.execute(sql.SQL("CREATE DATABASE forecourt OWNER {}").format(sql.Identifier(OWNER)))


def prepare_schema(database: str = NAME) -> None:
    """What the application may do with tables that are yet to be made. A ledger's migration takes more away."""
    with connect("owner", database) as owner:
        _find_application(owner)
        app = sql.Identifier(APP)
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            owner.execute(sql.SQL(statement).format(app))


def _find_application(owner: psycopg.Connection) -> None:
    """On somebody else's server the application's role may be missing; a login that may make roles makes it."""
    if environment.DATABASE_OWNER_URL and conninfo_to_dict(environment.DATABASE_URL).get("user") != APP:
        raise Trouble(f"DATABASE_URL must log in as {APP}: the migrations grant to that name, and take from it.")
    if owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
        return
    try:
        owner.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(APP)))
        owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APP)))
    except psycopg.errors.InsufficientPrivilege:
        raise Trouble(
            f"The database has no role {APP} and its owner may not make one: `CREATE ROLE {APP}; GRANT {APP} TO owner;`"
        ) from None
