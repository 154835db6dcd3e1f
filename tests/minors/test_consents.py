"""A parent is asked, says yes, confirms it a day later or signs a form; or says nothing, and it is as if nobody had asked."""

from datetime import timedelta

import pytest

from forecourt.console import accounts
from forecourt.inquiries.models import Inquiry
from forecourt.messaging.models import Message
from forecourt.minors import consents
from forecourt.minors.models import Asking
from forecourt.people import contacts
from forecourt.people.models import Contact, Sealed
from forecourt.vehicles.builds.models import SavedBuild
from tests.cast import Inbox, booked, work
from tests.minors.parents import PARENT, link, says

DAY = timedelta(days=1)


def held() -> Contact | None:
    return contacts.find(contacts.read(PARENT.contact))


def saves(client) -> int:
    return client.post("/build/saved/new/", {}).status_code


def test_what_is_kept_to_ask_is_the_parents_address_alone(ask):
    assert ask().status_code == 303

    assert set(Sealed.objects.values_list("field", flat=True)) == {"user.contact.email"}
    assert Asking.objects.count() == 1
    assert not Inquiry.objects.exists()


def test_one_yes_counts_for_nothing_yet(page, client):
    client.post(f"{page}yes/")

    assert "One more step, tomorrow" in says(client.get(page))
    assert Asking.objects.get().confirmed_at is None
    assert client.post(f"{page}here/").status_code == 404
    assert saves(client) == 403


def test_a_second_press_before_the_second_email_counts_for_nothing_either(page, client):
    client.post(f"{page}yes/")
    client.post(f"{page}yes/")

    assert Asking.objects.get().confirmed_at is None


def confirmed(page, client, at) -> None:
    client.post(f"{page}yes/")
    assert consents.ask_again(at.now) == 0
    at.now += DAY
    assert consents.ask_again(at.now) == 1
    assert consents.ask_again(at.now) == 0
    work(at.now)
    assert link(Inbox(PARENT).last) == page
    client.post(f"{page}yes/")


def test_confirmed_a_day_later_it_lets_the_childs_browser_save_and_nothing_else(page, client, at):
    confirmed(page, client, at)
    assert "Your yes stands" in says(client.get(page))

    client.post(f"{page}here/")

    assert client.cookies["age"].value.startswith("under-13+")
    assert saves(client) != 403
    assert client.post("/contact/", {"words": "Hello"}).status_code == 403
    assert client.get("/test-drive/").status_code == 403


def test_the_childs_browser_stays_a_childs_for_sale_and_ads(page, client, at):
    confirmed(page, client, at)
    client.post(f"{page}here/")

    assert str(client.get("/contact/").wsgi_request.choices.age) == "under-13"


def test_taking_it_back_counts_at_once_in_the_childs_browser(page, client, at):
    confirmed(page, client, at)
    client.post(f"{page}here/")

    client.post(f"{page}no/")

    assert saves(client) == 403
    assert held() is None
    assert "Nothing is kept" in says(client.get(page))


@pytest.mark.parametrize("kept", ["under-13+", "under-13+x", "under-13+true", "under-13+InNvbWUi:1a:x"])
def test_a_yes_that_a_child_makes_up_lets_nothing_through(client, db, at, kept):
    client.cookies["age"] = kept

    assert saves(client) == 403
    assert not SavedBuild.objects.exists()


def test_a_no_makes_all_of_it_go_at_once(page, client):
    client.post(f"{page}no/")

    assert held() is None
    assert not Asking.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("says_yes", [False, True])
def test_without_a_confirmed_yes_it_is_gone_on_its_day(page, client, at, says_yes):
    if says_yes:
        client.post(f"{page}yes/")
    at.now += timedelta(days=14, seconds=-1)
    assert consents.forget_unanswered(at.now) == 0
    assert client.get(page).status_code == 200

    at.now += timedelta(seconds=1)
    assert client.get(page).status_code == 404
    assert consents.forget_unanswered(at.now) == 1
    assert held() is None


def test_a_confirmed_yes_stays(page, client, at):
    confirmed(page, client, at)

    assert consents.forget_unanswered(at.now + timedelta(days=400)) == 0
    assert held() is not None


def test_a_parent_who_came_to_us_before_keeps_what_is_theirs(dealer, at, ask, client):
    booked(PARENT, dealer, at.now)
    work(at.now)
    ask()
    work(at.now)

    client.post(f"{link(Inbox(PARENT).last)}no/")

    assert held() is not None
    assert not Asking.objects.exists()


def test_whoever_is_asked_already_is_not_asked_again_and_nobody_learns_it(ask, at):
    first, second = ask(), ask()

    assert first["Location"] == second["Location"]
    assert Asking.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_signed_form_is_the_other_way(page, client, at):
    asking = Asking.objects.get()
    assert asking.number in says(client.get(page))

    consents.read_form(asking.number, by=accounts.add("correct horse battery", handle="desk-one1"), now=at.now)

    asking.refresh_from_db()
    assert (asking.way, asking.confirmed_at) == ("form", at.now)
    assert "by a signed form" in says(client.get(page))


def test_a_form_that_comes_too_late_has_to_be_asked_for_anew(page, at):
    clerk = accounts.add("correct horse battery", handle="desk-one1")

    with pytest.raises(consents.NotNow):
        consents.read_form(Asking.objects.get().number, by=clerk, now=at.now + timedelta(days=14))
    with pytest.raises(consents.NotNow):
        consents.read_form("3467-CDFG", by=clerk, now=at.now)


@pytest.mark.parametrize("typed", ["", "nobody", "(202) 555-0117"])
def test_an_address_that_is_none_is_told_kindly(ask, typed):
    answer = ask(parent=typed)

    assert answer.status_code == 422
    assert "email address" in says(answer)
    assert not Contact.objects.exists()


def test_a_name_is_not_taken(ask):
    assert ask(name="Robin").status_code == 422
