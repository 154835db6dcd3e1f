"""What a start needs once: collected static files, the brand in the database, the first member of staff.

A process apart does it. The launcher skips it while nothing that it depends on has changed.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from forecourt import environment
from forecourt.run import database, migration

ROOT = environment.ROOT
NOTE = environment.SECRETS / "prepared.json"


def fingerprint() -> str:
    digest = hashlib.sha256(migration.fingerprint().encode())
    for fixed in (_identity(), str(environment.BRAND), str(environment.DEMO), str(environment.HTTPS)):
        digest.update(fixed.encode() + b"\0")
    brand = (path for path in environment.BRAND.rglob("*") if path.is_file())
    for path in sorted([*brand, ROOT / "forecourt/run/load_brand.py", ROOT / "forecourt/console/first_staff.py"]):
        digest.update(str(path).encode() + b"\0" + (path.read_bytes() if path.exists() else b""))
    for path in sorted(ROOT.glob("forecourt/*/static/**/*")):
        digest.update(f"{path}\0{path.stat().st_mtime_ns}\0{path.stat().st_size}\0".encode())
    return digest.hexdigest()


def _identity() -> str:
    """Which database this is, so that a new one under an old name is filled again."""
    with database.connect("app") as application:
        query = "SELECT system_identifier, oid FROM pg_control_system(), pg_database WHERE datname = current_database()"
        return str(application.execute(query).fetchone())


def prepared() -> list[str] | None:
    """What the last preparation had to say, if it still holds."""
    try:
        note = json.loads(NOTE.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return note["says"] if note["for"] == fingerprint() and (environment.VAR / "static").is_dir() else None


def prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from forecourt.adapters import clock
    from forecourt.console import first_staff
    from forecourt.run import load_brand

    wanted = fingerprint()
    with step("styles, scripts and pictures"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    with step(f"the brand pack {environment.BRAND.name}"):
        load_brand.load(clock.now())
    with step("the first member of staff"):
        made = first_staff.ensure(clock.now())
    says = [f"user {made.handle}, password {made.password}", f"second factor {made.secret}"] if made else []
    NOTE.touch(mode=0o600)
    NOTE.write_text(json.dumps({"for": wanted, "says": says if settings.DEMO else []}))
    if not settings.DEMO:
        for line in says:
            print(f"  Shown this once: {line}", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """One line of progress: what, and how long it took."""
    begun = time.monotonic()
    print(f"  … {name}", end="\r" if sys.stdout.isatty() else "\n", flush=True)
    yield
    print(f"  ✓ {name} ({time.monotonic() - begun:.1f} s)", flush=True)


if __name__ == "__main__":
    from forecourt.run.ready import set_up

    set_up(database.NAME)
    prepare()
