"""A mail server that keeps everything to itself."""

import re

from forecourt.adapters import kept

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Fake:
    host = ""

    def send(self, raw: bytes, sender: str, recipient: str, deadline: float) -> str:
        found = MESSAGE_ID.search(raw.partition(b"\r\n\r\n")[0])
        return kept.keep(
            kept.Medium.EMAIL,
            sender=sender,
            recipient=recipient,
            content=raw,
            deadline=deadline,
            reference=found[1].decode("ascii", "replace")[:200] if found else "",
        )
