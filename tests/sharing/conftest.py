import pytest


@pytest.fixture
def network(monkeypatch):
    from tests.sharing.network import connect

    return connect(monkeypatch)


@pytest.fixture
def ada(db, now):
    from forecourt.people import contacts
    from tests.cast import ADA

    return contacts.find_or_add(contacts.read(ADA.contact), source="test", notice="1", now=now)


@pytest.fixture
def phone(db, now):
    """A browser that we know again, and the token of its cookie."""
    from forecourt.people import browsers

    return browsers.add(now)


@pytest.fixture
def desk(db, now):
    from forecourt.people import browsers

    return browsers.add(now)
