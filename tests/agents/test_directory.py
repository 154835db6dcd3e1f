"""The directory's file: all of it or nothing, and each fault is said with where it is."""

import base64
import json

import pytest

from forecourt.agents import directory
from forecourt.agents.models import Agent
from tests.agents.signing import Machine


@pytest.fixture
def file(tmp_path, now):
    def written(*entries):
        path = tmp_path / "agents.json"
        path.write_text(json.dumps(entries))
        return path

    return written


def test_the_networks_file_is_taken_whole(db, file, now):
    entries = directory.read(file(Machine(now).entry, Machine(now, "MERLIN").entry))

    assert directory.add(entries, now) == 2
    assert directory.add(entries, now) == 0
    assert [one.code for one in Agent.objects.order_by("code")] == ["KESTREL", "MERLIN"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"id": "kestrel"}, "id has to be of capital letters"),
        ({"id": None}, "id has to be a text"),
        ({"name": ""}, "name has to be a text"),
        ({"name": "x" * 129}, "at most 128"),
        ({"verify_key": "short"}, "verify_key"),
        ({"verify_key": base64.b64encode(b"x" * 31).decode()}, "32 bytes"),
        ({"web_url": "http://kestrel.example/"}, "web_url has to begin with https://"),
        ({"status_callback": "https://user@kestrel.example/"}, "without a password"),
        ({"status_callback": "https://kestrel.example:5432/"}, "or a port"),
        ({"status_callback": "https://"}, "name a host"),
        ({"status_callback": "https://10.0.0.1/"}, "name a host"),
        ({"status_callback": "https://[fd00::1]/"}, "name a host"),
        ({"web_url": "https://localhost/"}, "name a host"),
        ({"web_url": "https://kestrel.example/ x"}, "name a host"),
        ({"status_callback": "https://[kestrel"}, "name a host"),
    ],
)
def test_a_fault_says_where_it_is_and_what_to_mend(file, now, fault, says):
    with pytest.raises(directory.BadDirectory, match="entry 2") as bad:
        directory.read(file(Machine(now, "MERLIN").entry, Machine(now).entry | fault))

    assert says in str(bad.value)


def test_two_entries_of_one_agent_are_refused(file, now):
    with pytest.raises(directory.BadDirectory, match="KESTREL twice"):
        directory.read(file(Machine(now).entry, Machine(now).entry))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"[7]"])
def test_what_is_no_directory_is_refused(tmp_path, content):
    path = tmp_path / "agents.json"
    path.write_bytes(content)

    with pytest.raises(directory.BadDirectory):
        directory.read(path)


def test_a_stopped_agent_stays_stopped_though_the_directory_has_it_until_we_say_so(db, file, now):
    machine = Machine(now).listed()
    assert directory.stop("KESTREL", now)
    assert not directory.stop("KESTREL", now)

    machine.listed()

    assert Agent.objects.get().stopped_at == now
    assert directory.hear("KESTREL")
    assert not directory.hear("KESTREL")
    assert Agent.objects.get().stopped_at is None
