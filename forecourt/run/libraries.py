"""How old our libraries may become. docs/upkeep.md has these time frames in its words."""

import tomllib
from datetime import date, timedelta

from forecourt.environment import ROOT

# Within which a flaw is mended, by how bad it is, and within which all are renewed where nothing happened.
FRAMES = {
    "a flaw that is used by attackers, or that opens the site to anybody who is not signed in": timedelta(days=2),
    "another flaw in something that we call": timedelta(days=14),
    "a flaw in something that we do not call, or in a tool that never runs on the site": timedelta(days=30),
    "nothing": timedelta(days=90),
}


def renewed() -> date:
    """When the lock last took the newest of everything."""
    found: date = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["forecourt"]["libraries-renewed"]
    return found


def are_too_old(since: date, today: date) -> bool:
    return today - since > FRAMES["nothing"]
