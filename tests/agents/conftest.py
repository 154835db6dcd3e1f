"""Kestrel is in the directory and has its token; Ada booked a drive with her email address."""

import pytest

from tests.requests.conftest import drive

__all__ = ["drive"]


@pytest.fixture
def kestrel(db, at):
    from tests.agents.signing import Machine

    machine = Machine(at.now).listed()
    assert machine.sets_up().status_code == 200
    return machine


@pytest.fixture
def merlin(kestrel, at):
    from tests.agents.signing import Machine

    other = Machine(at.now, "MERLIN").listed()
    other.sets_up()
    return other
