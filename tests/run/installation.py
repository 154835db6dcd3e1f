"""An installation of its own in a folder that goes away: its commands run as a person would run them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-c", "from forecourt.run.cli import main; main()"]


class Installation:
    def __init__(self, **variables: str) -> None:
        within = ROOT / "var" / "tests"  # where the server's user can go, unlike pytest's own folders
        within.mkdir(parents=True, exist_ok=True)
        self.var = Path(tempfile.mkdtemp(prefix="installation-", dir=within))
        self.var.chmod(0o755)
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("FORECOURT_", "DATABASE_"))}
        self.environment = {**bare, "FORECOURT_VAR": str(self.var), "PYTHONUNBUFFERED": "1", **variables}
        self.started: list[subprocess.Popen] = []

    def run(self, *arguments: str, check: bool = True, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*COMMAND, *arguments],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=check,
            timeout=600,
        )

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen:
        output = self.var / f"output-{len(self.started)}"
        with output.open("w") as file:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                env={**self.environment, **variables},
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
        process.output = output
        self.started.append(process)
        return process

    def sql(self, query: str) -> str:
        return self.run("db", "psql", "-Atc", query).stdout.strip()

    def log(self) -> str:
        return (self.var / "postgres.log").read_text()

    def postmaster(self) -> int:
        return int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])

    def keeper(self) -> int:
        return parent_of(self.postmaster())

    def wait_until_stopped(self) -> None:
        wait_until(lambda: not (self.var / "postgres" / "postmaster.pid").exists(), 30)

    def remove(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)
        self.wait_until_stopped()
        shutil.rmtree(self.var)


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(true: Callable[[], object], patience: float = 20) -> None:
    until = time.monotonic() + patience
    while not true():
        assert time.monotonic() < until, f"not within {patience} s"
        time.sleep(0.05)
