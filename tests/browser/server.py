"""The site as a person would meet it: server and worker apart, the brand pack loaded, static files collected."""

import base64
import fcntl
import hashlib
import hmac
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT / "var" / "tests" / "browser"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Site:
    url: str
    handles: list[str]
    password: str
    secret: str
    dealers: list[tuple[str, str, str]]  # slug, name and ZIP code of those who give drives
    var: Path

    def code(self) -> str:
        """What the clerk's authenticator app shows now (RFC 6238)."""
        key = base64.b32decode(self.secret)
        digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
        start = digest[-1] & 0xF
        return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


@contextmanager
def serve(name: str) -> Iterator[Site]:
    from forecourt.run import supervisor
    from forecourt.run.scratch import scratch_database

    var = SHARED / name
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    with scratch_database() as database:
        port = free_port()
        variables = {
            "FORECOURT_VAR": str(var),
            "FORECOURT_SECRETS": str(ROOT / "var" / "tests" / "secrets"),
            "FORECOURT_DATABASE": database,
            "DATABASE_URL": address(database),
            "FORECOURT_SITE_URL": f"http://{HOST}:{port}",
        }
        prepared = prepare(var, variables)
        children = supervisor.make_children(port)
        try:
            # The hourly checks would take the machine from the tests; those that press a check run it themselves.
            children[1].command += ["--queues", "messages,sharing,people"]
            for child in children:
                child.environment |= variables
                child.log = var / child.log.name
                child.start()
            supervisor.wait_until_answers(children[0], port)
            yield Site(f"http://{HOST}:{port}", var=var, **prepared)
        finally:
            supervisor.stop(children)


def address(database: str) -> str:
    """Our own server's, for processes whose data folder is not the one that it lies in."""
    from forecourt.run import database as databases

    parts = databases.address("app")
    return f"postgresql://{parts['user']}:{quote(parts['password'])}@/{database}?{urlencode({'host': parts['host']})}"


def prepare(var: Path, variables: dict[str, str]) -> dict:
    """Static files once for all, then what is this database's own."""
    with open(SHARED / "static.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        collected = SHARED / "static.of"
        if not collected.exists() or collected.read_text() != sources():
            run("-m", "django", "collectstatic", "--no-input", "--clear", **variables | {"FORECOURT_VAR": str(SHARED)})
            collected.write_text(sources())
    (var / "static").symlink_to(SHARED / "static")
    return json.loads(run("-m", "tests.browser.prepare", **variables).splitlines()[-1])


def sources() -> str:
    """What the static files are made from, in one digest."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for file in sorted([*ROOT.glob("forecourt/*/static/**/*"), *ROOT.glob("brands/wren/theme/*")]):
        digest.update(f"{file} {file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def run(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def free_port() -> int:
    """One whose next is free too, where the demo's ad network listens."""
    for _ in range(100):
        with socket.socket() as probe, socket.socket() as beside:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
            try:
                beside.bind((HOST, port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports beside each other")
