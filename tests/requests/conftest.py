"""Ada booked a drive with her email address, and her dealer has it. Or she has an account, and a browser that is signed in."""

import pytest

from tests.accounts.conftest import _hashed_in_a_moment, ada, home

__all__ = ["_hashed_in_a_moment", "ada", "home"]


@pytest.fixture
def drive(dealer, at):
    from tests.cast import ADA, booked, work

    drive = booked(ADA, dealer, at.now)
    work(at.now)
    return drive
