"""An agent hears of each state once, at its own address, and costs the others nothing."""

import json
from datetime import timedelta

import pytest

from forecourt.adapters import kept
from forecourt.agents import directory, telling
from forecourt.agents.models import Agent, Asked
from forecourt.policy.sales import SIGNALLED
from tests.adapters.servers import CLOSE, WebServer, running
from tests.agents.signing import CALLBACK, refused_by
from tests.cast import ADA
from tests.requests.asking import the_request, worked


def test_an_agent_hears_of_each_state_once_at_its_own_address(kestrel, drive, at):
    asked = kestrel.asks("access", status_callback=CALLBACK).json()
    telling.tell_due(at.now)
    at.now += timedelta(minutes=3)
    telling.tell_due(at.now)
    worked(the_request("know"), at)
    at.now += timedelta(minutes=3)
    telling.tell_due(at.now)
    at.now += timedelta(days=1)
    telling.tell_due(at.now)

    heard = kept.kept_about(asked["request_id"])
    assert [one.recipient for one in heard] == [CALLBACK, CALLBACK]
    assert [b"in_progress" in heard[0].content, b"fulfilled" in heard[1].content] == [True, True]


@pytest.mark.parametrize(
    "callback",
    [
        CALLBACK,
        "https://kestrel.example/",
        "https://KESTREL.example:443/elsewhere?of=1",
        "https://api.kestrel.example/status",
        "https://words.example/kestrel",
    ],
)
def test_word_goes_to_the_agents_own_site_or_where_its_entry_says(kestrel, at, callback):
    Agent.objects.update(callback="https://words.example/kestrel", web_url="https://www.kestrel.example/about")
    answer = kestrel.asks(status_callback=callback).json()

    assert telling.tell_due(at.now) == 1
    assert [one.recipient for one in kept.kept_about(answer["request_id"])] == [callback]
    assert "status_callback" not in answer["processing_details"]


def test_a_site_that_is_called_www_is_not_every_site(kestrel):
    Agent.objects.update(callback="", web_url="https://www.example/")

    assert not directory.may_hear(Agent.objects.get(), "https://merlin.example/status")
    assert directory.may_hear(Agent.objects.get(), "https://www.example/status")


@pytest.mark.parametrize(
    "callback",
    [
        "http://kestrel.example/status",
        "https://kestrel.example:8443/",
        "https://kestrel@kestrel.example/",
        "https://kestrel.example@merlin.example/",
        "https://notkestrel.example/",
        "https://kestrel.example.merlin.example/",
        "https://merlin.example/?https://kestrel.example/",
        "https://words.example/merlin",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[kestrel.example/",
        "https://localhost/",
        "https://kestrel.example/\nHost: x",
        f"https://kestrel.example/{'x' * 256}",
        "//kestrel.example/",
        "word",
    ],
)
def test_word_goes_nowhere_else_and_the_no_counts_all_the_same(kestrel, at, callback):
    Agent.objects.update(callback="https://words.example/kestrel")
    answer = kestrel.asks(status_callback=callback).json()

    assert (answer["status"], refused_by(ADA.contact)) == ("fulfilled", SIGNALLED)
    assert "We send no word of changes to that status_callback" in answer["processing_details"]
    assert telling.tell_due(at.now) == 0
    assert not kept.kept_about(answer["request_id"])


def test_an_agent_that_was_stopped_hears_nothing_more(kestrel, at):
    answer = kestrel.asks(status_callback=CALLBACK).json()
    directory.stop(kestrel.code, at.now)

    assert telling.tell_due(at.now) == 0
    assert not kept.kept_about(answer["request_id"])


def test_an_agent_that_was_deaf_for_one_state_hears_of_the_next(kestrel, drive, at, monkeypatch):
    from forecourt.adapters.agents import Fake
    from forecourt.adapters.outcomes import NotSent

    def deaf(*_):
        raise NotSent("nobody there")

    asked = kestrel.asks("access", status_callback=CALLBACK).json()
    with monkeypatch.context() as for_days:
        for_days.setattr(Fake, "tell", deaf)
        for _ in range(200):
            telling.tell_due(at.now)
            at.now += timedelta(hours=1)
    worked(the_request("know"), at)
    at.now += timedelta(minutes=3)

    assert telling.tell_due(at.now) == 1
    assert b"fulfilled" in kept.kept_about(asked["request_id"])[0].content


def test_an_agent_that_does_not_answer_is_told_again_and_not_for_ever(kestrel, at, monkeypatch):
    from forecourt.adapters.agents import Fake
    from forecourt.adapters.outcomes import NotSent

    tries = []

    def deaf(*_):
        tries.append(at.now)
        raise NotSent("nobody there")

    monkeypatch.setattr(Fake, "tell", deaf)
    kestrel.asks(status_callback=CALLBACK)
    for _ in range(400):
        telling.tell_due(at.now)
        at.now += timedelta(hours=1)

    assert len(tries) == telling.MOST_TRIES
    assert Asked.objects.get().tell_at is None


def test_a_dead_address_does_not_keep_the_others_waiting(kestrel, at, settings):
    settings.AGENTS_ADAPTER = "http"
    with running(WebServer()) as dead, running(WebServer()) as agent:
        dead.answer = CLOSE
        for nth in range(4):
            kestrel.asks(status_callback=CALLBACK, email=f"{nth}@post.example", **{"agent-request-id": f"k-{nth}"})
        Asked.objects.update(callback=dead.url)
        Asked.objects.filter(own_id="k-3").update(callback=agent.url)

        assert telling.tell_due(at.now) == 1

    assert len(dead.requests) == 1
    assert [json.loads(body)["agent_request_id"] for _, _, body in agent.requests] == ["k-3"]
    assert Asked.objects.filter(told="").count() == 3


@pytest.mark.parametrize("unreadable", ["a..kestrel.example", f"{'a' * 70}.kestrel.example", "xn--a.kestrel.example"])
def test_an_address_that_no_resolver_can_read_does_not_keep_the_others_from_their_word(
    kestrel, at, settings, unreadable
):
    settings.AGENTS_ADAPTER = "http"
    with running(WebServer()) as agent:
        kestrel.asks(status_callback=f"https://{unreadable}/", **{"agent-request-id": "k-0"})
        kestrel.asks(status_callback=CALLBACK, email="1@post.example", **{"agent-request-id": "k-1"})
        Asked.objects.filter(own_id="k-0").update(tell_at=at.now - timedelta(minutes=1))
        Asked.objects.filter(own_id="k-1").update(callback=agent.url)

        assert telling.tell_due(at.now) == 1

    assert [json.loads(body)["agent_request_id"] for _, _, body in agent.requests] == ["k-1"]
