"""A check reads what left only once nobody holds it any more: the site's own workers hand over at the same time."""

import pytest

from forecourt.consent import leases
from forecourt.proof.registry import CouldNotRun
from forecourt.proof.visitor import DOORS
from forecourt.proof.world import World


@pytest.fixture
def visitor(dealer, now):
    visitor = World(now).visitor()
    visitor.books_a_test_drive(by="email", dealer=dealer.slug)
    return visitor


def test_a_visitor_waits_for_what_a_worker_has_in_hand(visitor, monkeypatch):
    waited = []
    monkeypatch.setattr(leases, "wait_out", lambda table, contact: waited.append(table) or True)

    visitor.lets_messages_leave()
    assert waited == list(DOORS)


def test_what_stays_in_hand_says_nothing_either_way(visitor, monkeypatch):
    monkeypatch.setattr(leases, "wait_out", lambda table, contact: False)

    with pytest.raises(CouldNotRun, match="in a provider's hands"):
        visitor.lets_messages_leave()
