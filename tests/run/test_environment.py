"""What the machine says to us."""

import ast
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from forecourt import environment
from forecourt.environment import Nonsense

EXAMPLE = environment.ROOT / ".env.example"


def test_the_example_lists_every_variable_with_a_line_of_why_above_its_group():
    lines = EXAMPLE.read_text().splitlines()
    listed = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    unexplained = [name for line, name in pairwise(lines) if name and not line and name[0] != "#"]

    assert sorted(listed) == sorted(environment.READ)
    assert unexplained == []


def test_nobody_else_reads_a_variable():
    """Handing the environment on to a child is fine; asking it for a value is the readers' work."""
    asked = []
    for path in (environment.ROOT / "forecourt").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            asks = isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ.get", "os.getenv")
            reads = (
                isinstance(node, ast.Subscript)
                and isinstance(node.ctx, ast.Load)
                and ast.unparse(node.value) == "os.environ"
            )
            if (asks or reads) and path.name != "environment.py":
                asked.append(f"{path}:{node.lineno}")

    assert asked == []


@pytest.mark.parametrize(
    ("variable", "value", "mend"),
    [
        ("FORECOURT_PORT", "eighty", "write a whole number from 1 to 65535"),
        ("FORECOURT_PORT", "0", "write a whole number from 1 to 65535"),
        ("FORECOURT_PORT", "٣", "write a whole number from 1 to 65535"),
        ("FORECOURT_DEMO", "yes", "write 1 for yes or 0 for no"),
        ("FORECOURT_POSTGRES", "mysql", "write one of any, debian, wheel"),
        ("FORECOURT_VAR", "var", "write a whole path"),
        ("FORECOURT_VAR", str(EXAMPLE), "name a folder"),
        ("FORECOURT_SITE_URL", "example.com", "in full"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DATABASE_OWNER_URL", "postgresql://x/y", "set both"),
    ],
)
def test_nonsense_is_refused_with_its_mend(variable, value, mend):
    told = command({variable: value}, "migrate")

    assert told.returncode == 1
    assert variable in told.stderr
    assert mend in told.stderr
    assert "Traceback" not in told.stderr


def test_a_wrong_address_with_a_password_is_refused_without_repeating_it():
    told = command({"DATABASE_URL": "http://ada:hunter2@db/x"}, "migrate")

    assert told.returncode == 1
    assert "hunter2" not in told.stderr


def test_the_demo_refuses_to_run_where_others_can_reach_it():
    told = command({"FORECOURT_DEMO": "1", "FORECOURT_HOSTS": "localhost,cars.example"}, None)

    assert told.returncode != 0
    assert "FORECOURT_HOSTS names cars.example" in told.stderr


def test_the_defaults_are_the_safe_ones():
    question = "from forecourt import settings as s; print(s.DEMO, s.DEBUG, s.ALLOWED_HOSTS)"

    told = command({}, None, question)

    assert told.stdout.strip() == "False False ['localhost', '127.0.0.1', '[::1]']"


def test_settings_refuse_what_the_readers_refuse(monkeypatch):
    monkeypatch.setenv("FORECOURT_ANSWER", "maybe")

    with pytest.raises(Nonsense, match="write 1 for yes"):
        environment.flag("FORECOURT_ANSWER")
    environment.READ.remove("FORECOURT_ANSWER")


def command(variables: dict[str, str], *arguments: str | None) -> subprocess.CompletedProcess:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("FORECOURT_", "DATABASE_"))}
    bare["FORECOURT_VAR"] = str(Path(environment.VAR))
    question = "import forecourt.settings"
    if arguments[0]:
        question = f"import sys; sys.argv[1:] = {list(arguments)!r}; from forecourt.run.cli import main; main()"
    elif len(arguments) > 1:
        question = str(arguments[1])
    return subprocess.run(
        [sys.executable, "-c", question],
        env={**bare, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "provider",
    [
        {"FORECOURT_MAIL": "smtp", "FORECOURT_SMTP_HOST": "mail.example"},
        {"FORECOURT_TEXTS": "twilio", "FORECOURT_TWILIO_ACCOUNT": "AC1", "FORECOURT_TWILIO_TOKEN": "secret"},
        {"FORECOURT_CRM": "http"},
    ],
)
def test_the_demo_which_breaks_promises_reaches_nobody_outside(provider):
    told = command({"FORECOURT_DEMO": "1", **provider}, "migrate")

    assert told.returncode != 0
    assert "nothing of it may leave this machine" in told.stderr
