"""The machine, broken on purpose: what was acknowledged is kept, nothing happens twice, and it works again after."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run.installation import ROOT, Installation, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Durable, with a data folder that is a disk of its own where we may mount one."""
    made = Installation(FORECOURT_HOSTS="localhost,testserver", FORECOURT_DEMO="1")
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=0755", "tmpfs", str(made.var)]
    made.has_small_disk = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        made.wait_until_stopped()
        if made.has_small_disk:
            subprocess.run(["umount", "--lazy", str(made.var)], check=True)
        made.remove()


class Visitors:
    def __init__(self, installation: Installation, told: Path) -> None:
        self.installation, self.told = installation, told
        self.started: list[subprocess.Popen] = []
        told.touch()

    def start(self, role: str) -> subprocess.Popen:
        self.started.append(subprocess.Popen(self.command(role), cwd=ROOT, env=self.installation.environment))
        return self.started[-1]

    def command(self, role: str) -> list[str]:
        return [sys.executable, "-m", "tests.crashes.visitors", role, str(self.told)]

    def answers(self, status: int = 303) -> int:
        return sum(
            json.loads(line)[0] == status
            for line in self.told.read_text().splitlines(keepends=True)
            if line.endswith("\n")
        )

    def wait_for(self, more: int, status: int = 303) -> None:
        wanted = self.answers(status) + more
        wait_until(lambda: self.answers(status) >= wanted, 90)

    def count(self) -> dict:
        done = subprocess.run(
            self.command("count"),
            cwd=ROOT,
            env=self.installation.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def visitors(installation, tmp_path) -> Iterator[Visitors]:
    made = Visitors(installation, tmp_path / "told")
    yield made
    for process in made.started:
        process.kill()  # what a failure left
        process.wait()


def end(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        assert process.wait(60) == 0


def test_bookings_survive_the_database_being_killed_under_them(installation, visitors):
    booking, delivering = visitors.start("book"), visitors.start("deliver")
    visitors.wait_for(10)
    for _ in range(2):
        os.kill(installation.postmaster(), signal.SIGKILL)
        visitors.wait_for(10)
    end(booking, delivering)

    found = visitors.count()
    assert found["lost"] == [], "every booking that was acknowledged is there, with its entry in the ledger"
    assert found["drives"] == found["asked"] == found["confirmations"] == found["leads"], "and none is there by half"
    assert found["twice"] == 0
    assert found["kept"] > 0


def test_a_full_disk_loses_nothing_says_so_and_is_got_over(installation, visitors):
    if not installation.has_small_disk:
        pytest.skip("A disk to fill needs the right to mount one: run this as root.")
    booking = visitors.start("book")
    visitors.wait_for(10)
    filler = fill(installation.var)
    visitors.wait_for(5, status=500)
    filler.unlink()
    visitors.wait_for(10)
    end(booking)

    found = visitors.count()
    assert found["lost"] == []
    assert found["drives"] == found["asked"] == found["confirmations"] == found["leads"]
    assert set(found["refusals"]) == {"500"}
    assert "a form that you send twice counts once" in found["sentence"]


def fill(folder: Path) -> Path:
    """Take what is left of the disk, to the last block."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return filler
