"""Ad networks: who joins with a yes, and how a no reaches everybody who got something."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.consent import leases
from forecourt.consent.models import Permit
from forecourt.people import browsers, pseudonyms
from forecourt.people.models import Contact
from forecourt.policy.policy import Age, Switch
from forecourt.policy.reasons import Reason
from forecourt.policy.sales import SIGNALLED
from forecourt.proof import audits
from forecourt.rights import choosing
from forecourt.sharing import audiences, events, handoff, optouts, outbox, recipients, wire
from forecourt.sharing.models import Lead, Membership, Outgoing, Receipt, Recipient, Share
from tests.cast import ADA, booked

BOTH = (Switch.SALE, Switch.ADS)
DRIVE = "interaction:7f1c2f60-0000-4000-8000-000000000001"
State = Outgoing.State


def yes(contact: Contact, now: datetime, *switches: Switch) -> None:
    choosing.allow(contact.pk, switches or BOTH, "test", now)


def no(contact: Contact, now: datetime, *switches: Switch) -> None:
    choosing.refuse([contact.pk], switches or BOTH, "test", now)


def work(now: datetime) -> None:
    """What the worker does, until nothing is due any more."""
    for model, hand_over in ((Share, handoff.deliver_share), (Lead, handoff.deliver)):
        waiting = model.objects.filter(state__in=outbox.UNSENT, due__lte=now).order_by("requested_at")
        for row_id in list(waiting.values_list("pk", flat=True)):
            hand_over(row_id, now)


def shares(*kinds: str) -> list[tuple[str, str, str]]:
    rows = Share.objects.filter(kind__in=kinds) if kinds else Share.objects.all()
    return list(rows.order_by("requested_at", "kind").values_list("kind", "state", "reason"))


# Joining


def test_a_yes_to_both_joins_once_and_the_network_hears_a_digest_and_nothing_else(ada, network, now):
    for _ in range(2):
        yes(ada, now)
        work(now)

    [told] = network.heard
    assert (told.kind, told.by, told.address, told.event) == ("join", "email", ADA.address, "")
    receipt = Receipt.objects.get()
    assert (receipt.fields, receipt.provider_id) == (["user.contact.email"], "murmur-1")
    assert Permit.objects.get(pk=receipt.permit).use == "murmur-audience"


def test_an_address_leaves_as_its_digest(settings, ada, now):
    from forecourt.adapters import kept

    yes(ada, now)
    work(now)

    [item] = [one for one in kept.kept_for(ADA.address) if one.medium == kept.Medium.PARTNER]
    digest = hashlib.sha256(ADA.address.encode()).hexdigest()
    assert digest.encode() in item.content
    assert ADA.address.encode() not in item.content


def test_half_a_yes_joins_nothing(ada, network, now):
    yes(ada, now, Switch.ADS)
    work(now)

    assert Share.objects.count() == 0
    assert network.heard == []


def test_a_browser_joins_under_a_name_that_this_network_alone_knows(phone, network, now):
    browser, token = phone
    yes(browser, now)
    work(now)

    assert network.members == {pseudonyms.of(token, "murmur")}
    assert token not in str(network.heard)


def test_a_yes_of_a_browser_is_none_of_the_address_that_it_left(ada, phone, network, now):
    browsers.link(phone[0], ada, DRIVE, now)
    yes(phone[0], now)
    work(now)

    assert list(Membership.objects.values_list("contact", flat=True)) == [phone[0].pk]


def test_a_join_that_came_to_nothing_lets_a_new_yes_count(ada, network, now):
    network.failure = Rejected("http-400")
    yes(ada, now)
    work(now)
    network.failure = None
    yes(ada, now)
    work(now)

    assert network.members == {ADA.address}
    assert Membership.objects.filter(left_at=None).count() == 1


# A no


def test_a_no_takes_every_linked_browser_and_address_out_and_keeps_the_word_of_the_network(
    ada, phone, desk, network, now
):
    browsers.link(phone[0], ada, DRIVE, now)
    browsers.link(desk[0], ada, DRIVE, now)
    for who in (ada, phone[0], desk[0]):
        yes(who, now)
    work(now)
    assert len(network.members) == 3

    no(phone[0], now)
    assert not Membership.objects.filter(left_at=None).exists()
    work(now)

    assert network.members == set()
    told = optouts.progress([ada.pk, phone[0].pk, desk[0].pk])
    assert [one.recipient for one in told] == ["Murmur Ads"] * 3
    assert all(one.acknowledged for one in told)
    assert optouts.missing(now) == []


def test_a_no_before_the_join_left_means_that_nothing_leaves_at_all(ada, network, now):
    yes(ada, now)
    no(ada, now)
    work(now)

    assert network.heard == []
    assert shares() == [("join", State.REFUSED, Reason.OPTED_OUT)]


def test_a_no_to_ads_alone_is_enough(ada, network, now):
    yes(ada, now)
    work(now)
    no(ada, now, Switch.ADS)
    work(now)

    assert network.members == set()


def test_a_no_to_figures_concerns_no_network(ada, network, now):
    yes(ada, now)
    work(now)
    no(ada, now, Switch.ANALYTICS)
    work(now)

    assert network.members == {ADA.address}


def test_a_browser_whose_cookie_is_deleted_is_still_taken_out(phone, network, now):
    browser, token = phone
    yes(browser, now)
    work(now)

    choosing.refuse([browser.pk], SIGNALLED, "browser", now)
    browsers.forget(token, notice="1", now=now)
    work(now)

    assert browsers.find(token) is None
    assert network.members == set()


def test_a_removal_does_not_overtake_the_join_that_is_in_hand(ada, network, now):
    yes(ada, now)
    join = handoff.hand(Share, Share.objects.get().pk, now)  # and the network takes its time
    no(ada, now)
    removal = Share.objects.get(kind="removal")

    waiting = handoff.deliver_share(removal.pk, now)
    assert (waiting.state, network.heard) == (State.QUEUED, [])

    provider_id = wire.send(join.row, join.parcel, join.deadline)
    handoff.settle(join.row, State.LEFT, receipt=(join.parcel, provider_id))
    work(waiting.due)
    assert network.kinds() == ["join", "removal"]
    assert network.members == set()


def test_a_join_that_comes_back_unsent_after_a_no_does_not_leave_under_the_next_yes(ada, network, now):
    yes(ada, now)
    network.before = lambda told: no(ada, now)
    network.failure = NotSent("no route")
    join = handoff.deliver_share(Share.objects.get().pk, now)
    network.before, network.failure = lambda told: None, None
    assert join.state == State.QUEUED

    yes(ada, now)
    work(now + timedelta(hours=1))

    assert handoff.deliver_share(join.pk, now + timedelta(hours=1)).reason == Reason.INTERACTION_OVER
    assert network.kinds() == ["join"]


def test_a_removal_that_a_yes_overtook_is_sent_with_the_next_no(ada, network, now):
    """The network still has the address from the first yes, whatever became of the second."""
    yes(ada, now)
    work(now)
    no(ada, now)
    yes(ada, now)
    handoff.deliver_share(Share.objects.get(kind="removal").pk, now)
    assert shares("removal") == [("removal", State.REFUSED, Reason.NOT_REQUESTED)]
    assert optouts.missing(now) == []

    no(ada, now)
    work(now)

    assert network.kinds() == ["join", "removal"]
    assert network.members == set()


def test_what_a_network_did_not_take_is_said_again_every_day(ada, network, now):
    yes(ada, now)
    work(now)
    network.failure = Unknown("cut off")
    no(ada, now)
    work(now)
    assert [one.row.state for one in optouts.missing(now)] == [State.UNKNOWN]

    network.failure = None
    tomorrow = now + timedelta(days=1)
    assert optouts.remind(tomorrow) == 1
    work(tomorrow)

    assert optouts.missing(tomorrow) == []
    assert network.members == set()
    assert optouts.remind(tomorrow) == 0


def test_the_list_of_the_overdue_begins_on_the_day_after_the_last_business_day(ada, network, now):
    yes(ada, now)
    work(now)
    network.failure = Rejected("http-400")
    no(ada, now)
    work(now)

    # Fifteen business days after Tuesday, December 1, 2026.
    assert optouts.due_day(now) == date(2026, 12, 22)
    assert optouts.overdue(datetime(2026, 12, 22, 23, 0, tzinfo=now.tzinfo)) == []
    assert [one.recipient for one in optouts.overdue(datetime(2026, 12, 23, 0, 0, tzinfo=now.tzinfo))] == ["Murmur Ads"]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2026, 12, 21, tzinfo=UTC), date(2027, 1, 13)),  # over Christmas and New Year
        (datetime(2026, 3, 20, tzinfo=UTC), date(2026, 4, 13)),  # over Cesar Chavez Day, which California keeps
        (datetime(2026, 10, 9, tzinfo=UTC), date(2026, 11, 2)),  # over Columbus Day, which the federation keeps
        (datetime(2026, 12, 5, tzinfo=UTC), date(2026, 12, 28)),  # said on a Saturday
    ],
)
def test_business_days_leave_out_weekends_and_both_calendars(asked, due):
    assert optouts.due_day(asked) == due


# Dealers


def test_a_dealer_that_has_the_lead_is_told_once_in_plain_words(dealer, at, network):
    from forecourt.adapters import kept

    drive = booked(ADA, dealer, at.now)
    work(at.now)
    for _ in range(2):
        no(drive.contact, at.now)
        work(at.now)

    notice = Lead.objects.get(says_no=True)
    [item] = kept.kept_about(str(notice.pk))
    assert outbox.SAID_NO.encode() in item.content
    assert Receipt.objects.get(lead=notice).fields == [
        "choice.opt_out", "user.contact.email", "user.name", "vehicle.interest",
    ]  # fmt: skip
    assert [one.recipient for one in optouts.progress([drive.contact_id])] == ["Wren of Salem"]


def test_cancelling_the_booking_does_not_cancel_the_word_of_the_no(dealer, at, network):
    from forecourt.interactions import actions

    drive = booked(ADA, dealer, at.now)
    work(at.now)
    no(drive.contact, at.now)
    actions.cancel(drive, at.now)
    work(at.now)

    assert Lead.objects.get(says_no=True).state == State.LEFT
    assert list(Lead.objects.order_by("change").values_list("use", flat=True)) == [
        "test-drive-lead", "opt-out-notice-dealer", "test-drive-lead",
    ]  # fmt: skip


def test_a_dealer_that_got_nothing_is_told_nothing_and_gets_the_booking(dealer, at, network):
    drive = booked(ADA, dealer, at.now)
    no(drive.contact, at.now)
    work(at.now)

    assert list(Lead.objects.values_list("state", "says_no")) == [(State.LEFT, False)]


# Events


def test_a_booking_is_told_to_a_network_with_a_yes_of_ones_own_only(dealer, at, network):
    booked(ADA, dealer, at.now)
    assert Share.objects.count() == 0

    yes(Contact.objects.get(kind="email"), at.now)
    booked(ADA, dealer, at.now, None)
    work(at.now)

    assert [(told.kind, told.event) for told in network.heard] == [("join", ""), ("event", "test-drive-booked")]


def test_whoever_heard_of_a_booking_hears_of_the_no(ada, network, now):
    yes(ada, now)
    events.queue(ada, "test-drive-booked", DRIVE, now)
    work(now)
    later = now + timedelta(minutes=1)
    for _ in range(2):
        no(ada, later)
        work(later)

    assert network.kinds()[2:] in (["notice", "removal"], ["removal", "notice"])


def test_a_child_is_told_of_to_nobody(ada, network, now):
    yes(ada, now)

    assert events.queue(ada, "test-drive-booked", DRIVE, now, Age.CHILD) == []
    assert len(events.queue(ada, "test-drive-booked", DRIVE, now, Age.TEEN)) == 1


# Who can be a recipient


@pytest.mark.parametrize("kind", ["third party for consideration", "matching co-op", "ad network", "service provider"])
def test_nobody_whom_the_policy_does_not_name_becomes_a_recipient(db, now, kind):
    with pytest.raises(recipients.Undeclared, match=r"\[recipients\.list-house\]"):
        recipients.register("list-house", kind, "List House", "https://list-house.example/", now)

    assert not Recipient.objects.exists()


@pytest.mark.parametrize("kind", ["dealer", "third party for consideration"])
def test_a_recipient_that_the_policy_names_keeps_its_role(db, now, kind):
    with pytest.raises(recipients.Undeclared):
        recipients.register("murmur", kind, "Murmur Ads", "https://api.murmur.example/api/", now)


def test_a_recipient_that_the_policy_names_keeps_its_address(db, now):
    with pytest.raises(recipients.Undeclared, match="another address"):
        recipients.register("murmur", "ad network", "Murmur Ads", "https://elsewhere.example/api/", now)


def test_a_share_that_no_yes_stands_behind_is_refused_at_the_door(ada, network, now):
    recipients.of_policy("murmur", now)
    share = outbox.queue_share("murmur-audience", Share.Kind.JOIN, ada.pk, "murmur", now)

    refused = handoff.deliver_share(share.pk, now)

    assert (refused.state, refused.reason, network.heard) == (State.REFUSED, Reason.NOT_CHOSEN, [])


def test_a_lease_that_ran_out_leaves_an_unknown_and_the_removal_goes_on(ada, network, now):
    from django.db import connection

    yes(ada, now)
    handoff.hand(Share, Share.objects.get().pk, now)  # and then this worker dies
    no(ada, now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sharing_share SET deadline = clock_timestamp() - interval '1 second'")
    assert leases.give_up("sharing_share") == 1

    work(now + timedelta(minutes=1))

    assert network.kinds() == ["removal"]


def test_joining_asks_the_policy_which_networks_there_are(ada, now):
    from forecourt.consent import policies

    assert audiences.networks(policies.in_force(now)) == ["murmur"]


# The second opinion


def named() -> list[tuple[str, str]]:
    return [(finding.what, finding.use) for finding in audits.audit().findings]


def test_the_audit_finds_nothing_in_what_the_door_let_out(ada, phone, dealer, at, network):
    browsers.link(phone[0], ada, DRIVE, at.now)
    yes(ada, at.now)
    yes(phone[0], at.now)
    booked(ADA, dealer, at.now)
    work(at.now)
    no(phone[0], at.now + timedelta(minutes=5))
    work(at.now + timedelta(minutes=6))

    assert sorted(network.kinds()) == ["event", "join", "join", "notice", "removal", "removal"]
    assert named() == []
    assert audits.audit().shares == 6


def test_the_audit_names_a_share_that_left_after_a_no(ada, network, now, monkeypatch):
    yes(ada, now)
    no(ada, now)
    careless_door(monkeypatch)
    share = outbox.queue_share("murmur-event", Share.Kind.EVENT, ada.pk, "murmur", now, event="x")
    assert handoff.deliver_share(share.pk, now).state == State.LEFT

    assert set(named()) >= {("opted-out", "murmur-event"), ("not-chosen", "murmur-event")}


def test_the_audit_names_a_share_after_a_no_that_only_another_browser_said(ada, phone, network, now, monkeypatch):
    """The address said yes again after the echo of that no, which stands all the same."""
    browsers.link(phone[0], ada, DRIVE, now)
    no(phone[0], now)
    yes(ada, now)
    careless_door(monkeypatch)
    recipients.of_policy("murmur", now)
    later = now + timedelta(hours=1)
    share = outbox.queue_share("murmur-audience", Share.Kind.JOIN, ada.pk, "murmur", later)
    handoff.deliver_share(share.pk, later)

    assert ("opted-out", "murmur-audience") in named()


def test_the_audit_names_a_share_whose_permit_or_receipt_is_lacking(ada, network, now):
    yes(ada, now)
    work(now)
    Share.objects.create(
        kind="event",
        contact=ada,
        use="murmur-event",
        recipient_id="murmur",
        state=State.LEFT,
        requested_at=now,
        due=now,
    )
    Share.objects.filter(kind="join").update(permit=Permit.objects.get().pk, interaction="interaction:other")

    assert set(named()) == {
        ("no-permit", "murmur-event"),
        ("no-receipt", "murmur-event"),
        ("other-permit", "murmur-audience"),
    }


def careless_door(monkeypatch) -> None:
    """As if whoever asks had said yes, and nobody had ever said no."""
    both = frozenset(BOTH)
    real = handoff.gather
    monkeypatch.setattr(
        handoff,
        "gather",
        lambda row, contact, now: replace(real(row, contact, now), said_yes=both, said_no=frozenset()),
    )
