"""People who work here, and somebody who calls."""

from datetime import datetime

import pytest


@pytest.fixture(autouse=True)
def _the_fixed_moment(monkeypatch: pytest.MonkeyPatch, settings, now: datetime) -> None:
    """Requests happen at `now`, and passwords are hashed in a moment instead of with care."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("forecourt.adapters.clock.now", lambda: now)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([59_000_000]))


@pytest.fixture
def newcomer(db, now: datetime):
    """Signed the undertaking this morning; has a password and no second factor yet."""
    from forecourt.console import accounts
    from tests.console.signing_in import PASSWORD

    user = accounts.add(PASSWORD, handle="desk-new1", chosen=True)
    accounts.sign(user, now)
    return user


@pytest.fixture
def clerk(db, now: datetime):
    """Answers the phone."""
    from allauth.mfa.totp.internal.auth import TOTP

    from forecourt.console import accounts
    from tests.console.signing_in import PASSWORD, SECRET

    user = accounts.add(PASSWORD, handle="desk-4f2k", chosen=True)
    accounts.sign(user, now)
    TOTP.activate(user, SECRET)
    return user


@pytest.fixture
def desk(clerk):
    """The clerk's browser, signed in with both factors."""
    from django.test import Client

    from tests.console.signing_in import sign_in

    return sign_in(Client(), clerk)


@pytest.fixture
def ada(db, now: datetime):
    """Booked a test drive once, by email."""
    from forecourt.people import contacts

    return contacts.find_or_add(contacts.read("ada@example.com"), source="test drive", notice="2026-10-15", now=now)
