"""Sessions of staff in the database, sealed: they hold a second factor's secret while it is being set up."""

import json

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.http import HttpRequest

from forecourt.adapters import cipher, strongbox

PURPOSE = "staff session"
SHARED = "shared_device"
SHARED_IDLE = 3600


class SessionStore(DatabaseSessions):
    def get_expire_at_browser_close(self) -> bool:
        """Whatever ends the session earlier, its cookie ends with the browser (P-10B-1)."""
        return True

    def encode(self, session_dict: dict) -> str:
        return strongbox.seal(PURPOSE, json.dumps(session_dict, separators=(",", ":")))

    def decode(self, session_data: str | bytes) -> dict:
        try:
            return json.loads(strongbox.open(PURPOSE, str(session_data)))
        except cipher.Broken:
            return {}  # sealed by an earlier key: sign in again


def shorten(request: HttpRequest) -> None:
    """On a shared device: an hour without a click ends it."""
    request.session[SHARED] = True
    request.session.set_expiry(SHARED_IDLE)


def count_click(request: HttpRequest) -> None:
    """The hour begins again, which only saving the session says."""
    if request.session.get(SHARED):
        request.session.modified = True
