"""The audit that goes on where the last one stopped."""

import time

from django.db import connection

from forecourt.consent.models import Channel, Verb
from forecourt.proof import audits
from tests.proof.test_audit import HERE, a_contact, a_permit, says


def wait_until_settled() -> None:
    """The server's other databases count too: a transaction that is open there holds the mark back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(tx::text::bigint) FROM consent_permit")
        (newest,) = cursor.fetchone()
    until = time.monotonic() + 60
    while audits.oldest_open() <= newest:
        assert time.monotonic() < until, "another transaction stayed open for a minute"
        time.sleep(0.05)


def test_the_audit_of_what_is_new_judges_each_permit_once(fresh_database):
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE))
    a_permit(person, "test-drive-reminder-email", seqs=[1])
    a_permit(person, "test-drive-reminder-text", seqs=[1])

    wait_until_settled()
    first, second = audits.audit_new(), audits.audit_new()

    assert (first.permits, second.permits) == (2, 0)
    assert [finding.what for finding in first.findings] == ["never-asked"]


def test_who_first_spoke_while_the_audit_was_beginning_is_no_disagreement(fresh_database, monkeypatch):
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE))
    monkeypatch.setattr(audits, "oldest_open", lambda: 1)  # what was said came later

    assert audits.audit_new().findings == ()
