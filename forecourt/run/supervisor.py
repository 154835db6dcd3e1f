"""`forecourt run`: database, site and worker up, in one terminal, until Ctrl-C."""

import http.client
import json
import os
import secrets as randomness
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from forecourt import environment
from forecourt.adapters import murmur
from forecourt.run import keeper, migration, postgres, prepare, secrets
from forecourt.run.children import Child
from forecourt.run.postgres import say
from forecourt.run.prepare import step
from forecourt.trouble import Trouble

VAR = environment.VAR
HOST = "127.0.0.1"
USUAL_PORT = 8400
PLACES = (
    ("Site", "/"),
    ("Privacy policy", "/privacy/"),
    ("Checks", "/privacy/checks/"),
    ("Staff console", "/staff/"),
    ("Content (CMS)", "/staff/cms/"),
)
DEMO_PLACES = (
    ("Tour: begin here", "/demo/"),
    ("Demo phone", "/demo/phone/"),
    ("Demo mailbox", "/demo/mailbox/"),
)


class Asked(BaseException):
    """Somebody pressed Ctrl-C or ended us politely."""


# Kept beside raising, since what is raised while a child is forked is ignored there.
asks: list[int] = []


def run() -> None:
    begun = time.monotonic()
    secrets.make_all()
    with alone() as note:
        if note is None:
            return
        for polite in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(polite, ask)
        try:
            if not environment.DATABASE_URL:
                postgres.find_place(VAR)  # says aloud where the data lies, when that is not where one would look
            with ExitStack() as stack:
                with step("the database server"):
                    stack.enter_context(keeper.held())
                says = set_up()
                port = find_port()
                children = make_children(port)
                stack.callback(stop, children)  # before the database goes
                serve(children, port, note, says, begun)
        except Asked:
            ignore_impatience()
            keeper.wait_until_stopped()
            say("Stopped.")


def ask(number: int, frame: FrameType | None) -> None:
    asks.append(number)
    raise Asked


def heed() -> None:
    if asks:
        raise Asked


def ignore_impatience() -> None:
    for polite in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(polite, signal.SIG_IGN)


@contextmanager
def alone() -> Iterator[Path | None]:
    """One run an installation; a second one says where the first is. The kernel frees the lock however we end."""
    VAR.mkdir(parents=True, exist_ok=True)
    note = VAR / "run.json"
    with open(VAR / "run.lock", "a") as lock:
        if keeper.take(lock):
            note.unlink(missing_ok=True)
            yield note
            note.unlink(missing_ok=True)
            return
    try:
        running = json.loads(note.read_text())
        say(f"Forecourt runs already, at {running['address']} (process {running['process']}); nothing was started.")
    except FileNotFoundError:
        say("Forecourt is starting already, in another process; nothing was started.")
    yield None


def set_up() -> list[str]:
    """The database at this code's migrations, with the brand in it. Answers with what to tell whoever started us."""
    if migration.needed():
        with step("the database's tables"):
            migration.migrate(quiet=True)
    if not prepare.is_prepared():
        done = subprocess.run([sys.executable, "-m", "forecourt.run.prepare"], check=False)
        if done.returncode != 0:
            raise Trouble("The start stopped here; what it said stands above.")
    return prepare.sayings()


def find_port() -> int:
    """The site's. The demo's ad network listens on the next, so both have to be free."""
    if environment.PORT:
        for port in ports(environment.PORT):
            if not is_free(port):
                raise Trouble(
                    f"Port {port} is taken: end what listens there, or leave FORECOURT_PORT out and the next free one is used."
                )
        return environment.PORT
    taken = 0
    for port in range(USUAL_PORT, USUAL_PORT + 100):
        busy = next((one for one in ports(port) if not is_free(one)), 0)
        if not busy:
            if taken:
                say(f"Port {taken} is taken, so this is port {port}.")
            return port
        taken = taken or busy
    raise Trouble(f"No port from {USUAL_PORT} to {USUAL_PORT + 99} is free: set FORECOURT_PORT.")


def ports(port: int) -> tuple[int, ...]:
    return (port, port + 1) if environment.DEMO else (port,)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def make_children(port: int) -> list[Child]:
    site_url = environment.SITE_URL or (f"http://{HOST}:{port}" if environment.DEMO else "")
    shared = {"FORECOURT_SITE_URL": site_url, "DJANGO_SETTINGS_MODULE": "forecourt.settings"}
    site = [sys.executable, "-m", "forecourt.edge.serving", "--host", HOST, "--port", str(port), "--workers", "2"]
    worker = [sys.executable, "-m", "forecourt.run.worker", "--concurrency", "4", "--shutdown-graceful-timeout", "5"]
    if not environment.DEMO:
        return [
            Child("site", site, VAR / "logs/site.log", shared),
            Child("worker", worker, VAR / "logs/worker.log", shared),
        ]
    # A network to say no to: word of that goes to it as it would to a real one, under a token of this run alone.
    shared |= {"FORECOURT_ADS": "http", "FORECOURT_ADS_TOKEN": randomness.token_urlsafe(24)}
    network = [sys.executable, "-m", "forecourt.adapters.murmur", str(port + 1), site_url]
    return [
        Child("site", site, VAR / "logs/site.log", shared),
        Child("worker", worker, VAR / "logs/worker.log", shared),
        Child("network", network, VAR / "logs/network.log", shared),
    ]


def serve(children: list[Child], port: int, note: Path, says: list[str], begun: float) -> None:
    with step("the site"):
        site, *others = children
        site.start()
        wait_until_answers(site, port)
        for child in others:  # after it, since all want the whole of a small machine to begin with
            child.start()
    note.write_text(json.dumps({"address": f"http://{HOST}:{port}/", "process": os.getpid(), "demo": environment.DEMO}))
    print_addresses(port, says, begun)
    while True:
        time.sleep(0.3)
        heed()
        for child in children:
            child.look_after()
        look_after_keeper()


def look_after_keeper() -> None:
    """The keeper looks after the server; we look after the keeper. A full disk may pass, so this does not give up."""
    if environment.DATABASE_URL or keeper.is_locked(VAR / "postgres.keeper"):
        return
    say("The database's keeper is gone; starting another.")
    try:
        keeper.ensure_up()
    except Trouble as problem:
        say(f"{problem}\nTrying again in 5 s.")
        time.sleep(5)


def wait_until_answers(site: Child, port: int, patience: float = 180) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        heed()
        site.look_after()
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        try:
            connection.request("GET", "/")
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if status >= 500:
            say(f"The home page answers {status}; {VAR}/logs/site.log says why.")
        return
    raise Trouble(f"The site did not answer within {patience:.0f} s; {VAR}/logs/site.log says why.")


def print_addresses(port: int, says: list[str], begun: float) -> None:
    print(f"\nForecourt is up, after {time.monotonic() - begun:.1f} s.\n")
    for name, path in (*(DEMO_PLACES if environment.DEMO else ()), *PLACES):
        print(f"  {name:<18} http://{HOST}:{port}{path}")
        if path == "/staff/":
            for line in says:
                print(f"  {'':<18} {line}")
    if environment.DEMO:
        for name, address in murmur.addresses(port + 1):
            print(f"  {name:<18} {address}")
    print("\nCtrl-C stops it.\n", flush=True)


def stop(children: list[Child]) -> None:
    ignore_impatience()
    say("\nStopping …")
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + 8
    for child in children:
        child.stop(until - time.monotonic())
