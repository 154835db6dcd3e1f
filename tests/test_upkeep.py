"""docs/upkeep.md and docs/forms.md: lists for whoever runs a site, held against the code."""

import ast
import logging
import re
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from logging import handlers

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.conf import settings

from forecourt.environment import ROOT, VAR
from forecourt.run import libraries, secrets
from forecourt.security_log import Event

PAGE = (ROOT / "docs" / "upkeep.md").read_text()
CODE = ROOT / "forecourt"
QUOTED = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"`forecourt ([a-z]+)(?: ([a-z-]+))?")


def table(first: str) -> list[list[str]]:
    """The rows below the head that begins so."""
    lines = PAGE.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("| "):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def names(rows: list[list[str]], column: int = 0) -> list[str]:
    return [name for row in rows for name in QUOTED.findall(row[column])]


@cache
def trees() -> list[ast.AST]:
    files = [file for file in CODE.rglob("*.py") if "migrations" not in file.parts]
    return [ast.parse(file.read_text("utf-8")) for file in files]


def nodes(kind: type[ast.AST]) -> list:
    return [node for tree in trees() for node in ast.walk(tree) if isinstance(node, kind)]


def test_each_log_that_the_code_opens_stands_in_the_list():
    words = {node.value for node in nodes(ast.Constant) if isinstance(node.value, str)}
    files = {word.rpartition("/")[2] for word in words if re.fullmatch(r"[\w/]+\.log", word)}

    assert files == {name for name in names(table("log")) if name.endswith(".log")}
    for name in names(table("log")):
        if not name.endswith((".log", "/")):
            assert apps.get_model(name)


def test_the_code_writes_no_log_but_to_where_the_list_says():
    used = {row["class"] for row in settings.LOGGING["handlers"].values()}
    elsewhere = {
        node.attr for node in nodes(ast.Attribute) if hasattr(logging, node.attr) or hasattr(handlers, node.attr)
    }

    assert used == {"logging.StreamHandler"}
    # What only listens in a check of ours is a bare Handler, and writes nothing.
    assert {name for name in elsewhere if name.endswith("Handler")} <= {"Handler"}
    assert not [node for node in nodes(ast.ImportFrom) if node.module in ("logging.handlers", "syslog")]
    assert not [node for node in nodes(ast.Import) if {"syslog", "logging.handlers"} & {one.name for one in node.names}]


def test_each_event_at_the_doors_stands_in_the_list():
    assert names(table("event")) == [event.value for event in Event]


def test_each_key_stands_in_the_list_and_the_list_names_no_other():
    listed = names(table("key"))
    words = {node.value for node in nodes(ast.Constant) if isinstance(node.value, str)}

    assert set(secrets.NAMES) <= set(listed)
    made = {file.name for file in (VAR / "secrets").iterdir() if re.fullmatch(r"[a-z0-9-]+(\.pem)?", file.name)}
    assert made <= set(listed)
    for name in listed:
        assert any(name in word for word in words), f"{name} is in no file of ours"


def test_each_key_says_what_for_by_which_algorithm_and_when_it_ends():
    for row in table("key"):
        assert len(row) == 5
        assert all(row), row


ALGORITHMS = {
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3_256",
    "md5",
    "blake2b",
    "blake2s",
    "file_digest",
    "new",
}


def test_each_algorithm_that_the_code_calls_stands_in_the_list():
    hashes = {
        node.attr
        for node in nodes(ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "hashlib" and node.attr in ALGORITHMS
    }
    library = {
        one.name
        for node in nodes(ast.ImportFrom)
        if (node.module or "").startswith("cryptography.hazmat")
        for one in node.names
    }
    keyed = {"hmac" for node in nodes(ast.Import) if "hmac" in {one.name for one in node.names}}

    assert hashes
    assert hashes | library | keyed | {"argon2"} == set(names(table("algorithm"), 1))
    assert "argon2" in settings.PASSWORD_HASHERS[0].lower()


def test_time_frames_are_those_of_the_code():
    said = {row[0]: row[1] for row in table("what happened")}

    assert said == {words: f"{frame.days} days" for words, frame in libraries.FRAMES.items()}


def test_libraries_grow_too_old_on_the_day_after_the_last():
    since = date(2026, 11, 22)

    assert not libraries.are_too_old(since, since + timedelta(days=90))
    assert libraries.are_too_old(since, since + timedelta(days=91))


@pytest.mark.parametrize(("age", "code"), [(0, 0), (90, 0), (91, 1), (400, 1)])
def test_the_command_ends_with_1_when_they_are_too_old(monkeypatch, age, code):
    from datetime import UTC, datetime

    from forecourt.run.commands.libraries import command

    monkeypatch.setattr(libraries, "renewed", lambda: datetime.now(UTC).date() - timedelta(days=age))

    told = CliRunner().invoke(command)

    assert told.exit_code == code
    assert ("make lock upgrade=1" in told.output) == bool(code)


def test_the_day_of_the_last_renewal_is_written_down():
    assert isinstance(libraries.renewed(), date)


def test_each_queue_has_its_work_in_the_list_and_what_is_listed_exists():
    from procrastinate.contrib.django import app

    rows = table("work")
    places = set(names(rows, 1))
    queues = {task.queue for name, task in app.tasks.items() if name.startswith("forecourt.")}

    assert places == queues
    for name in names(rows):
        module, _, attribute = name.rpartition(".")
        assert hasattr(import_module(module), attribute), name


def test_each_command_that_the_page_names_exists():
    from forecourt.run import cli

    found = COMMAND.findall(PAGE)
    assert found
    for group, name in found:
        command = cli.forecourt.get_command(None, group)
        assert command is not None, group
        assert not name or command.get_command(None, name) is not None, (group, name)


def test_the_list_of_forms_is_that_of_the_forms():
    from forecourt.proof import fields

    assert (ROOT / "docs" / "forms.md").read_text("utf-8") == fields.document(), "run: forecourt policy forms"


def test_what_the_list_of_forms_says_is_what_a_form_does(db, at):
    from forecourt.accounts.forms import EmailForm
    from forecourt.proof import fields

    section = "\n".join(fields.section(EmailForm))
    assert "| `email` | text | yes | at most 254 letters |" in section
    says = re.findall(r"^- `email`: (.+)$", section, re.MULTILINE)
    assert says

    assert EmailForm({"email": "no address"}).errors["email"] == [says[-1]]
    assert "email" in EmailForm({"email": f"{'a' * 250}@b.example"}).errors
    assert "email" in EmailForm({}).errors


def test_what_has_to_go_together_is_said_with_its_form():
    from forecourt.proof import fields
    from forecourt.vehicles.payments.forms import EstimateForm

    assert "Choose a car above, or enter a price here." in list(fields.together(EstimateForm))
    assert any("stay below the price" in says for says in fields.together(EstimateForm))
