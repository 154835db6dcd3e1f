"""Slows down a machine that asks or sends by the thousand. It counts by where it comes from, cut short and under a salt that is
thrown away each minute, in this process's memory alone; what is asked or sent is not looked at.
"""

import hashlib
import os
from datetime import datetime
from threading import Lock

from django.http import HttpRequest

from forecourt.traffic import notes

KEPT = 50_000


class Pace:
    """`most` a minute from one place."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._minute: datetime | None = None
        self._salt = b""
        self._counts: dict[bytes, int] = {}

    def may_go_on(self, place: str, now: datetime) -> bool:
        minute = now.replace(second=0, microsecond=0)
        with self._lock:
            if minute != self._minute or len(self._counts) >= KEPT:
                self._minute, self._salt, self._counts = minute, os.urandom(16), {}
            key = hashlib.blake2b(place.encode(), key=self._salt, digest_size=16).digest()
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] <= self.most

    def admits(self, request: HttpRequest) -> bool:
        place = notes.cut(notes.address_of(request))
        return not place or self.may_go_on(place, request.now)
