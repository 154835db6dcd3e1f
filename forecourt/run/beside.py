"""Commands beside a running site. Those beside the demo belong to it: its clock, its codes and its broken promises are theirs too."""

import json
import os

from forecourt import environment
from forecourt.run import keeper


def join() -> None:
    """To be asked before Django is set up. Whoever sets FORECOURT_DEMO has decided, and where nothing runs nothing changes."""
    if "FORECOURT_DEMO" in os.environ or not runs_as_the_demo():
        return
    os.environ["FORECOURT_DEMO"] = "1"  # for child processes
    environment.DEMO = True


def runs_as_the_demo() -> bool:
    if not keeper.is_locked(environment.VAR / "run.lock"):
        return False
    try:
        note = json.loads((environment.VAR / "run.json").read_text())
    except FileNotFoundError:
        return False  # it is still starting
    return bool(note.get("demo"))
