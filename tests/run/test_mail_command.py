"""`forecourt mail`: the records that a receiver looks up are the ones that our signatures name."""

import re

from click.testing import CliRunner

from forecourt.adapters.mail import dkim
from forecourt.run.commands.mail import command


def published() -> dict[str, str]:
    told = CliRunner().invoke(command, ["dns"])
    assert told.exit_code == 0, told.output
    lines = [line.split(" IN TXT ") for line in told.output.splitlines()]
    return {name: "".join(re.findall(r'"([^"]{1,255})"', strings)) for name, strings in lines}


def test_every_signature_finds_its_key_under_the_name_that_it_gives():
    found = published()

    for signer in dkim.signers():
        assert found[f"{signer.selector}._domainkey.wren.example."] == signer.record


def test_strict_receivers_find_a_policy():
    assert published()["_dmarc.wren.example."].startswith("v=DMARC1; p=reject")


def test_a_domain_that_sends_several_kinds_of_mail_is_told_once():
    told = CliRunner().invoke(command, ["dns"]).output

    assert told.count("_dmarc.") == 1
