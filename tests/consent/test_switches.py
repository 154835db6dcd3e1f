"""Words about the switches, in the ledger, and whom they reach."""

from datetime import datetime

import pytest
from django.db import connection

from forecourt.consent import switches
from forecourt.consent.choices import Answer, Choices
from forecourt.consent.models import Entry
from forecourt.people import browsers, contacts
from forecourt.people.models import Contact
from forecourt.policy.policy import Switch
from tests.cast import ADA, BRUNO

NO, YES = Answer.NO, Answer.YES


@pytest.fixture
def ada(db, now: datetime) -> Contact:
    return contacts.find_or_add(contacts.read(ADA.contact), source="test", notice="1", now=now)


@pytest.fixture
def bruno(db, now: datetime) -> Contact:
    return contacts.find_or_add(contacts.read(BRUNO.contact), source="test", notice="1", now=now)


@pytest.fixture
def phone_browser(db, now: datetime) -> tuple[Contact, str]:
    return browsers.add(now)


@pytest.fixture
def desk_browser(db, now: datetime) -> tuple[Contact, str]:
    return browsers.add(now)


def said(contact: Contact) -> list[tuple[str, str, str, str]]:
    rows = Entry.objects.filter(contact=contact.pk, channel="data").order_by("seq")
    return list(rows.values_list("verb", "scope", "method", "by"))


def refused(token: str) -> frozenset[Switch]:
    return switches.of_browser(token, Choices()).said_no


def test_a_browser_is_found_by_its_token_and_by_nothing_else(phone_browser):
    browser, token = phone_browser

    assert browsers.find(token) == browser
    assert browsers.find(token[:-1]) is None
    assert browsers.find("") is None


def test_links_reach_over_as_many_browsers_and_addresses_as_it_takes(ada, bruno, phone_browser, desk_browser, now):
    phone, desk = phone_browser[0], desk_browser[0]
    browsers.link(phone, ada, "interaction:1", now)
    browsers.link(desk, ada, "interaction:2", now)
    browsers.link(desk, ada, "interaction:3", now)

    assert browsers.linked(phone.pk) == sorted([phone.pk, desk.pk, ada.pk])
    assert browsers.linked(bruno.pk) == [bruno.pk]


def test_a_no_reaches_everybody_linked_and_is_recorded_once(ada, phone_browser, desk_browser, now):
    phone, desk = phone_browser[0], desk_browser[0]
    browsers.link(phone, ada, "interaction:1", now)
    browsers.link(desk, ada, "interaction:2", now)

    first = switches.say([phone.pk], Switch.ADS, NO, "browser", now)
    again = switches.say([phone.pk], Switch.ADS, NO, "browser", now)

    assert sorted(first) == sorted([phone.pk, desk.pk, ada.pk])
    assert again == []
    assert said(phone) == [("withdrew", "purpose:ads", "browser", "person")]
    assert said(ada) == said(desk) == [("withdrew", "purpose:ads", "browser", "linked")]
    assert Switch.ADS in switches.of(ada.pk).said_no
    assert refused(desk_browser[1]) == {Switch.ADS}


def test_a_yes_counts_for_whoever_said_it_alone(ada, phone_browser, now):
    browsers.link(phone_browser[0], ada, "interaction:1", now)

    assert switches.say([phone_browser[0].pk], Switch.ADS, YES, "browser", now) == [phone_browser[0].pk]

    assert switches.of(phone_browser[0].pk).said_yes == {Switch.ADS}
    assert switches.of(ada.pk).said_yes == frozenset()


def test_who_takes_back_its_own_no_is_not_held_by_its_echo(ada, phone_browser, now):
    browser, token = phone_browser
    browsers.link(browser, ada, "interaction:1", now)
    switches.say([ada.pk], Switch.ADS, YES, "link", now)
    switches.say([browser.pk], Switch.ADS, NO, "browser", now)

    switches.say([browser.pk], Switch.ADS, YES, "browser", now)

    assert refused(token) == frozenset()
    assert switches.of(browser.pk).said_yes == {Switch.ADS}
    # The address was said no for as well, and nobody who reads its mail has taken that back.
    assert Switch.ADS in switches.of(ada.pk).said_no


def test_an_address_that_says_no_itself_holds_every_browser_linked_with_it(ada, phone_browser, now):
    browser, token = phone_browser
    browsers.link(browser, ada, "interaction:1", now)
    switches.say([browser.pk], Switch.SALE, NO, "browser", now)
    switches.say([ada.pk], Switch.SALE, NO, "link", now)

    switches.say([browser.pk], Switch.SALE, YES, "browser", now)

    assert said(ada)[-1] == ("withdrew", "purpose:sale", "link", "person")
    assert refused(token) == {Switch.SALE}
    assert switches.of(browser.pk).said_yes == frozenset()


def test_a_no_that_stood_before_two_were_linked_counts_for_both_from_then_on(ada, phone_browser, now):
    browser, token = phone_browser
    switches.say([ada.pk], Switch.SALE, NO, "link", now)
    assert refused(token) == frozenset()

    browsers.link(browser, ada, "interaction:1", now)

    assert refused(token) == {Switch.SALE}


def test_what_follows_for_a_browser_takes_one_query(phone_browser, django_assert_num_queries):
    with django_assert_num_queries(1):
        refused(phone_browser[1])


def test_an_echo_is_taken_back_where_it_was_heard_and_by_nobody_else(ada, phone_browser, now):
    browser, token = phone_browser
    browsers.link(browser, ada, "interaction:1", now)
    yes = Choices().say(YES, Switch.ADS)
    switches.say([browser.pk], Switch.ADS, YES, "browser", now)
    switches.say([ada.pk], Switch.ADS, NO, "link", now)
    assert switches.of_browser(token, yes).follows == {Switch.ADS}

    switches.say([ada.pk], Switch.ADS, YES, "link", now)
    assert switches.of_browser(token, yes).follows == frozenset()
    assert switches.of_browser(token, yes).said_no == {Switch.ADS}

    switches.say([browser.pk], Switch.ADS, YES, "browser", now)
    assert switches.of_browser(token, yes).said_yes == {Switch.ADS}


def test_many_noes_of_others_cost_nobody_a_page(phone_browser, db):
    """Without its hint the database reads the whole ledger, three seconds with 200,000 noes in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO consent_standing
                   (contact, channel, scope, asked, granted, withdrew, stopped, started, wrong_number)
               SELECT gen_random_uuid(), 'data', 'purpose:sale', 0, 0, 1, 0, 0, 0 FROM generate_series(1, 5000)"""
        )
        cursor.execute("ANALYZE consent_standing")
        cursor.execute(f"EXPLAIN {switches.BY_ID}{switches.NOES}", [phone_browser[0].pk])
        plan = "\n".join(row for (row,) in cursor.fetchall())

    assert "Scan using one_standing" in plan or "Scan on one_standing" in plan
    assert "Seq Scan on consent_standing" not in plan
