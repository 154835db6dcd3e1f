"""The public monthly figure: counted by a job from the cases themselves, and never by anybody's hand."""

import html
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.cases.models import Case
from forecourt.edge import public_pages
from forecourt.inquiries import actions, months
from forecourt.inquiries.actions import Outcome
from forecourt.inquiries.models import Month
from forecourt.inquiries.months import Group, Went

DAY = timedelta(days=1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


def went(days_ago: float, answered_after: float | None = None) -> Went:
    opened = NOW - days_ago * DAY
    return Went(opened, opened + 10 * DAY, None if answered_after is None else opened + answered_after * DAY)


def test_in_time_late_and_not_yet_due_are_told_apart():
    found = months.count([went(20, 3), went(20, 10), went(20, 10.5), went(20), went(5)], NOW)

    assert (found.received, found.in_time, found.late, found.still_open) == (5, 2, 2, 1)
    assert found.median_days == Decimal("10.0")


def test_nobody_answered_has_no_median():
    assert months.count([went(5)], NOW).median_days is None
    assert months.count([], NOW) == months.Count(0, 0, 0, 0, None)


cases = st.lists(st.builds(went, st.floats(0, 60), st.one_of(st.none(), st.floats(0, 60))), max_size=30)


@given(cases, st.timedeltas(timedelta(0), timedelta(days=100)))
def test_every_case_is_counted_once_and_late_never_becomes_fewer(found, later):
    first, then = months.count(found, NOW), months.count(found, NOW + later)

    assert first.in_time + first.late + first.still_open == first.received == then.received
    assert then.late >= first.late


@pytest.fixture
def answered(written):
    def make(received: datetime, after: float | None = None, kind=Case.Kind.QUESTION):
        inquiry = written(f"Asked on {received}", received_at=received, way="letter", kind=kind)
        if after is not None:
            actions.close(inquiry, Outcome.DONE, received + after * DAY)
        return inquiry

    return make


def row(month: date, group: Group = Group.QUESTIONS) -> Month:
    return Month.objects.get(first_day=month, group=group)


def test_a_month_is_counted_when_it_is_over_and_not_before(answered, at):
    answered(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    answered(datetime(2026, 12, 1, 0, 0, tzinfo=UTC))

    months.close(at.now)

    assert row(NOVEMBER).received == 1
    assert not Month.objects.filter(first_day=DECEMBER).exists()


def test_it_is_counted_anew_until_it_is_final_and_never_after(answered, at):
    waits = answered(datetime(2026, 11, 28, tzinfo=UTC))
    months.close(at.now)
    assert (row(NOVEMBER).still_open, row(NOVEMBER).late) == (1, 0)

    at.now += 30 * DAY
    months.close(at.now)
    assert (row(NOVEMBER).still_open, row(NOVEMBER).late, row(NOVEMBER).is_final) == (0, 1, False)

    actions.close(waits, Outcome.DONE, at.now)
    at.now += 60 * DAY
    months.close(at.now)
    assert (row(NOVEMBER).late, row(NOVEMBER).is_final) == (1, True)
    answered(datetime(2026, 11, 2, tzinfo=UTC), 1)
    months.close(at.now)
    assert row(NOVEMBER).received == 1


def test_the_row_outlives_its_cases(answered, at):
    answered(datetime(2026, 11, 2, tzinfo=UTC), 1)
    at.now += 70 * DAY
    months.close(at.now)
    at.now += actions.KEEP_CASE

    actions.forget_words(at.now)
    actions.forget_past(at.now)

    assert not Case.objects.exists()
    months.close(at.now)
    assert row(NOVEMBER).received == 1


def test_what_somebody_took_back_and_what_is_no_question_count_nowhere(answered, at):
    actions.withdraw(answered(datetime(2026, 11, 2, tzinfo=UTC)), at.now)
    answered(datetime(2026, 11, 2, tzinfo=UTC), 2, kind=Case.Kind.DELETE)

    months.close(at.now)

    assert row(NOVEMBER).received == 0
    assert row(NOVEMBER, Group.REQUESTS).received == 1


def test_every_kind_that_waits_for_an_answer_is_in_one_group():
    """A no counts the moment it comes, so it would only flatter the figures; claims have their own times."""
    grouped = [kind for kinds in months.KINDS.values() for kind in kinds]
    assert sorted([*grouped, Case.Kind.PHONE_STOP, Case.Kind.OPT_OUT, Case.Kind.CLAIM]) == sorted(Case.Kind)


def test_the_page_shows_the_rows_and_hides_what_so_few_would_tell(client, answered, at):
    for nth in range(5):
        answered(datetime(2026, 11, 2 + nth, tzinfo=UTC), 2 if nth < 4 else 12)
    answered(datetime(2026, 10, 5, tzinfo=UTC), 2)
    months.close(at.now)

    page = html.unescape(client.get("/privacy/answered/").content.decode())

    assert '<th scope="row">November 2026</th><td>5</td><td>4</td><td>1</td><td>0</td><td>2.0</td>' in page
    assert '<th scope="row">October 2026</th><td colspan="5">fewer than 5</td>' in page
    assert public_pages.is_public("/privacy/answered/", frozenset())


def test_before_the_first_month_is_over_the_page_says_so(client, db, at):
    assert months.close(at.now) == 0
    assert "No month is over yet" in client.get("/privacy/answered/").content.decode()
