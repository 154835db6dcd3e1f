"""Somebody of 13 to 15 said so once: it counts for their account and in every browser that signs in to it, and nothing is sold or
shared without their own yes."""

from datetime import timedelta

import pytest

from forecourt.consent import under_sixteen
from forecourt.consent.choices import Choices
from forecourt.consent.models import UnderSixteen
from forecourt.interactions.actions import book
from forecourt.interactions.bindings import Caller
from forecourt.people import browsers, retention
from forecourt.policy.policy import Age, Switch
from forecourt.policy.reasons import Reason
from forecourt.rights import choosing
from forecourt.rights.erasure import actions as erasure
from forecourt.sharing import audiences, facts, outbox, recipients
from forecourt.sharing.facts import gather
from forecourt.sharing.models import Share
from tests.accounts.at_home import CHOICES, browser, sign_in
from tests.cast import ADA, wish
from tests.rights.test_choices import allow, press

NETWORK = "murmur"


@pytest.fixture
def told(home, ada):
    """Ada's first browser, in which she said 14."""
    allow(home, Switch.ADS, "14")
    assert UnderSixteen.objects.filter(contact=ada.contact_id).exists()
    return home


def age_in(client) -> Age:
    return client.get(CHOICES).wsgi_request.choices.age


def test_it_counts_in_another_browser_from_the_moment_in_which_it_signs_in(told):
    elsewhere = browser()
    assert age_in(elsewhere) is Age.UNKNOWN

    sign_in(elsewhere)

    assert age_in(elsewhere) is Age.TEEN


def test_another_answer_in_another_browser_makes_nobody_older(told):
    elsewhere = browser()
    allow(elsewhere, Switch.ADS, "30")
    assert age_in(elsewhere) is Age.GROWN

    sign_in(elsewhere)

    assert age_in(elsewhere) is Age.TEEN


def test_a_browser_in_which_it_was_said_before_brings_it_along(home, ada):
    elsewhere = browser()
    allow(elsewhere, Switch.ADS, "15")

    sign_in(elsewhere)

    assert age_in(home) is Age.TEEN


def test_whoever_is_known_to_be_14_is_not_asked_again_and_their_own_yes_counts(told):
    elsewhere = browser()
    sign_in(elsewhere)

    page = press(elsewhere, Switch.ADS, "yes")

    assert not page.request["PATH_INFO"].endswith("/age/")
    assert Switch.ADS in page.wsgi_request.choices.said_yes


@pytest.mark.parametrize("years", ["10", "16", "30"])
def test_no_other_answer_is_kept(home, years):
    allow(home, Switch.ADS, years)

    assert not UnderSixteen.objects.exists()


def test_the_door_asks_for_a_yes_of_their_own_and_for_nothing_less(told, ada, at):
    def reason():
        return getattr(facts.about(ada.contact, f"{NETWORK}-audience", NETWORK, at.now), "reason", None)

    assert reason() is Reason.TOO_YOUNG
    assert audiences.join(ada.contact_id, at.now) == []

    choosing.allow(ada.contact_id, (Switch.ADS, Switch.SALE), "test", at.now)

    assert reason() is None
    share = Share.objects.get(contact=ada.contact_id, kind=Share.Kind.JOIN)
    assert gather(share, ada.contact, at.now).age is Age.TEEN


def test_what_was_queued_before_it_was_known_is_judged_with_it(ada, at):
    network = recipients.of_policy(NETWORK, at.now)
    share = outbox.queue_share(f"{NETWORK}-audience", Share.Kind.JOIN, ada.contact_id, network.pk, at.now)

    under_sixteen.told([ada.contact_id], Age.TEEN, at.now)

    assert gather(share, ada.contact, at.now).age is Age.TEEN


def test_a_browser_that_is_known_to_be_theirs_is_too_also_once_they_signed_out(ada, at):
    phone, token = browsers.add(at.now)
    browsers.link(phone, ada.contact, "test", at.now)
    under_sixteen.told([ada.contact_id], Age.TEEN, at.now)

    assert under_sixteen.youngest(Age.GROWN, phone.pk, at.now) is Age.TEEN
    assert under_sixteen.youngest_here(Age.GROWN, token, at.now) is Age.TEEN
    assert under_sixteen.youngest(Age.CHILD, phone.pk, at.now) is Age.CHILD


def test_after_three_years_everybody_who_said_it_is_sixteen_and_it_goes(told, ada, at):
    day = at.now.replace(year=at.now.year + 3)

    for moment, age, kept in ((day - timedelta(seconds=1), Age.TEEN, 1), (day, Age.UNKNOWN, 0)):
        retention.run(moment)
        assert under_sixteen.youngest(Age.UNKNOWN, ada.contact_id, moment) is age
        assert UnderSixteen.objects.filter(contact=ada.contact_id).count() == kept


def test_it_goes_with_whoever_is_erased(told, ada, at):
    erasure.erase([ada.contact_id], case="case", reason="test", now=at.now)

    assert not UnderSixteen.objects.filter(contact=ada.contact_id).exists()


def test_a_booking_brings_it_to_the_address_that_it_leaves(dealer, at):
    drive = book(wish(ADA, dealer, at.now), at.now, Caller(Choices(age=Age.TEEN)))

    assert under_sixteen.youngest(Age.UNKNOWN, drive.contact_id, at.now) is Age.TEEN
