"""forecourt agents: the directory's file comes in, who is heard is listed, and one is stopped at once."""

import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from forecourt.agents.models import Agent
from forecourt.run.commands.agents import command
from tests.agents.signing import Machine


@pytest.fixture(autouse=True)
def here(monkeypatch, db, at):
    """The command opens the database by itself; the test's is open already."""
    monkeypatch.setattr("forecourt.run.ready.ready", nullcontext)


@pytest.fixture
def file(tmp_path):
    def written(*entries):
        path = tmp_path / "agents.json"
        path.write_text(json.dumps(entries))
        return path

    return written


def run(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)))


def test_add_takes_the_file_and_says_how_many_are_new(file, at):
    kestrel, merlin = Machine(at.now), Machine(at.now, "MERLIN")

    first = run("add", file(kestrel.entry))
    second = run("add", file(kestrel.entry, merlin.entry))

    assert (first.exit_code, first.output) == (0, "1 in the file, 1 of them new.\n")
    assert second.output == "2 in the file, 1 of them new.\n"
    assert kestrel.sets_up().status_code == merlin.sets_up().status_code == 200


def test_add_takes_nothing_of_a_file_with_a_fault_and_says_where_it_is(file, at):
    path = file(Machine(at.now).entry, Machine(at.now, "MERLIN").entry | {"verify_key": "short"})

    answer = run("add", path)

    assert answer.exit_code == 1
    assert f"{path}, entry 2: verify_key has to be base64 of the 32 bytes" in answer.output
    assert not Agent.objects.exists()


def test_add_wants_a_file_that_is_there(tmp_path):
    answer = run("add", tmp_path / "none.json")

    assert answer.exit_code == 2
    assert "does not exist" in answer.output


def test_list_names_each_with_where_it_stands(at):
    assert run("list").output == "No agent is listed yet: forecourt agents add FILE takes the network's directory.\n"
    Machine(at.now).listed()
    Machine(at.now, "MERLIN").listed()
    run("stop", "MERLIN")

    assert run("list").output.splitlines() == [
        "KESTREL  Kestrel, who asks for you  https://kestrel.example/  heard",
        "MERLIN  Kestrel, who asks for you  https://kestrel.example/  stopped 2026-12-01",
    ]


def test_stop_ends_the_token_in_that_moment_and_only_hear_opens_the_way_again(file, at):
    kestrel = Machine(at.now).listed()
    kestrel.sets_up()

    assert run("stop", "KESTREL").output == "KESTREL is heard no more.\n"
    assert kestrel.asks().status_code == 403
    added = run("add", file(kestrel.entry))
    assert "KESTREL stays stopped: forecourt agents hear KESTREL ends that." in added.output
    assert kestrel.sets_up(kestrel.sign(kestrel.claims(extra=2))).status_code == 403
    assert run("hear", "KESTREL").output == "KESTREL is heard again, once it set up a new token.\n"
    assert kestrel.asks().status_code == 403
    kestrel.sets_up(kestrel.sign(kestrel.claims(extra=1)))
    assert kestrel.asks().status_code == 200


def test_add_names_whom_the_network_no_longer_lists(file, at):
    Machine(at.now, "MERLIN").listed()

    answer = run("add", file(Machine(at.now).entry))

    assert "MERLIN is not in the file and is heard: forecourt agents stop MERLIN ends that." in answer.output


@pytest.mark.parametrize(("verb", "says"), [("stop", "that is heard"), ("hear", "that was stopped")])
def test_nobody_of_that_name_is_said_with_where_to_look(at, verb, says):
    answer = run(verb, "NOBODY")

    assert answer.exit_code == 1
    assert f"No agent {says} is called NOBODY: forecourt agents list." in answer.output
