"""Lists that must stay complete test themselves."""

import pytest

from forecourt.consent import policies
from forecourt.consent.models import Evidence
from forecourt.policy.policy import Class
from forecourt.proof import registry, seams

CHECKED = (Class.ENFORCED, Class.OBSERVED)


def checked_sentences():
    return {one.id for policy in policies.book().versions for one in policy.sentences.values() if one.kind in CHECKED}


def test_every_promise_that_claims_a_check_has_one():
    assert checked_sentences() - {probe.promise for probe in registry.probes()} == set()


def test_every_promise_that_claims_a_check_has_a_way_to_break_it():
    assert checked_sentences() - {mutant.promise for mutant in registry.mutants()} == set()


def test_every_check_says_what_it_does_in_plain_words():
    for probe in registry.probes():
        assert len(probe.says) > 60, probe.name
        assert probe.says.endswith("."), probe.name


def test_every_checks_name_fits_its_evidence():
    for probe in registry.probes():
        assert len(probe.name) <= Evidence._meta.get_field("probe").max_length, probe.name


def test_no_two_checks_or_mutants_of_a_promise_share_a_name():
    for named in (registry.probes(), registry.mutants()):
        names = [(one.promise, one.name, getattr(one, "seam", "")) for one in named]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("mutant", registry.mutants(), ids=lambda mutant: mutant.id)
def test_every_seam_exists(mutant):
    seams.find(mutant.seam)


def test_a_seam_that_moved_is_named():
    with pytest.raises(seams.NoSeam, match=r"there is no forecourt\.messaging\.stops\.forget"):
        seams.find("forecourt.messaging.stops.forget")
