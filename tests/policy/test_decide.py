"""What a person said, in order, and what may then happen.

Ada books a test drive (HERS). OTHER is a second drive of hers, VISIT a service visit. Entries are written as the ledger
keeps them: "granted text HERS" is a tick in the box for texts about that drive.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.book import load
from forecourt.policy.categories import is_covered
from forecourt.policy.decide import Allowed, Contract, Facts, Refused, Stand, decide
from forecourt.policy.reasons import SENTENCES, Reason

BOOK = load(Path(__file__).parents[2] / "brands" / "wren" / "policy")
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)  # noon in New York, nine in Los Angeles
POLICY = BOOK.in_force(NOON)
DEALER_TERMS = POLICY.contracts["dealer-2026"]
SIGNED = Contract("dealer-2026", DEALER_TERMS, NOON - timedelta(days=90), NOON + timedelta(days=90))

HERS, OTHER, VISIT = "interaction:hers", "interaction:other", "interaction:visit"
DRIVES, VISITS, ALL = "type:test-drive", "type:service-visit", "all"
REMINDER, EMAIL, LEAD = "test-drive-reminder-text", "test-drive-reminder-email", "test-drive-lead"


def said(*entries):
    """The standing after these entries: "verb channel scope" each, its place in the list its seq."""
    standing = {}
    for seq, entry in enumerate(entries, 1):
        verb, channel, scope = entry.split(" ")
        stand = standing.get((channel, scope), Stand(channel, scope))
        standing[channel, scope] = replace(stand, **{verb: seq})
    return tuple(standing.values())


def facts(*entries, **changes):
    about_hers = {
        "interaction": HERS,
        "interaction_type": "test-drive",
        "zones": ("America/New_York",),
        "standing": said(*entries),
    }
    return Facts(**{**about_hers, **changes})


def text(*entries, now=NOON, **changes):
    return decide(POLICY, REMINDER, facts(*entries, **changes), now)


def lead(*entries, now=NOON, **changes):
    chosen = {"recipient": "river-north", "chosen_recipient": "river-north", "contract": SIGNED}
    return decide(POLICY, LEAD, facts(*entries, **{**chosen, **changes}), now)


TICKED = ("asked all interaction:hers", "granted text interaction:hers")


def test_a_ticked_box_allows_a_text_and_the_answer_rests_on_the_tick():
    assert text(*TICKED) == Allowed(REMINDER, "2026-10-15", (2,))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], Reason.NEVER_ASKED),
        (["asked all interaction:hers"], Reason.NEVER_ASKED),
        (["granted text interaction:other"], Reason.NEVER_ASKED),
        (["granted email interaction:hers"], Reason.NEVER_ASKED),
        (["granted text type:test-drive"], Reason.NEVER_ASKED),
        (["started text type:test-drive"], Reason.NEVER_ASKED),
        ([*TICKED, "stopped text type:test-drive"], Reason.STOPPED),
        ([*TICKED, "stopped text all"], Reason.STOPPED),
        ([*TICKED, "stopped all all"], Reason.STOPPED),
        ([*TICKED, "withdrew text interaction:hers"], Reason.WITHDRAWN),
        ([*TICKED, "withdrew text type:test-drive"], Reason.WITHDRAWN),
        ([*TICKED, "withdrew all all"], Reason.WITHDRAWN),
        ([*TICKED, "wrong_number text type:service-visit"], Reason.WRONG_NUMBER),
        ([*TICKED, "stopped text all", "granted text interaction:hers"], Reason.STOPPED),
        ([*TICKED, "wrong_number text all", "granted text interaction:hers"], Reason.WRONG_NUMBER),
        ([*TICKED, "stopped text all", "started text type:service-visit"], Reason.STOPPED),
        ([*TICKED, "started text all", "stopped text type:test-drive"], Reason.STOPPED),
    ],
)
def test_a_text_is_refused_with_the_reason(entries, reason):
    assert text(*entries).reason is reason


@pytest.mark.parametrize(
    ("entries", "rests_on"),
    [
        ([*TICKED, "stopped text type:service-visit"], (2,)),
        ([*TICKED, "withdrew email all"], (2,)),
        ([*TICKED, "withdrew text interaction:other"], (2,)),
        ([*TICKED, "stopped text type:test-drive", "started text type:test-drive"], (2, 4)),
        ([*TICKED, "stopped text all", "started text all"], (2, 4)),
        ([*TICKED, "wrong_number text all", "started text type:test-drive"], (2, 4)),
        ([*TICKED, "withdrew text interaction:hers", "granted text interaction:hers"], (4,)),
        ([*TICKED, "withdrew text all", "started text all"], (2, 4)),
    ],
)
def test_a_text_is_allowed_again_by_what_cures_the_no(entries, rests_on):
    assert text(*entries).seqs == rests_on


def test_a_stop_of_test_drive_texts_leaves_service_texts_alone():
    visit = facts(
        *TICKED,
        "granted text interaction:visit",
        "stopped text type:test-drive",
        interaction=VISIT,
        interaction_type="service-visit",
    )

    assert decide(POLICY, "service-visit-text", visit, NOON).allowed
    assert not text(*TICKED, "stopped text type:test-drive").allowed


def test_a_refusal_quotes_the_sentence_that_it_keeps_and_the_entry_that_said_no():
    no = text(*TICKED, "stopped text type:test-drive")

    assert (no.promise, no.seqs, no.retry) == ("P-3F-5", (3,), False)
    assert no.reason.sentence.startswith("You told us to stop")


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([], Reason.NOT_REQUESTED),
        (["asked all interaction:other"], Reason.NOT_REQUESTED),
        (["asked all interaction:hers", "withdrew email type:test-drive"], Reason.WITHDRAWN),
        (["asked all interaction:hers", "withdrew all all"], Reason.WITHDRAWN),
        (["asked email interaction:hers", "stopped all all"], Reason.STOPPED),
    ],
)
def test_an_email_nobody_asked_for_or_that_was_stopped_is_refused(entries, reason):
    assert decide(POLICY, EMAIL, facts(*entries), NOON).reason is reason


def test_a_booking_made_after_a_stop_of_everything_gets_its_confirmation():
    after = facts("withdrew all all", "asked all interaction:hers")

    assert decide(POLICY, "test-drive-confirmation-email", after, NOON) == Allowed(
        "test-drive-confirmation-email", "2026-10-15", (2,)
    )


def test_a_text_stop_leaves_emails_and_the_lead_alone():
    stopped = ("asked all interaction:hers", "stopped text all")

    assert decide(POLICY, EMAIL, facts(*stopped), NOON).allowed
    assert lead(*stopped).allowed


@pytest.mark.parametrize("entry", ["withdrew share interaction:hers", "withdrew all all"])
def test_a_withdrawal_of_sharing_or_of_everything_keeps_the_lead_at_home(entry):
    assert lead("asked all interaction:hers", entry).reason is Reason.WITHDRAWN


def test_a_stop_of_all_messages_by_text_is_no_word_about_sharing():
    assert lead("asked all interaction:hers", "stopped all all").allowed


def test_a_person_who_stopped_everything_can_still_open_their_booking():
    stopped = facts("asked all interaction:hers", "withdrew all all", "stopped all all", interaction_open=False)

    assert decide(POLICY, "manage-own-booking", stopped, NOON).allowed


@pytest.mark.parametrize(
    ("entries", "seqs"),
    [
        ([*TICKED, "stopped text type:test-drive"], (3,)),
        (["stopped text all"], (1,)),
        (["withdrew text type:test-drive"], (1,)),
        (["stopped text type:test-drive", "granted text interaction:hers"], (1,)),
        (["started text all", "stopped text type:test-drive", "stopped text all"], (3,)),
    ],
)
def test_a_stop_is_confirmed_on_the_strength_of_that_stop(entries, seqs):
    at_night = datetime(2026, 11, 23, 7, tzinfo=UTC)

    assert decide(POLICY, "stop-confirmation-text", facts(*entries, interaction=""), at_night).seqs == seqs


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (TICKED, Reason.NOT_REQUESTED),
        (["stopped text all", "started text all"], Reason.NOT_REQUESTED),
        (["withdrew text interaction:hers", "granted text interaction:hers"], Reason.NOT_REQUESTED),
        (["withdrew email all"], Reason.NOT_REQUESTED),
        (["stopped text all", "wrong_number text all"], Reason.WRONG_NUMBER),
    ],
)
def test_no_stop_no_confirmation(entries, reason):
    assert decide(POLICY, "stop-confirmation-text", facts(*entries), NOON).reason is reason


def test_a_stop_confirmation_is_never_closed_but_a_reminder_is():
    red = {"closed_promises": frozenset({"P-3F-5"})}
    stop = facts(*TICKED, "stopped text all", **red)

    assert decide(POLICY, "stop-confirmation-text", stop, NOON).allowed
    closed = text(*TICKED, **red)
    assert (closed.reason, closed.promise, closed.retry) == (Reason.CLOSED, "P-3F-5", True)


def test_a_start_is_confirmed_until_the_next_stop():
    started = ["stopped text all", "started text all"]

    assert decide(POLICY, "start-confirmation-text", facts(*started), NOON).seqs == (2,)
    again = decide(POLICY, "start-confirmation-text", facts(*started, "stopped text all"), NOON)
    assert again.reason is Reason.STOPPED


def test_help_is_answered_even_after_a_stop_since_it_was_asked_for():
    helped = facts("stopped text all", "asked text interaction:hers")

    assert decide(POLICY, "help-reply-text", helped, NOON).allowed
    assert decide(POLICY, "help-reply-text", facts("stopped text all"), NOON).reason is Reason.NOT_REQUESTED


def test_staff_look_only_while_a_case_is_open():
    assert decide(POLICY, "staff-case-read", Facts(), NOON).reason is Reason.NO_CASE
    assert decide(POLICY, "staff-case-read", Facts(case="C-0042"), NOON).allowed


def test_a_use_that_nobody_declared_is_unknown():
    assert decide(POLICY, "sell-to-a-broker", facts(), NOON) == Refused(
        "sell-to-a-broker", "2026-10-15", Reason.UNKNOWN_USE
    )


def test_a_use_of_the_coming_version_waits_for_its_day():
    booked = facts("asked all interaction:hers")
    day = datetime(2026, 12, 15, tzinfo=UTC)

    def thanks(now):
        return decide(BOOK.in_force(now), "test-drive-thanks-email", booked, now)

    assert thanks(day - timedelta(seconds=1)).reason is Reason.NOT_IN_FORCE
    assert "2026-12-15" in thanks(day - timedelta(seconds=1)).detail
    assert thanks(day).allowed


def test_a_version_asked_before_its_day_refuses_everything():
    coming = BOOK.coming(NOON)

    assert decide(coming, EMAIL, facts("asked all interaction:hers"), NOON).reason is Reason.NOT_IN_FORCE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"frozen": True}, Reason.FROZEN),
        ({"data": frozenset({"user.demographic.date_of_birth"})}, Reason.UNDECLARED_DATA),
        ({"interaction_type": "event"}, Reason.WRONG_INTERACTION),
        ({"interaction_open": False}, Reason.INTERACTION_OVER),
        ({"recipient": "river-north"}, Reason.WRONG_RECIPIENT),
        ({"expires": NOON}, Reason.TOO_LATE),
        ({"zones": ("America/New_York", "Pacific/Honolulu")}, Reason.QUIET_HOURS),
        ({"zones": ()}, Reason.QUIET_HOURS),
    ],
)
def test_a_consented_text_is_still_refused_when(changes, reason):
    assert text(*TICKED, **changes).reason is reason


def test_data_named_by_a_wider_category_are_declared():
    assert text(*TICKED, data=frozenset({"user.name.first", "user.contact.phone_number"})).allowed


def test_a_category_covers_its_parts_and_not_its_namesakes():
    assert is_covered("user.name.first", ["user.name"])
    assert not is_covered("user.device.cookie_id", ["user.device.cookie"])
    assert not is_covered("user.name", ["user.name.first"])


def test_only_quiet_hours_ask_to_try_again_in_the_morning():
    at_night = datetime(2026, 11, 24, 3, tzinfo=UTC)

    assert text(*TICKED, now=at_night).retry
    assert not text(now=at_night).retry


def test_the_brands_stricter_hours_bind():
    early = datetime(2026, 12, 16, 13, 30, tzinfo=UTC)  # half past eight in New York

    assert decide(BOOK.in_force(early), REMINDER, facts(*TICKED), early).reason is Reason.QUIET_HOURS
    assert decide(POLICY, REMINDER, facts(*TICKED), early).allowed


def test_a_cancelled_drive_may_still_be_told_so():
    over = facts("asked all interaction:hers", interaction_open=False)

    assert decide(POLICY, "test-drive-change-email", over, NOON).allowed
    assert decide(POLICY, EMAIL, over, NOON).reason is Reason.INTERACTION_OVER


@pytest.mark.parametrize(
    ("changes", "reason", "detail"),
    [
        ({"recipient": "lakeside"}, Reason.WRONG_RECIPIENT, "lakeside"),
        ({"recipient": "", "chosen_recipient": ""}, Reason.WRONG_RECIPIENT, ""),
        ({"contract": None}, Reason.NO_CONTRACT, "river-north"),
        ({"contract": replace(SIGNED, ends=NOON)}, Reason.CONTRACT_EXPIRED, "dealer-2026 until 2026-11-23"),
        (
            {"contract": replace(SIGNED, starts=NOON + timedelta(1))},
            Reason.CONTRACT_EXPIRED,
            "dealer-2026 until 2027-02-21",
        ),
        (
            {"contract": replace(SIGNED, terms=DEALER_TERMS - {"confidentiality"})},
            Reason.CONTRACT_TERM_MISSING,
            "confidentiality",
        ),
        ({"required_terms": frozenset({"deletes-on-request"})}, Reason.CONTRACT_TERM_MISSING, "deletes-on-request"),
        ({"data": frozenset({"user.privacy_preferences"})}, Reason.FORBIDDEN, "P-3F-7"),
    ],
)
def test_a_lead_is_refused_and_says_what_is_missing(changes, reason, detail):
    no = lead("asked all interaction:hers", **changes)

    assert (no.reason, no.detail) == (reason, detail)


def test_a_lead_without_contract_waits_and_one_to_a_stranger_does_not():
    assert lead("asked all interaction:hers", contract=None).retry
    assert not lead("asked all interaction:hers", recipient="lakeside").retry


def test_nothing_leaves_through_a_carrier_whose_contract_ended():
    later = datetime(2029, 1, 1, 17, tzinfo=UTC)

    no = decide(POLICY, REMINDER, facts(*TICKED), later)
    assert (no.reason, no.promise) == (Reason.CONTRACT_EXPIRED, "P-3F-1")


def test_a_stop_is_told_before_anything_that_we_lack():
    no = text(*TICKED, "stopped text all", zones=(), expires=NOON)

    assert no.reason is Reason.STOPPED


def test_every_reason_has_its_sentence():
    assert set(SENTENCES) == set(Reason)


# Properties: whatever anybody says, in whatever order.

VERBS = ("asked", "granted", "withdrew", "stopped", "started", "wrong_number")
entries = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.sampled_from(("text", "email", "share", "all")),
        st.sampled_from((HERS, OTHER, VISIT, DRIVES, VISITS, ALL)),
    ).map(" ".join),
    max_size=12,
)
uses = st.sampled_from(sorted(POLICY.uses))
somebody = st.builds(
    facts,
    frozen=st.booleans(),
    interaction_open=st.booleans(),
    closed_promises=st.frozensets(st.sampled_from(sorted(POLICY.sentences)), max_size=3),
    zones=st.lists(st.sampled_from(("America/New_York", "America/Los_Angeles", "Pacific/Honolulu")), max_size=2).map(
        tuple
    ),
    expires=st.none() | st.datetimes(timezones=st.just(UTC)),
    recipient=st.sampled_from(("", "river-north", "lakeside")),
    chosen_recipient=st.sampled_from(("", "river-north")),
    data=st.frozensets(st.sampled_from(("user.name", "user.contact.email", "user.biometric")), max_size=2),
    contract=st.none() | st.just(SIGNED),
    case=st.sampled_from(("", "C-0042")),
)


@given(entries, st.sampled_from(("stopped", "wrong_number", "withdrew")), entries)
def test_nothing_but_a_later_start_or_tick_ends_a_no(before, verb, after):
    """And only START ends a stop or a wrong number, however many boxes are ticked afterwards."""
    decision = text(*before, f"{verb} text {ALL}", *after)

    cures = {"started"} | ({"granted"} if verb == "withdrew" else set())
    if decision.allowed:
        assert any(entry.split(" ")[0] in cures for entry in after)


@given(entries, uses, somebody)
def test_a_refusal_always_has_a_reason_and_quotes_a_sentence_of_its_use(spoken, use, anybody):
    decision = decide(POLICY, use, replace(anybody, standing=said(*spoken)), NOON)

    if isinstance(decision, Refused):
        forbidding = {row.promise for row in POLICY.never}
        assert decision.reason.sentence
        assert decision.promise in {*POLICY.uses[use].rests_on, *forbidding}


@given(entries, uses, somebody, st.sampled_from(("text", "email", "share", "all")), st.sampled_from(VERBS))
def test_what_is_said_about_another_booking_changes_nothing(spoken, use, anybody, channel, verb):
    """Except a wrong number, a stop and a start, which are about the phone."""
    if verb in ("wrong_number", "stopped", "started", "withdrew") and use.endswith("confirmation-text"):
        return
    if verb == "wrong_number":
        return
    before = replace(anybody, standing=said(*spoken))
    after = replace(anybody, standing=said(*spoken, f"{verb} {channel} interaction:somewhere-else"))

    assert decide(POLICY, use, before, NOON) == decide(POLICY, use, after, NOON)


@given(entries, st.sampled_from((EMAIL, LEAD)))
def test_whoever_asks_last_is_served(spoken, use):
    chosen = {"recipient": "river-north", "chosen_recipient": "river-north"} if use == LEAD else {}
    asked = facts(*spoken, "asked all interaction:hers", contract=SIGNED, **chosen)

    assert decide(POLICY, use, asked, NOON).allowed


@given(entries, st.sampled_from((EMAIL, REMINDER)))
def test_whoever_says_no_last_is_left_alone(spoken, use):
    decision = decide(POLICY, use, facts(*spoken, "withdrew all all"), NOON)

    assert not decision.allowed


@given(entries, uses, somebody)
def test_the_entries_that_an_answer_rests_on_exist(spoken, use, anybody):
    decision = decide(POLICY, use, replace(anybody, standing=said(*spoken)), NOON)

    assert all(1 <= seq <= len(spoken) for seq in decision.seqs)


@given(entries, uses, somebody)
def test_the_order_of_the_standing_does_not_matter(spoken, use, anybody):
    standing = said(*spoken)

    one = decide(POLICY, use, replace(anybody, standing=standing), NOON)
    assert one == decide(POLICY, use, replace(anybody, standing=standing[::-1]), NOON)


@given(entries, st.times())
def test_a_text_never_leaves_outside_its_hours(spoken, clock):
    local = datetime.combine(date(2026, 11, 23), clock, ZoneInfo("America/New_York"))
    now = local.astimezone(UTC)
    if text(*spoken, now=now).allowed:
        assert time(8) <= clock < time(21)
