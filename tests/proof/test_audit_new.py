"""The audit that goes on where the last one stopped."""

from forecourt.consent.models import Channel, Verb
from forecourt.proof import audits
from tests.proof.test_audit import HERE, a_contact, a_permit, says


def test_the_audit_of_what_is_new_judges_each_permit_once(fresh_database):
    person = a_contact()
    says(person, (Verb.ASKED, Channel.ALL, HERE))
    a_permit(person, "test-drive-reminder-email", seqs=[1])
    a_permit(person, "test-drive-reminder-text", seqs=[1])

    first, second = audits.audit_new(), audits.audit_new()

    assert (first.permits, second.permits) == (2, 0)
    assert [finding.what for finding in first.findings] == ["never-asked"]
