"""What somebody sees of themselves, what they say there, and what follows from it elsewhere."""

import re
from datetime import timedelta

import pytest

from forecourt.accounts import closing, sessions
from forecourt.consent import switches
from forecourt.consent.choices import Answer
from forecourt.people import browsers, contacts, vault
from forecourt.people.models import Opening
from forecourt.policy.policy import Switch
from forecourt.vehicles.builds import shelves
from forecourt.vehicles.builds.models import SavedBuild
from tests.accounts.at_home import CHOICES, HOME, browser, sign_in
from tests.cast import ADA, CHEN, booked, first_slot, work


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def drive(dealer, ada, at):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    return drive


def test_it_holds_the_booking_what_was_sent_who_got_it_and_where_each_thing_is_from(drive, home):
    said = words(home.get(HOME))

    assert "Pipit at Wren of Salem" in said
    assert "To confirm the test drive that you booked" in said
    for field in ("your name", "your email address", "the car", "the time"):
        assert field in said.partition("Got ")[2].partition(" When")[0]
    assert f"Your name, for your test drive of the Pipit: {ADA.name}" in said
    assert f"Your email address: {ADA.contact}" in said
    assert "Beside it stood the policy of 2026-10-15" in said
    assert "Who of our people looked Nobody." in said


def test_its_links_lead_to_the_booking_and_to_the_policy_of_that_day(drive, home):
    page = home.get(HOME).content.decode()

    for address in set(re.findall(r'href="(/test-drive/[^"]+/|/privacy/versions/[^"]+)"', page)):
        assert home.get(address).status_code == 200


def test_a_quarter_of_an_hour_later_the_values_are_covered_and_the_rest_is_there(drive, home, at):
    at.now += sessions.FRESH

    said = words(home.get(HOME))

    assert ADA.name not in said
    assert ADA.contact not in said
    assert "Your name, for your test drive of the Pipit" in said


def test_each_look_of_one_of_our_people_is_there_with_its_case(drive, home, ada, at):
    vault.log_opening(
        ada.contact_id, ["user.contact.email"], purpose="staff-case-read", who="desk-4f2k", case="4F2K-CDFG", now=at.now
    )

    said = words(home.get(HOME))

    assert "desk-4f2k, to look into what you asked us about" in said
    assert "case 4F2K-CDFG: your email address" in said
    assert Opening.objects.filter(subject=ada.contact_id, who="visitor", purpose="account-page").exists()


def test_what_somebody_else_booked_by_phone_is_on_nobodys_page(home, dealer, at):
    booked(CHEN, dealer, at.now, first_slot(dealer, at.now, 6))

    said = words(home.get(HOME))

    assert CHEN.name not in said
    assert "None with this address." in said


def state(client, switch: Switch, page: str = CHOICES) -> str:
    return re.search(rf'id="{switch}-state">([^<]+)', client.get(page).content.decode())[1]


def test_a_no_said_before_signing_in_counts_for_the_account_and_in_every_other_browser_of_it(ada, at):
    first, second = browser(), browser()
    first.post(f"{CHOICES}ads/no/")
    sign_in(first)
    sign_in(second)

    assert "Off: a no was said" in state(second, Switch.ADS)
    assert state(second, Switch.ADS, HOME) == "You said no. It is off."
    assert state(second, Switch.ANALYTICS) == "You have said nothing, so it stays off."


def test_a_no_said_while_signed_in_reaches_a_browser_that_is_signed_in_already(ada):
    first, second = browser(), browser()
    sign_in(first)
    sign_in(second)

    first.post(f"{CHOICES}analytics/no/")

    assert "Off: a no was said" in state(second, Switch.ANALYTICS)


def test_a_signal_of_one_browser_counts_for_the_account_and_is_written_down_once(ada, at):
    first, second = browser(**{"sec-gpc": "1"}), browser()
    sign_in(first)
    sign_in(second)
    before = contacts.find(contacts.read(ADA.contact)).seq

    for _ in range(3):
        first.get(HOME)

    assert "Off: a no was said" in state(second, Switch.SALE)
    assert contacts.find(contacts.read(ADA.contact)).seq == before


def test_a_signal_that_comes_after_signing_in_counts_too(home, ada):
    home.get(HOME, headers={"sec-gpc": "1"})

    assert switches.of(ada.contact_id).said_no == {Switch.SALE, Switch.ADS}


def test_a_no_stays_in_the_browser_when_its_person_leaves(ada, at):
    first, second = browser(), browser()
    sign_in(first)
    first.post("/account/choices/ads/no/")
    sign_in(second)

    second.post("/account/sign-out/")

    assert state(second, Switch.ADS) == "You said no. It is off."


def test_a_yes_stays_where_it_was_said(ada):
    first, second = browser(), browser()
    first.cookies["choices"] = "analytics-yes"
    sign_in(first)
    sign_in(second)

    assert state(second, Switch.ANALYTICS) == "You have said nothing, so it stays off."
    assert switches.of(ada.contact_id).answers == {}


def test_a_browser_with_a_number_is_linked_with_the_account_it_signs_in_to(ada, at):
    known, token = browsers.add(at.now)
    client = browser()
    client.cookies["browser"] = token

    sign_in(client)

    assert set(browsers.linked(ada.contact_id)) == {known.pk, ada.contact_id}


def test_on_the_page_a_no_takes_one_press_and_a_yes_after_it_two(home, ada):
    home.post("/account/choices/analytics/no/")
    assert switches.of(ada.contact_id).answers == {Switch.ANALYTICS: Answer.NO}

    asked = home.post("/account/choices/analytics/yes/", follow=True)
    assert "Log out" in words(asked)
    sealed = re.search(r'name="confirmed" value="([^"]+)"', asked.content.decode())[1]
    assert switches.of(ada.contact_id).answers == {Switch.ANALYTICS: Answer.NO}
    done = home.post("/account/choices/analytics/yes/", {"confirmed": sealed}, follow=True)

    assert switches.of(ada.contact_id).answers == {Switch.ANALYTICS: Answer.YES}
    assert "your visits count in our figures" in words(done)
    assert home.post("/account/choices/everything-else/no/").status_code == 404


def save_a_car(client) -> SavedBuild:
    client.post("/build/saved/new/", {"line": "siskin", "b": "gorse.fan-16", "state": ""})
    return SavedBuild.objects.get()


def test_cars_saved_in_this_browser_come_along_and_go_with_the_account(ada, at):
    client = browser()
    saved = save_a_car(client)

    sign_in(client)

    assert not client.cookies["saved_builds"].value
    assert saved.title in words(client.get(HOME))
    assert [car.pk for car in shelves.of_person(ada.contact_id)] == [saved.pk]
    closing.close(ada, at.now)
    assert not SavedBuild.objects.exists()


def test_on_a_shared_device_they_stay_where_they_are(ada):
    client = browser()
    save_a_car(client)

    sign_in(client, shared_device="on")

    assert client.cookies["saved_builds"].value
    assert shelves.of_person(ada.contact_id) == []


def test_an_old_session_brings_nothing_back(home, at):
    at.now += timedelta(days=8)

    assert home.get(HOME).status_code == 401
