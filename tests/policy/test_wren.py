"""Wren's own policy: what it must promise, and that it reads as it should."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forecourt.policy.book import load
from forecourt.policy.policy import Action, Class, Hours, Need

FOLDER = Path(__file__).parents[2] / "brands" / "wren" / "policy"
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
BOOK = load(FOLDER)

PROMISED = {
    *("P-1-2", "P-1-3", "P-1-4", "P-1-5", "P-3-6", "P-3-7", "P-3A-1", "P-3C-4", "P-3C-5", "P-3D-2"),
    *("P-3F-1", "P-3F-2", "P-3F-3", "P-3F-4", "P-3F-5", "P-3F-6", "P-3F-7", "P-6-1", "P-6-2", "P-6-4"),
    *("S-01", "S-02", "S-03", "S-06", "S-14", "S-15", "S-16", "S-17", "S-18", "S-19", "S-27", "S-30", "S-37"),
}


@pytest.mark.parametrize("policy", BOOK.versions, ids=lambda policy: policy.version)
def test_every_promise_is_made_and_can_be_checked(policy):
    informs = {sentence.id for sentence in policy.sentences.values() if sentence.kind is Class.INFORMATIVE}

    assert set(policy.sentences) - informs >= PROMISED


def test_one_version_is_in_force_and_one_is_posted():
    assert (BOOK.in_force(NOW).version, BOOK.coming(NOW).version) == ("2026-10-15", "2026-12-15")


def test_the_coming_version_changes_the_hours_of_texts_and_adds_one_email():
    found = BOOK.diff("2026-10-15", "2026-12-15")

    assert [sentence.id for sentence in found.sentences] == ["P-3F-1", "P-6-1"]
    assert [use.id for use in found.uses] == ["test-drive-thanks-email"]


@pytest.mark.parametrize("policy", BOOK.versions, ids=lambda policy: policy.version)
def test_every_text_but_an_answer_needs_a_tick_keeps_hours_and_can_be_closed(policy):
    answers = {Need.STOP, Need.START, Need.REQUEST}
    texts = [use for use in policy.uses.values() if use.action is Action.TEXT]

    for use in texts:
        asked_a_moment_ago = use.needs in answers or use.id in ("contact-code-text", "request-code-text")
        # A right is answered whatever is red, and not at night.
        closes = use.id != "request-news-text"
        assert asked_a_moment_ago or (use.needs, use.hours, use.closes) == (Need.CONSENT, Hours.QUIET, closes)
        assert not (asked_a_moment_ago and use.closes)


@pytest.mark.parametrize("policy", BOOK.versions, ids=lambda policy: policy.version)
def test_every_cookie_of_ours_says_what_brings_it_and_what_stops_without_it(policy):
    for cookie in policy.cookies.values():
        assert cookie.host or (cookie.when and cookie.without), cookie.name
        assert cookie.lifetime is None or cookie.lifetime <= 400, "browsers keep none longer"


@pytest.mark.parametrize("policy", BOOK.versions, ids=lambda policy: policy.version)
def test_it_speaks_to_the_reader_in_sentences_of_a_readable_length(policy):
    for sentence in policy.sentences.values():
        for said in re.split(r"(?<=[.:])\s", sentence.text):
            assert len(said.split()) <= 45, f"{sentence.id} is long-winded"
    text = " ".join(sentence.text for sentence in policy.sentences.values())
    assert len(re.findall(r"\byou(r|rs)?\b", text, re.IGNORECASE)) > len(policy.sentences)
