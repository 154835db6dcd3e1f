"""Ada has an account, with a password, and a browser that is signed in to it."""

import pytest


@pytest.fixture(autouse=True)
def _hashed_in_a_moment(settings):
    """Instead of with care."""
    from forecourt.accounts import passwords

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def ada(db, at):
    from forecourt.accounts import passwords, signing_in
    from forecourt.people import contacts
    from tests.accounts.at_home import PASSWORD
    from tests.cast import ADA

    contact = contacts.find_or_add(contacts.read(ADA.contact), source="account", notice="2026-10-15", now=at.now)
    account = signing_in.open_account(contact, "2026-10-15", at.now)
    passwords.set_on(account.user, PASSWORD)
    return account


@pytest.fixture
def home(ada):
    from tests.accounts.at_home import HOME, browser, sign_in

    client = browser()
    sign_in(client)
    assert client.get(HOME).status_code == 200
    return client
