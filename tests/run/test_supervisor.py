"""`forecourt run`, as somebody at a terminal meets it."""

import http.client
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from forecourt.run import supervisor
from tests.run.installation import Installation, children_of, lives, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    made = Installation(FORECOURT_DEMO="1")
    yield made
    made.remove()


@pytest.fixture
def running(installation: Installation) -> Iterator:
    process = installation.start("run")
    wait_until(lambda: "Ctrl-C stops it" in process.output.read_text() or process.poll() is not None, 600)
    assert process.poll() is None, process.output.read_text()
    yield process
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.wait(30)


def test_it_prints_the_addresses_and_they_answer(installation, running):
    told = running.output.read_text()

    for place in ("/", "/demo/", "/privacy/", "/privacy/checks/", "/staff/", "/demo/phone/", "/demo/mailbox/"):
        assert re.search(rf"http://127\.0\.0\.1:\d+{place}\n", told), f"{place} is not among:\n{told}"
    assert re.search(r"user \S+, password \S+", told)
    assert status(installation, "/") == 200


def test_the_worker_is_up_with_the_site(installation, running):
    wait_until(lambda: "Launching a worker" in (installation.var / "logs/worker.log").read_text(), 60)


def test_a_second_one_says_where_the_first_is(installation, running):
    second = installation.run("run")

    assert second.returncode == 0
    assert f"runs already, at {address(installation)}" in second.stderr


def test_a_taken_port_is_passed_over_aloud(installation):
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", 8400))
            taken.listen()
        except OSError:
            pass  # somebody else has it, which is just as well
        process = installation.start("run")
        wait_until(lambda: "Ctrl-C stops it" in process.output.read_text(), 120)

        assert "Port 8400 is taken, so this is port 84" in process.output.read_text()

        process.send_signal(signal.SIGINT)
        process.wait(30)


def test_a_taken_port_that_was_asked_for_is_refused(installation):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        refused = installation.run("run", check=False, FORECOURT_PORT=str(taken.getsockname()[1]))

    assert refused.returncode == 1
    assert "is taken: end what listens there" in refused.stderr


def test_a_dead_site_worker_or_ad_network_is_started_again(installation, running):
    wait_until(lambda: len(children_of(running.pid)) == 4)
    _, *children = children_of(running.pid)

    for child in children:
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: running.output.read_text().count("starting it again") == 3)

    wait_until(lambda: status(installation, "/") == 200, 60)
    assert "The worker ended (signal SIGKILL)" in running.output.read_text()


def test_the_site_answers_again_after_its_database_was_killed(installation, running):
    assert status(installation, "/dealers/") == 200

    os.kill(installation.postmaster(), signal.SIGKILL)

    wait_until(lambda: status(installation, "/dealers/") == 200, 60)


def test_ctrl_c_stops_everything_soon(installation, running):
    family = everybody(running.pid)

    running.send_signal(signal.SIGINT)
    code = running.wait(15)

    assert code == 0
    assert [pid for pid in family if lives(pid)] == []
    assert "Stopped." in running.output.read_text()


def test_after_kill_9_nothing_lives_on_and_the_next_run_just_works(installation, running):
    family = everybody(running.pid)

    os.kill(running.pid, signal.SIGKILL)
    wait_until(lambda: not any(lives(pid) for pid in family), 30)

    again = installation.start("run")
    wait_until(lambda: "Ctrl-C stops it" in again.output.read_text(), 60)
    assert status(installation, "/") == 200
    again.send_signal(signal.SIGINT)
    assert again.wait(30) == 0


def everybody(pid: int) -> list[int]:
    return [pid, *(descendant for child in children_of(pid) for descendant in everybody(child))]


def address(installation: Installation) -> str:
    return json.loads((installation.var / "run.json").read_text())["address"]


def status(installation: Installation, path: str) -> int:
    host = address(installation).removeprefix("http://").rstrip("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def test_a_ctrl_c_that_is_lost_while_a_child_is_made_counts_all_the_same(monkeypatch):
    monkeypatch.setattr(supervisor, "asks", [])
    supervisor.heed()

    with suppress(supervisor.Asked):  # as the interpreter does in a hook of a fork
        supervisor.ask(signal.SIGINT, None)

    with pytest.raises(supervisor.Asked):
        supervisor.heed()
