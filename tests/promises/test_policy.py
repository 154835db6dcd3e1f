"""Wren's policy, sentence by sentence: each is looked at as its public check looks at it.

Whether the checks would notice a failure is `forecourt proof mutants`.
"""

import pytest

from forecourt.adapters import clock
from forecourt.consent import policies
from forecourt.proof import registry, runner

SENTENCES = policies.in_force(clock.now()).sentences


@pytest.mark.parametrize(
    "probe",
    [probe for probe in registry.probes() if probe.promise in SENTENCES],
    ids=lambda probe: f"{probe.promise} {probe.name.replace('_', ' ')}",
)
def test_the_policy_is_kept(showroom, probe):
    checked = runner.check(probe)

    assert checked.outcome == "green", f"{SENTENCES[probe.promise].text}\n{checked.finding}"
