"""What people write when they mean no, and what they write when they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.messaging.replies import Meaning, read

LAW = ("STOP", "STOPALL", "QUIT", "END", "REVOKE", "OPT OUT", "CANCEL", "UNSUBSCRIBE")


def meaning(text: str) -> Meaning:
    return read(text, LAW)


@pytest.mark.parametrize("word", [word for word in LAW if word != "STOPALL"])
@pytest.mark.parametrize("dress", ["{}", " {} ", "{}.", "{}!!", "please {}", "“{}”", "{} 🛑"])
def test_each_keyword_of_the_law_stops_however_it_is_dressed(word, dress):
    assert meaning(dress.format(word)) is Meaning.STOP
    assert meaning(dress.format(word.lower())) is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "please leave me alone",
        "Don’t text me anymore",
        "do not contact me",
        "I no longer wish to receive these",
        "I do not want to be contacted",
        "remove me from your list",
        "ok stop",
        "No more reminders please",
        "take me off",
        "enough already",
        "not interested",
        "STPO",
        "unsuscribe",
        "opt-out",
        "No.",
        "this is spam",
        "I withdraw my consent",
        "no, stop at once",
        "first stop texting me",
        "please, stop over",
        "dont txt me",
        "no more msgs",
        "never again",
        "leave us alone",
        "S T O P",
        "ЅТОР",
        "🛑",
    ],
)
def test_a_plain_no_stops(text):
    assert meaning(text) is Meaning.STOP


@pytest.mark.parametrize("text", ["STOPALL", "stop all", "stop everything", "don't send me anything ever again"])
def test_a_no_to_everything_stops_everything(text):
    assert meaning(text) is Meaning.STOP_ALL


@pytest.mark.parametrize(
    "text", ["wrong number", "Who is this?", "new phone, who dis", "I'm not Bob", "I never booked this"]
)
def test_somebody_else_is_left_in_peace(text):
    assert meaning(text) is Meaning.WRONG_NUMBER


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "see you at the next stop",
        "Can we stop by at 3?",
        "Don't stop texting me",
        "what time?",
        "I'm not coming",
        "I'm not sure",
        "yes",
        "",
        "👍",
    ],
)
def test_what_is_no_refusal_stops_nothing(text):
    assert meaning(text) is Meaning.OTHER


@pytest.mark.parametrize(
    ("text", "means"), [("START", Meaning.START), ("unstop", Meaning.START), ("Help", Meaning.HELP)]
)
def test_start_and_help_are_themselves(text, means):
    assert meaning(text) is means


@given(st.text(max_size=2000))
def test_anything_at_all_can_be_read(text):
    assert meaning(text) in Meaning
