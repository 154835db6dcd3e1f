"""What a start needs once: collected static files, the brand in the database, the first member of staff.

A process apart does it. The launcher skips it while nothing that it depends on has changed.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

from forecourt import environment
from forecourt.run import database, migration
from forecourt.trouble import Trouble

ROOT = environment.ROOT
NOTE = environment.SECRETS / "prepared.json"


def fingerprint() -> str:
    digest = hashlib.sha256(migration.fingerprint().encode())
    for fixed in (_identity(), str(environment.BRAND), str(environment.DEMO), str(environment.HTTPS)):
        digest.update(fixed.encode() + b"\0")
    brand = (path for path in environment.BRAND.rglob("*") if path.is_file())
    for path in sorted([*brand, ROOT / "forecourt/run/load_brand.py", ROOT / "forecourt/console/first_staff.py"]):
        digest.update(str(path).encode() + b"\0" + (path.read_bytes() if path.exists() else b""))
    for path in sorted(ROOT.glob("forecourt/**/static/**/*")):
        digest.update(f"{path}\0{path.stat().st_mtime_ns}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


def _identity() -> str:
    """Which database this is, so that a new one under an old name is filled again."""
    with database.connect("app") as application:
        query = "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
        return str(application.execute(query).fetchone())


def is_prepared() -> bool:
    return _note()["for"] == fingerprint() and (environment.VAR / "static").is_dir()


def sayings() -> list[str]:
    """What the last preparation has to say to whoever starts us."""
    return _note()["says"]


def _note() -> dict:
    try:
        return json.loads(NOTE.read_text())
    except (FileNotFoundError, ValueError):
        return {"for": "", "says": []}


def prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from forecourt.adapters import clock
    from forecourt.console import first_staff
    from forecourt.rights.erasure import replay
    from forecourt.run import load_brand

    wanted = fingerprint()
    with step("styles, scripts and pictures"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    with step(f"the brand pack {environment.BRAND.name}"):
        load_brand.load(clock.now())
    with step("whoever was erased stays erased"):
        replay.replay(clock.now())  # the database may have come back from a copy
    with step("the policy beside the code"):
        compare_policy()
    with step("the first member of staff"):
        made = first_staff.ensure(clock.now())
    says = (
        [f"user {made.handle}, password {made.password}", f"second factor {made.secret} for an authenticator app"]
        if made
        else []
    )
    if settings.DEMO:
        says.append("(in the demo `.venv/bin/forecourt staff code` shows its code)")
    NOTE.touch(mode=0o600)
    NOTE.write_text(json.dumps({"for": wanted, "says": says if settings.DEMO else []}))
    if not settings.DEMO:
        for line in says:
            print(f"  Shown this once: {line}", flush=True)


def compare_policy() -> None:
    """Drift stops a build. A start it does not stop, since the customers' rights hang on a site that is up; but aloud."""
    from forecourt.run.commands import policy

    with redirect_stdout(StringIO()) as findings, redirect_stderr(findings):
        code = policy.command.main(["check"], standalone_mode=False)
    if code:
        print(f"{findings.getvalue()}  `forecourt policy check` says this again.", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line of progress: what, and how long it took."""
    begun = time.monotonic()
    print(f"  … {name}", end="\r" if sys.stdout.isatty() else "\n", flush=True)
    yield
    print(f"  ✓ {name} ({time.monotonic() - begun:.1f} s)", flush=True)


def main() -> None:
    from forecourt.run.ready import set_up

    try:
        set_up(database.NAME)
        prepare()
    except Trouble as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
