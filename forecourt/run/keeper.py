"""Keeps the database server up while anybody uses it, and stops it after the last.

Whoever uses it holds a shared lock on one file; the kernel lets go of it however they end. The keeper is a process apart,
the server's parent: it starts a dead server again, and ends when it can take that lock for itself.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from forecourt import environment
from forecourt.run import database, postgres, secrets
from forecourt.run.postgres import say
from forecourt.trouble import Trouble

TAKEN = 75  # another keeper was first


@contextmanager
def held(var: Path = environment.VAR, *, durable: bool = True) -> Iterator[None]:
    """The database answers while this is held."""
    if environment.DATABASE_URL:
        try:
            database.connect("owner").close()
        except psycopg.OperationalError as problem:
            raise Trouble(f"The database of DATABASE_URL does not answer: {problem}") from None
        yield
        return
    var.mkdir(parents=True, exist_ok=True)
    with open(var / "postgres.users", "a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # waits while a leaving keeper stops its server
        ensure_up(var, durable=durable)
        yield


def ensure_up(var: Path = environment.VAR, *, durable: bool = True, patience: float = 180) -> None:
    """For whoever holds it already: wait until the server answers, with a new keeper if there is none."""
    until = time.monotonic() + patience
    keeper: subprocess.Popen | None = None
    log = var / "postgres.log"
    while time.monotonic() < until:
        if is_up(var):
            return
        if keeper is not None and keeper.poll() not in (None, TAKEN):
            raise Trouble(f"The database did not start. The end of {log}:\n{tail(log)}")
        if not is_locked(var / "postgres.keeper") and (keeper is None or keeper.poll() is not None):
            keeper = launch(var, log, durable=durable)
        time.sleep(0.03)
    raise Trouble(f"The database did not answer within {patience:.0f} s. The end of {log}:\n{tail(log)}")


def is_up(var: Path) -> bool:
    """Whether its keeper has prepared it, and it answers the application."""
    if not ready_mark(var).exists():
        return False
    try:
        database.connect("app", "forecourt").close()
    except psycopg.OperationalError:
        return False
    return True


def ready_mark(var: Path) -> Path:
    """Stands from the moment at which the roles and the database are there until the server stops."""
    return var / "postgres.ready"


def launch(var: Path, log: Path, *, durable: bool) -> subprocess.Popen:
    secrets.make_all()
    if log.exists() and log.stat().st_size > 5_000_000:
        log.replace(log.with_suffix(".log.1"))
    with log.open("a") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "forecourt.run.keeper", *(() if durable else ("--volatile",))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=environment.ROOT,
            env={**os.environ, "FORECOURT_VAR": str(var)},
            start_new_session=True,  # Ctrl-C is for whoever uses it; they let go, and then it stops
        )


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(empty)"


def is_locked(path: Path) -> bool:
    with open(path, "a") as file:
        return not take(file)


def take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(var: Path, *, durable: bool) -> int:
    with open(var / "postgres.keeper", "a") as own, open(var / "postgres.users", "a") as users:
        if not take(own):
            return TAKEN
        ready_mark(var).unlink(missing_ok=True)
        place, server = postgres.start(var, durable=durable)
        try:
            with postgres.connect(place.socket) as superuser:
                database.prepare_server(superuser)
            ready_mark(var).touch()
            say(f"Up: process {server.pid} from {place.binaries}.")
            pause = 0.2
            while not take(users):
                time.sleep(0.2)
                if server.poll() is None and (place.socket / ".s.PGSQL.5432").exists():
                    continue
                say(f"The server is gone ({server.poll()}); starting it again.")
                postgres.stop(server)
                time.sleep(pause)
                pause = min(pause * 2, 5)
                place, server = postgres.start(var, durable=durable)
        finally:
            ready_mark(var).unlink(missing_ok=True)
            postgres.stop(server)
            shutil.rmtree(place.socket, ignore_errors=True)
            say("Nobody uses it any more: stopped.")
    return 0


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return keep(environment.VAR, durable="--volatile" not in sys.argv)
    except Trouble as problem:
        say(str(problem))
        return 1


def wait_until_stopped(var: Path = environment.VAR, patience: float = 20) -> None:
    """After the last holder let go."""
    until = time.monotonic() + patience
    with suppress(FileNotFoundError):
        while is_locked(var / "postgres.keeper") and time.monotonic() < until:
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
