"""`forecourt mail`: the records that a receiver looks up are the ones that our signatures name."""

import re
import subprocess
import sys

import pytest

from forecourt.adapters.mail import dkim


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    command = [sys.executable, "-c", "from forecourt.run.cli import main; main()", "mail", "dns"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line.split(" IN TXT ") for line in told.splitlines()]


@pytest.fixture
def records(lines) -> dict[str, str]:
    """As a resolver puts them together."""
    return {name: "".join(re.findall(r'"([^"]{1,255})"', strings)) for name, strings in lines}


def test_every_signature_finds_its_key_under_the_name_that_it_gives(records):
    for signer in dkim.signers():
        assert records[f"{signer.selector}._domainkey.wren.example."] == signer.record


def test_strict_receivers_find_a_policy(records):
    assert records["_dmarc.wren.example."].startswith("v=DMARC1; p=reject")


def test_a_domain_that_sends_several_kinds_of_mail_is_told_once(lines, records):
    assert len(lines) == len(records) == 3
