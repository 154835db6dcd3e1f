import subprocess
import sys

import pytest
from click.testing import CliRunner

from forecourt.run import cli
from forecourt.trouble import Trouble


def test_help_names_every_command_with_what_it_does():
    told = CliRunner().invoke(cli.forecourt, ["--help"]).output

    for name in cli.forecourt.list_commands(None):
        assert name in told
        assert cli.first_line(name), f"commands/{name}.py has no docstring"


@pytest.mark.parametrize("name", ["proof", "staff", "gpp", "db"])
def test_a_groups_help_says_what_each_command_does_in_a_whole_sentence(name):
    told = CliRunner().invoke(cli.forecourt, [name, "--help"]).output

    assert "..." not in told.partition("Commands:")[2]


def test_help_is_quick_because_it_imports_nothing_heavy():
    question = "import sys; from forecourt.run import cli; cli.forecourt(['--help'], standalone_mode=False); print('django' in sys.modules)"

    told = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=True).stdout

    assert told.splitlines()[-1] == "False"


def test_trouble_is_told_in_a_sentence(monkeypatch):
    def fail(**_):
        raise Trouble("The tank is empty: fill it.")

    monkeypatch.setattr(cli.forecourt, "main", fail)

    with pytest.raises(SystemExit, match="The tank is empty"):
        cli.main()


def test_the_application_does_not_migrate_by_the_back_door():
    told = subprocess.run(
        [sys.executable, "-c", "from forecourt.run.cli import main; main()", "manage", "migrate"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 1
    assert "`forecourt migrate` does it" in told.stderr
