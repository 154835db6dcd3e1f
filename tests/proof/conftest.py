"""Evidence without the site: one made-up probe whose findings a test sets, for a promise that Wren's policy has."""

from datetime import timedelta

import pytest

from forecourt.proof import registry
from forecourt.proof.registry import CouldNotRun, Probe

PROMISE = "P-3F-5"


class MadeUp:
    """What the probe will find, one list a look; a string means that it could not run, an error that it broke."""

    def __init__(self) -> None:
        self.looks: list = []
        self.probe = Probe(PROMISE, self.look, timedelta(hours=24), False)

    def finds(self, *looks: object) -> None:
        self.looks = list(looks)

    def look(self, world):
        """Looks at what the test made up."""
        found = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        world.look()
        if isinstance(found, str):
            raise CouldNotRun(found)
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def made_up(monkeypatch) -> MadeUp:
    made = MadeUp()
    registry.load()
    monkeypatch.setattr(registry, "PROBES", [made.probe])
    return made


@pytest.fixture(autouse=True)
def no_waiting_for_others(tmp_path, settings) -> None:
    settings.VAR = tmp_path
