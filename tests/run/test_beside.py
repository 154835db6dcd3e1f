"""A command in a second terminal, where FORECOURT_DEMO is not set, beside a site that may be the demo."""

import fcntl
import json

import pytest

from forecourt import environment
from forecourt.run import beside


@pytest.fixture(autouse=True)
def second_terminal(tmp_path, monkeypatch):
    monkeypatch.setenv("FORECOURT_DEMO", "")
    monkeypatch.delenv("FORECOURT_DEMO")
    monkeypatch.setattr(environment, "DEMO", False)
    monkeypatch.setattr(environment, "VAR", tmp_path)


@pytest.fixture
def site(tmp_path):
    """Runs, as whatever kind is written down."""
    with open(tmp_path / "run.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lambda **note: (tmp_path / "run.json").write_text(json.dumps(note))


def test_beside_the_demo_a_command_belongs_to_the_demo(site):
    site(demo=True)
    beside.join()
    assert environment.DEMO


def test_beside_any_other_site_it_does_not(site):
    site(demo=False)
    beside.join()
    assert not environment.DEMO


def test_a_site_that_is_still_starting_has_said_nothing_yet(site):
    beside.join()
    assert not environment.DEMO


def test_a_note_that_a_killed_site_left_counts_for_nothing(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"demo": True}))
    beside.join()
    assert not environment.DEMO


def test_whoever_sets_the_variable_has_decided(site, monkeypatch):
    site(demo=True)
    monkeypatch.setenv("FORECOURT_DEMO", "0")
    beside.join()
    assert not environment.DEMO
