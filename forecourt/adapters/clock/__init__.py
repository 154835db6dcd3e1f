"""The clock, as an outside system: rules see this one only, so the demo can move it and tests can pass their own.

The demo's offset lies in VAR/demo/clock.json, where every process of the demo reads it.
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

_read: tuple[tuple[int, int], timedelta] = ((0, 0), timedelta())


class NotMovable(Exception):
    """Outside the demo, time is what it is."""


def now() -> datetime:
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    global _read
    if not settings.DEMO:
        return timedelta()
    try:
        stat = os.stat(_file())
    except FileNotFoundError:
        return timedelta()
    seen = (stat.st_ino, stat.st_mtime_ns)
    if seen != _read[0]:
        _read = (
            seen,
            timedelta(seconds=json.loads(_file().read_text())["offset_seconds"]),
        )
    return _read[1]


def move(delta: timedelta) -> datetime:
    """Forward only: what was recorded would otherwise lie in the future. `reset` starts afresh."""
    _refuse_outside_demo()
    if delta < timedelta():
        raise ValueError("The demo's clock moves forward; reset it to come back to the real time.")
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps({"offset_seconds": (offset() + delta).total_seconds()}))
    os.replace(draft, file)
    return now()


def reset() -> None:
    _refuse_outside_demo()
    _file().unlink(missing_ok=True)


def _refuse_outside_demo() -> None:
    if not settings.DEMO:
        raise NotMovable("Only the demo's clock can be moved.")


def _file() -> Path:
    return Path(settings.VAR) / "demo" / "clock.json"
