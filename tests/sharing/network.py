"""An ad network that remembers what reached it, in the order in which it came, and fails on request."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from forecourt.adapters import adnetwork
from forecourt.adapters.adnetwork import Told
from forecourt.adapters.outcomes import NotSent


@dataclass
class Network:
    failure: Exception | None = None
    pause: float = 0.0
    before: Callable[[Told], None] = lambda told: None
    heard: list[Told] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, endpoint: str, told: Told, deadline: float, reference: str) -> str:
        assert endpoint == "https://api.murmur.example/api/"
        self.before(told)
        time.sleep(self.pause)
        if time.monotonic() >= deadline:
            raise NotSent("too late")
        if self.failure:
            raise self.failure
        with self._lock:
            self.heard.append(told)
            if told.kind == "join":
                self.members.add(told.address)
            elif told.kind == "removal":
                self.members.discard(told.address)
            return f"murmur-{len(self.heard)}"

    def kinds(self) -> list[str]:
        return [told.kind for told in self.heard]


def connect(monkeypatch) -> Network:
    network = Network()
    monkeypatch.setattr(adnetwork, "current", lambda: network)
    return network
