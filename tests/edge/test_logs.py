"""Logs carry ids and code, never what somebody typed."""

import logging
import sys
import time

import pytest

from forecourt.edge.logs import IdsOnly


def line(message: str, *arguments: object, problem: bool = False) -> str:
    record = logging.LogRecord(
        "forecourt", logging.ERROR, __file__, 1, message, arguments, sys.exc_info() if problem else None
    )
    return IdsOnly().format(record)


@pytest.mark.parametrize(
    ("message", "hidden"),
    [
        ("GET /dealers/?zip=83440&name=Ada", "83440"),
        ("bounced: ada.lovelace@example.com", "lovelace"),
        ("reply from +1 (208) 555-0142 today", "555"),
        ("reply from +12085550142", "208555"),
        ("Internal Server Error: /m/Zx81kQ0vP2mN7sLd9aTe4w/", "Zx81kQ0vP2mN7sLd9aTe4w"),
        ("path '/m/Zx81kQ0vP2mN7sLd9aTe4w' is odd", "Zx81kQ0vP2mN7sLd9aTe4w"),
        ("/test-drive/Zx81kQ0vP2mN7sLd9aTe4w?x=1", "Zx81kQ0vP2mN7sLd9aTe4w"),
        ("/m/0a1b2c3d-Zx81kQ0vP2mN7s/", "Zx81kQ0vP2mN7s"),
        ("Internal Server Error: /ada.lovelace%40example.com/", "lovelace"),
    ],
)
def test_what_somebody_typed_does_not_reach_the_log(message, hidden):
    assert hidden not in line(message)


@pytest.fixture
def _in_denver(monkeypatch):
    monkeypatch.setenv("TZ", "America/Denver")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_denver")
def test_a_line_says_when_in_the_time_of_everywhere():
    record = logging.makeLogRecord(
        {"name": "forecourt", "msg": "done", "created": 1_796_140_800.25, "msecs": 250.0, "levelname": "INFO"}
    )

    assert IdsOnly().format(record).startswith("2026-12-01T16:00:00.250Z INFO")


@pytest.mark.parametrize(
    "broken", ["/a\n2026-12-01 INFO all is well", "/a\r\nINFO", "/a\x1b[2J", "/a\u2028INFO", "/a\x85INFO"]
)
def test_nobody_writes_a_second_line_by_what_they_send(broken):
    told = line("Not Found: %s", broken)

    assert len(told.splitlines()) == 1
    assert told.isprintable()


def test_ids_stay_readable():
    told = line("message %s refused: %s", "018f2c7e-4f9c-7c3a-9d2e-0123456789ab", "WITHDRAWN")

    assert "018f2c7e-4f9c-7c3a-9d2e-0123456789ab refused: WITHDRAWN" in told


def test_an_error_tells_where_and_what_kind_without_its_message():
    complaint = "duplicate key: (ada@example.com) already exists"
    try:
        raise ValueError(complaint)
    except ValueError:
        told = line("Internal Server Error: %s", "/test-drive/", problem=True)

    assert "builtins.ValueError" in told
    assert "test_logs.py" in told
    assert "already exists" not in told


def test_what_the_framework_refuses_is_not_repeated():
    try:
        raise PermissionError("ada.example")
    except PermissionError:
        record = logging.LogRecord(
            "django.security.DisallowedHost", logging.ERROR, __file__, 1, "Invalid host: %s", ("ada",), sys.exc_info()
        )

    told = IdsOnly().format(record)

    assert told.endswith("ERROR django.security.DisallowedHost a request was refused")
    assert record.getMessage() == "Invalid host: ada"
