"""In which ways a parent's yes is known to be one: the brand picks, and the page, the desk and the door follow."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forecourt.console import accounts
from forecourt.minors import consents, methods
from forecourt.minors.models import Asking
from forecourt.web import brand as brands
from tests.cast import work
from tests.minors.parents import says

DAY = timedelta(days=1)


@pytest.fixture
def takes(monkeypatch):
    """A brand that takes a yes in these ways alone."""

    def pick(*ways: str) -> None:
        picked = replace(brands.brand(), parents_say_yes=ways)
        monkeypatch.setattr(methods, "brand", lambda: picked)

    return pick


@pytest.fixture
def clerk(db):
    return accounts.add("correct horse battery", handle="desk-one1")


def test_every_way_that_a_brand_can_name_has_its_method():
    assert tuple(methods.ALL) == brands.PARENTS_WAYS == tuple(Asking.Way.values)


def test_each_word_is_heard_by_one_method(clerk):
    for word in (methods.Word(), methods.Word(read_by=clerk)):
        assert sum(method.takes(word) for method in methods.ALL.values()) == 1


def test_a_brand_with_forms_alone_takes_no_yes_by_email_and_asks_nobody_twice(page, client, clerk, takes, at):
    takes("form")
    shown = says(client.get(page))
    assert "On paper" in shown
    assert f'action="{page}yes/"' not in shown

    assert client.post(f"{page}yes/").status_code == 404
    assert Asking.objects.get().said_yes_at is None
    assert consents.ask_again(at.now + DAY) == 0

    read = consents.read_form(Asking.objects.get().number, by=clerk, now=at.now)
    assert (read.way, read.confirmed_at) == ("form", at.now)


def test_a_brand_with_emails_alone_takes_no_form(page, client, clerk, takes, at):
    takes("email")
    assert "on paper" not in says(client.get(page)).lower()

    with pytest.raises(consents.NotNow, match="does not take a parent's yes in this way"):
        consents.read_form(Asking.objects.get().number, by=clerk, now=at.now)
    assert Asking.objects.get().confirmed_at is None

    client.post(f"{page}yes/")
    at.now += DAY
    assert consents.ask_again(at.now) == 1
    work(at.now)
    client.post(f"{page}yes/")
    assert Asking.objects.get().way == "email"
