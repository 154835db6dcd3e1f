"""What checks look with: the watch on connections, the spellings of what must not be readable, the eye for writes."""

import base64
import contextlib
import socket
import threading

import pytest

from forecourt.proof import egress
from forecourt.proof.probes.site import WRITES
from forecourt.proof.sweep import spellings

ADDRESS = "probe-000017@probe.example"


def turn_to(host: str) -> None:
    with contextlib.suppress(OSError):
        socket.getaddrinfo(host, 443)


def test_a_host_that_is_only_asked_for_is_seen():
    with egress.watched() as hosts:
        turn_to("collector.invalid")

    assert hosts == {"collector.invalid"}


def test_a_number_without_a_name_is_seen_too():
    with egress.watched() as hosts, socket.socket() as line:
        line.settimeout(0.1)
        with contextlib.suppress(OSError):
            line.connect(("127.0.0.1", 9))

    assert hosts == {"127.0.0.1"}


def test_what_others_do_meanwhile_and_what_happens_later_is_not_seen():
    with egress.watched() as hosts:
        other = threading.Thread(target=turn_to, args=["theirs.invalid"])
        other.start()
        other.join()
    turn_to("later.invalid")

    assert hosts == set()


@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "<to>"])
def test_an_address_is_found_in_base64_wherever_it_begins(before):
    coded = base64.b64encode(f"{before}{ADDRESS}, and more".encode())

    assert any(part in coded for part in spellings(ADDRESS))


def test_a_phone_number_is_found_without_its_country():
    assert b"2025550117" in spellings("+12025550117")


def test_nothing_is_searched_for_that_stands_everywhere():
    assert min(map(len, spellings("+12025550117"))) >= 8


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO a VALUES (1)",
        " update a set b = 1",
        "DELETE FROM a",
        "WITH n AS (SELECT 1) INSERT INTO a SELECT * FROM n",
    ],
)
def test_what_changes_the_database_is_seen_as_a_write(statement):
    assert WRITES.match(statement)


@pytest.mark.parametrize(
    "statement", ["SELECT 1", "SELECT updated FROM a", "WITH n AS (SELECT 1) SELECT * FROM n", "SAVEPOINT a"]
)
def test_what_only_reads_is_not(statement):
    assert not WRITES.match(statement)
