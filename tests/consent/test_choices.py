"""What one browser chose: the cookie's few letters, the signal, and that no order of events makes a yes of a no by itself."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from forecourt.consent.choices import Answer, Choices, parse
from forecourt.policy.policy import Age, Switch
from forecourt.policy.sales import GROWN_UP, SIGNALLED
from forecourt.rights import asking
from forecourt.rights.asking import Next

SWITCHES = st.sampled_from(list(Switch))
STATES = st.builds(
    Choices,
    st.dictionaries(SWITCHES, st.sampled_from(list(Answer))),
    st.booleans(),
    st.frozensets(SWITCHES),
    st.sampled_from(list(Age)),
)
STEPS = st.one_of(
    st.tuples(st.just("no"), SWITCHES),
    st.tuples(st.just("yes"), SWITCHES),
    st.tuples(st.just("signal"), st.none()),
    st.tuples(st.just("silence"), st.none()),
)


@given(STATES)
def test_the_cookie_says_what_was_chosen_and_nothing_else(said: Choices):
    assert parse(str(said)) == Choices(said.answers)


@given(st.text(max_size=300))
def test_a_cookie_that_somebody_wrote_by_hand_breaks_nothing(cookie: str):
    assert parse(str(parse(cookie))) == parse(cookie)


@given(STATES, st.lists(st.booleans(), max_size=6))
def test_a_signal_never_lapses_and_never_says_yes(said: Choices, sent: list[bool]):
    before = said.said_no
    for now in sent:
        said = parse(str(said))
        said = said.with_signal() if now else said
        if any(sent[: sent.index(now) + 1]) and now:
            assert said.said_no >= SIGNALLED
    kept = parse(str(said))

    if any(sent):
        assert kept.said_no >= SIGNALLED
        assert kept.signal or before & SIGNALLED
    assert kept.said_yes <= Choices(said.answers).said_yes


@given(st.lists(STEPS, max_size=25))
def test_no_order_of_presses_and_signals_makes_a_yes_of_a_no_in_one_step(steps):
    """As the pages do it: each step is a request, which brings the cookie of the last answer and perhaps the signal."""
    said, sent, asked = Choices(age=Age.GROWN), False, None
    for what, switch in steps:
        if what in ("signal", "silence"):
            sent = what == "signal"
        said = replace(parse(str(said)), age=Age.GROWN)
        said = said.with_signal() if sent else said
        was_no = said.said_no
        sealed = asked.seal(Next.CONFIRMATION) if asked else ""
        asked_before, asked = asked, None
        if what == "no":
            said = said.say(Answer.NO, switch)
        elif what == "yes":
            question = asking.question("here", switch, said)
            confirmed = question.was_asked(Next.CONFIRMATION, sealed)
            if asking.what_is_next(said, [switch], confirmed=confirmed) is Next.CONFIRMATION:
                asked = question
            elif allowed := asking.open_to_yes(said, [switch]):
                said = said.say(Answer.YES, *allowed)
        turned = was_no & said.said_yes

        assert not turned or asked_before == asking.question(
            "here", switch, replace(said, answers=parse(asked_before.stood.split("/")[0]).answers)
        )
        assert not (sent and said.said_yes & SIGNALLED)


@given(STATES, st.sets(SWITCHES, min_size=1))
def test_a_yes_that_is_held_back_is_said_to_be_and_changes_nothing(said: Choices, wanted: set[Switch]):
    open_to_yes = set(asking.open_to_yes(said, wanted))
    held = asking.holds(said, wanted)

    assert open_to_yes | set(held) == wanted
    assert not open_to_yes & said.follows
    assert not (said.sent and open_to_yes & SIGNALLED)
    assert not (said.age is Age.CHILD and open_to_yes & GROWN_UP)
    if open_to_yes & said.said_no:
        assert asking.what_is_next(said, wanted, confirmed=False) is Next.CONFIRMATION


def test_a_question_is_good_for_what_it_asked_and_while_nothing_else_was_said():
    said = Choices({Switch.ADS: Answer.NO})
    question = asking.question("here", "ads", said)
    sealed = question.seal(Next.CONFIRMATION)

    assert question.was_asked(Next.CONFIRMATION, sealed)
    assert not question.was_asked(Next.AGE, sealed)
    assert not asking.question("here", "sale", said).was_asked(Next.CONFIRMATION, sealed)
    assert not asking.question("somebody", "ads", said).was_asked(Next.CONFIRMATION, sealed)
    assert not asking.question("here", "ads", said.with_signal()).was_asked(Next.CONFIRMATION, sealed)
    assert not question.was_asked(Next.CONFIRMATION, sealed[:-1])
