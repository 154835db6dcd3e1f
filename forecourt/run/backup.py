"""A copy of the database in one file, and its way back.

The file is a tar: a manifest first, then PostgreSQL's own custom dump. Keys are never in it: without the store of keys, which is
copied apart and only as it is now, nobody reads a name in it. A restore fills a database of its own, brings it to this code's
migrations, erases again whoever was erased since, and only then takes the old one's place; until then nothing was changed.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from psycopg import sql

from forecourt import environment
from forecourt.run import database, keeper, migration, postgres
from forecourt.trouble import Trouble

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
BLOCK = 1 << 20
LOGIN = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "options": "PGOPTIONS"}


def make(file: Path, *, revision: str, name: str = database.NAME) -> dict[str, Any]:
    """The manifest of what was written. The file is whole or not there."""
    if file.exists():
        raise Trouble(f"{file} is there already. Name another file; nothing is written over.")
    if not file.parent.is_dir():
        raise Trouble(f"There is no folder {file.parent}. Make it first, or name another file.")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        with dump.open("wb") as output:
            run("pg_dump", name, "--format=custom", "--no-owner", stdout=output)
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "revision": revision,
            "migrations": migration.stands_at(name),
            "keys": "not in this file",
            "dump": {"bytes": dump.stat().st_size, "sha256": digest(dump)},
        }
        draft = Path(folder) / "whole"
        _pack(draft, manifest, dump)
        os.link(draft, file)
    return manifest


def _pack(draft: Path, manifest: dict[str, Any], dump: Path) -> None:
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as output:
        with tarfile.open(fileobj=output, mode="w") as archive:
            text = json.dumps(manifest, indent=2).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode = len(text), 0o600
            archive.addfile(head, io.BytesIO(text))
            archive.add(dump, DUMP)
        output.flush()
        os.fsync(output.fileno())


@contextmanager
def opened(file: Path) -> Iterator[tuple[dict[str, Any], Path]]:
    """The manifest and the dump, once every byte was compared with what the manifest says."""
    try:
        with tarfile.open(file) as archive, tempfile.TemporaryDirectory(prefix="forecourt-") as folder:
            manifest = json.loads(_member(archive, MANIFEST).read())
            if manifest["format"] != FORMAT:
                raise Trouble(f"{file} has format {manifest['format']}; this code reads format {FORMAT}.")
            dump = Path(folder) / DUMP
            with dump.open("wb") as output:
                source = _member(archive, DUMP)
                while block := source.read(BLOCK):
                    output.write(block)
            if digest(dump) != manifest["dump"]["sha256"]:
                raise Trouble(
                    f"{file} is damaged: what it holds is not what it says. Nothing was changed; take another copy."
                )
            yield manifest, dump
    except FileNotFoundError:
        raise Trouble(f"There is no file {file}.") from None
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError):
        raise Trouble(
            f"{file} is no backup of ours, or it is cut off. Nothing was changed; take another copy."
        ) from None


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def restore(file: Path, *, replace: bool = False, name: str = database.NAME) -> tuple[dict[str, Any], int]:
    """The manifest, and how many who were erased since were erased again."""
    with alone(), opened(file) as (manifest, dump):
        if not replace and holds_something(name):
            raise Trouble(
                "The database holds something. Nothing was changed; with --replace it goes and the backup takes its place."
            )
        draft = f"restoring_{os.getpid()}"
        try:
            _fill(draft, dump)
            again = _erase_again(draft)
            _take_place(draft, name)
        finally:
            _drop(draft)
    return manifest, again


@contextmanager
def alone() -> Iterator[None]:
    """Not beside a site that is up: it would go on with what is taken away from under it."""
    environment.VAR.mkdir(parents=True, exist_ok=True)
    with open(environment.VAR / "run.lock", "a") as lock:
        if not keeper.take(lock):
            raise Trouble("Forecourt runs. Stop it first (Ctrl-C where it runs), then restore.")
        yield


def holds_something(name: str) -> bool:
    with database.connect("owner", name) as owner:
        if owner.execute("SELECT to_regclass('people_subject')").fetchone() == (None,):
            return False
        row = owner.execute("SELECT EXISTS (SELECT FROM people_subject) OR EXISTS (SELECT FROM auth_user)").fetchone()
    return bool(row and row[0])


def _fill(draft: str, dump: Path) -> None:
    with database.connect("owner", "postgres") as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    run("pg_restore", draft, "--no-owner", "--exit-on-error", f"--dbname={draft}", str(dump))
    migration.migrate(draft, quiet=True)


def _erase_again(draft: str) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "forecourt.run.backup"],
        env={**os.environ, "FORECOURT_DATABASE": draft, "DJANGO_SETTINGS_MODULE": "forecourt.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"Nothing was changed: whoever was erased could not be erased again.\n{done.stderr[-2000:]}")
    return int(done.stdout.splitlines()[-1])


def _take_place(draft: str, name: str) -> None:
    """Both renames at once."""
    before = f"replaced_{os.getpid()}"
    with database.connect("owner", "postgres") as owner:
        for one in (draft, name):
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [one],
            )
        with owner.transaction():
            for old, new in ((name, before), (draft, name)):
                owner.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
                )
    _drop(before)


def _drop(name: str) -> None:
    with database.connect("owner", "postgres") as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def run(program: str, name: str, *arguments: str, stdout: IO[bytes] | None = None) -> None:
    address = database.address("owner", name)
    login = {variable: str(address[key]) for key, variable in LOGIN.items() if key in address}
    done = subprocess.run(
        [postgres.find_place(environment.VAR).binaries / program, *arguments],
        env={**os.environ, **login, "PGDATABASE": name},
        stdout=stdout or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{program} did not finish; nothing was changed. It said:\n{done.stderr.decode()[-2000:]}")


def digest(file: Path) -> str:
    with file.open("rb") as opened_file:
        return hashlib.file_digest(opened_file, "sha256").hexdigest()


def main() -> None:
    """In a process of its own, since Django knows one database."""
    from forecourt.run.ready import leave, set_up

    set_up(database.NAME)
    from forecourt.adapters import clock
    from forecourt.rights.erasure import replay

    print(replay.replay(clock.now()))
    leave()


if __name__ == "__main__":
    main()
