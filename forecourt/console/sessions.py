"""Sessions of staff in the database, sealed: they hold a second factor's secret while it is being set up."""

import json

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from forecourt.adapters import cipher, strongbox

PURPOSE = "staff session"


class SessionStore(DatabaseSessions):
    def encode(self, session_dict: dict) -> str:
        return strongbox.seal(PURPOSE, json.dumps(session_dict, separators=(",", ":")))

    def decode(self, session_data: str | bytes) -> dict:
        try:
            return json.loads(strongbox.open(PURPOSE, str(session_data)))
        except cipher.Broken:
            return {}  # sealed by an earlier key: sign in again
