"""Processes that we start, watch, start again and stop."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from forecourt.run.keeper import tail
from forecourt.run.parenthood import before_exec
from forecourt.run.postgres import say

STEADY = 30  # seconds of life after which a death counts as a first one again


@dataclass
class Child:
    """It leads a process group of its own: Ctrl-C reaches us alone, and its end takes all that it started along."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started: float = 0
    pause: float = 0
    due: float = 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("a") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.environment},
                start_new_session=True,
                preexec_fn=before_exec(signal.SIGTERM),
            )
        self.started = time.monotonic()

    def look_after(self) -> None:
        """Start it again if it died: at once the first time, later and later when it keeps dying."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.end_group(signal.SIGKILL)
        self.pause = 0.2 if now - self.started > STEADY or not self.pause else min(self.pause * 2, 30)
        self.process, self.due = None, now + self.pause
        say(
            f"The {self.name} ended ({ending(code)}); starting it again in {self.pause:.1f} s. The end of {self.log}:\n{tail(self.log, 5)}"
        )

    def end_group(self, how: signal.Signals) -> None:
        if self.process is not None:
            try:
                os.killpg(self.process.pid, how)
            except ProcessLookupError:
                return

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def stop(self, patience: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(patience, 0.1))
        except subprocess.TimeoutExpired:
            say(f"The {self.name} does not stop by itself; ending it.")
        self.end_group(signal.SIGKILL)
        self.process.wait()


def ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
