"""Word to an agent leaves as the protocol has it: JSON to its address, over HTTPS, and its answer is not read."""

import json
import time

import pytest

from forecourt.adapters import http
from forecourt.adapters.agents import Client
from forecourt.adapters.outcomes import NotSent, Rejected

SAID = {"request_id": "c789ff35-7644-4ceb-9981-4b35c264aac3", "status": "fulfilled"}


@pytest.fixture
def posted(monkeypatch):
    """What left, and what the agent answers."""
    left, answers = [], [200]

    def post(url, body, *, headers, deadline):
        left.append((url, json.loads(body), dict(headers)))
        return http.Reply(answers[0], b"{not even JSON", {})

    monkeypatch.setattr(http, "post", post)
    return left, answers


def test_the_state_goes_out_as_json_and_with_no_secret(posted):
    left, _ = posted

    Client().tell("https://kestrel.example/status", SAID, time.monotonic() + 5)

    assert left == [("https://kestrel.example/status", SAID, {"Content-Type": "application/json"})]


@pytest.mark.parametrize("status", [301, 404, 500])
def test_whatever_is_not_taken_is_told_again(posted, status):
    posted[1][0] = status

    with pytest.raises(NotSent):
        Client().tell("https://kestrel.example/status", SAID, time.monotonic() + 5)


def test_nothing_goes_out_without_https(posted):
    with pytest.raises(Rejected):
        Client().tell("http://kestrel.example/status", SAID, time.monotonic() + 5)

    assert posted[0] == []
