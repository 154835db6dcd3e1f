"""Two people with one of everything, and every role of forecourt/proof/access.toml."""

import pytest


@pytest.fixture
def crowd(dealer, at, settings, monkeypatch):
    from forecourt.accounts import passwords
    from forecourt.adapters import keystore
    from tests.access.people import make_crowd

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.yield_hotp_counters_from_time", lambda: iter([59_000_000]))
    passwords._nobodys.cache_clear()
    made = make_crowd(dealer, at.now)
    monkeypatch.setattr(keystore, "destroy", made.destroyed.append)
    yield made
    passwords._nobodys.cache_clear()
