from datetime import date

import pytest
from click.testing import CliRunner

from forecourt.run.commands.recalls import command
from forecourt.trouble import Trouble
from forecourt.vehicles.recalls.models import Campaign
from tests.vehicles.recalls_cast import file, line


@pytest.fixture(autouse=True)
def here(monkeypatch, db, at):
    """The command opens the database by itself; the test's is open already."""
    from contextlib import nullcontext

    monkeypatch.setattr("forecourt.run.ready.ready", nullcontext)


def run(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)))


def test_load_says_what_it_did_and_lists_the_lines_that_it_could_not_read(tmp_path):
    path = file(tmp_path, line(), b"bad", line(CAMPNO="26V002000", MODELTXT="AVOCETT"), line(MAKETXT="PLOVER"))

    answer = run("load", path)

    assert answer.exit_code == 0, answer.output
    assert "4 lines, 2 of them about cars of ours in 2 recalls." in answer.output
    assert "As of 2026-11-03, newest entry 2026-11-03, loaded 2026-12-01 16:00 UTC." in answer.output
    assert "1 line cannot be read:\n  line 2: it has 1 fields, not 29" in answer.output
    assert "1 model of ours is known to no VIN:\n  line 3: AVOCETT" in answer.output
    assert Campaign.objects.count() == 2


def test_many_bad_lines_are_cut_unless_all_are_wanted(tmp_path):
    path = file(tmp_path, *[line(RECORD_ID=str(nth)) for nth in range(60)], *[b"bad"] * 50)

    assert "and 10 more: --all lists them." in run("load", path).output
    assert "line 110: it has 1 fields" in run("load", path, "--all").output


def test_again_changes_nothing_and_says_so(tmp_path):
    path = file(tmp_path, line())
    run("load", path)

    assert "Nothing new: this file was loaded before." in run("load", path).output


def test_a_hopeless_file_is_refused_in_a_sentence(tmp_path):
    answer = run("load", file(tmp_path, b"nonsense"))

    assert isinstance(answer.exception, Trouble)
    assert "What was loaded before stays." in str(answer.exception)


def test_age_is_an_alarm_for_whoever_watches(tmp_path, at):
    assert run("age").exit_code == 1
    run("load", file(tmp_path, line()), "--as-of", "2026-12-01")

    assert "as of 2026-12-01: 0 days old" in run("age").output
    assert run("age").exit_code == 0
    at.now = at.now.replace(day=9)
    old = run("age")
    assert (old.exit_code, "older than 7 days" in old.output) == (1, True)
    assert at.now.date() == date(2026, 12, 9)
