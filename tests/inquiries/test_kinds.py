"""What a message may ask for is proposed from its words; a person decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.cases.models import Case
from forecourt.inquiries import actions
from forecourt.inquiries.kinds import proposed


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Please delete my data.", "delete"),
        ("Delete everything you have about me", "delete"),
        ("I want you to erase all of my personal information", "delete"),
        ("Forget me, please", "delete"),
        ("I am making a deletion request under the CCPA.", "delete"),
        ("What do you hold about me?", "know"),
        ("What personal information do you have about me?", "know"),
        ("What information have you collected about me and my family?", "know"),
        ("Please send me a copy of my data", "know"),
        ("I exercise my right to know.", "know"),
        ("My name is wrong, it is Brightwater", "correct"),
        ("Please correct my email address", "correct"),
        ("Could you update my contact details?", "correct"),
        ("I'm not interested any more", "not-interested"),
        ("I’m no longer interested in the Pipit", "not-interested"),
        ("STOP", "not-interested"),
        ("please stop sending me these emails", "not-interested"),
        ("Take me off your list", "not-interested"),
        ("Do not sell my information", "not-interested"),
        ("My son gave you his email. He is 11.", "child-data"),
        ("You have my daughter's data, please delete it", "child-data"),
        ("I am 12 years old", "child-data"),
        ("Does it come in green?", ""),
        ("Where is the next dealer to stop by?", ""),
        ("Can I delete a saved car from my list?", ""),
        ("Does the child seat fit in the back, and what is the part's name?", ""),
        ("What colors do you have?", ""),
        ("The radio does not stop", ""),
        ("", ""),
        ("> Please delete my data\nNo, I did not write that.", ""),
        (
            "Thanks!\n\nOn Tue, Dec 1, 2026 at 9:00 AM Wren <hello@wren.example> wrote:\n> stop sending me these emails",
            "",
        ),
    ],
)
def test_words_are_read_as_a_person_would(words, kind):
    assert proposed(words) == kind


@given(st.text(max_size=300))
def test_any_words_are_read_without_a_fall(words):
    assert proposed(words) in {"", *Case.Kind.values}


def test_a_proposal_changes_nothing_until_a_person_decides(written):
    inquiry = written("Please delete my data")
    assert (inquiry.case.kind, inquiry.proposed) == ("question", "delete")

    due = inquiry.case.due_at
    decided = actions.decide_kind(inquiry, Case.Kind.DELETE)

    assert (decided.case.kind, decided.proposed, decided.case.due_at) == ("delete", "", due)
