"""Logs carry ids and code, never what somebody typed."""

import json
import logging
import re
import time
import traceback
from types import TracebackType

QUERY = re.compile(r"\?[^\s\"']*")
EMAIL = re.compile(r"[^\s@\"'<>()]+@[^\s@\"'<>()]+")
PHONE = re.compile(r"\+\d[\d ().-]{6,}\d")
TOKEN = re.compile(r"(?<=/)(?![0-9a-f]{8}-[0-9a-f]{4}-)[\w.:=-]{20,}")
NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
MASKED_EMAIL_SIGN = re.compile("%40", re.IGNORECASE)
# What the framework refuses of itself it complains of in the words that were sent, such as a made-up host.
REFUSED = "django.security"


class IdsOnly(logging.Formatter):
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")
        self.converter = time.gmtime  # one time on every machine, which the Z says

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have cached one with the message in it
        shown = super().format(stripped(record) if record.name.startswith(REFUSED) else record)
        record.exc_text = None
        return hidden(shown)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """One line each, so that nobody writes another by what they send."""
        return NOT_SHOWN.sub(" ", super().formatMessage(record))

    def formatException(
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where and what kind, without the message: a database's complaint quotes the row."""
        kind, problem, trace = ei
        if kind is None or problem is None:
            return ""
        frames = "".join(traceback.format_tb(trace))
        cause = problem.__cause__
        because = f" from {type(cause).__module__}.{type(cause).__qualname__}" if cause else ""
        return f"{frames}{kind.__module__}.{kind.__qualname__}{because}"


class JsonLines(IdsOnly):
    """The same for what reads logs: one object a line, with the same names every time. Of what happened at the doors
    (security_log.py) each fact has a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        kept = stripped(record) if record.name.startswith(REFUSED) else record
        told = {
            "at": self.formatTime(kept),
            "level": kept.levelname,
            "part": kept.name,
            "says": NOT_SHOWN.sub(" ", hidden(kept.getMessage())),
            **({"trace": hidden(self.formatException(kept.exc_info))} if kept.exc_info else {}),
            **getattr(kept, "security", {}),
        }
        return json.dumps(told, ensure_ascii=True)


def hidden(text: str) -> str:
    text = MASKED_EMAIL_SIGN.sub("@", text)
    for pattern, instead in ((QUERY, "?…"), (EMAIL, "(email)"), (PHONE, "(phone)"), (TOKEN, "(token)")):
        text = pattern.sub(instead, text)
    return text


def stripped(record: logging.LogRecord) -> logging.LogRecord:
    """The kind of request that was refused, and no more: anybody can send any number of them."""
    return logging.makeLogRecord({**vars(record), "msg": "a request was refused", "args": (), "exc_info": None})
