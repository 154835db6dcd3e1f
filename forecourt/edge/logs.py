"""Logs carry ids and code, never what somebody typed."""

import logging
import re
import traceback
from types import TracebackType

QUERY = re.compile(r"\?[^\s\"']*")
EMAIL = re.compile(r"[^\s@\"'<>()]+@[^\s@\"'<>()]+")
PHONE = re.compile(r"\+\d[\d ().-]{6,}\d")
TOKEN = re.compile(r"(?<=/)(?![0-9a-f]{8}-)[\w.:=-]{20,}(?=/|\s|$)")


class IdsOnly(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have cached one with the message in it
        shown = super().format(record)
        for pattern, instead in ((QUERY, "?…"), (EMAIL, "(email)"), (PHONE, "(phone)"), (TOKEN, "(token)")):
            shown = pattern.sub(instead, shown)
        record.exc_text = None
        return shown

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
