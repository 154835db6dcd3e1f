"""`forecourt consent`: what stands is compared with the ledger, and made anew from it."""

from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from forecourt.consent import ledger, standing
from forecourt.consent.models import Channel, Standing, Verb
from forecourt.people import contacts
from forecourt.run.commands import consent


@pytest.fixture(autouse=True)
def in_this_database(monkeypatch):
    monkeypatch.setattr(consent, "ready", nullcontext)


@pytest.fixture
def chen(db, now):
    """Chen said yes to texts about one booking, then STOP."""
    phone = contacts.find_or_add(contacts.read("202-555-0142"), source="test-drive", notice="2026-10-15", now=now)
    for verb in (Verb.GRANTED, Verb.STOPPED):
        ledger.record(phone.pk, verb, Channel.TEXT, "all", method="text", now=now, policy_version="2026-10-15")
    return phone


def run(name: str):
    return CliRunner().invoke(consent.command, [name])


def test_what_stands_and_the_ledger_agree(chen):
    told = run("compare")

    assert (told.exit_code, told.output) == (0, "What stands is what the ledger says.\n")


def test_a_stop_that_what_stands_has_lost_is_named_and_comes_back(chen):
    Standing.objects.update(stopped=0)

    told = run("compare")
    assert told.exit_code == 1
    assert told.output == f"{chen.pk}  text  all\n1 difference.\n"

    assert run("rebuild").output == "1 row made from the ledger.\n"
    assert standing.of(chen.pk)[0].stopped == 2
    assert run("compare").exit_code == 0


def test_what_stands_without_a_word_in_the_ledger_goes(chen):
    Standing.objects.create(contact=chen.pk, channel="email", scope="all", granted=9)

    assert run("compare").exit_code == 1
    run("rebuild")
    assert [stand.channel for stand in standing.of(chen.pk)] == ["text"]
