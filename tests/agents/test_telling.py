"""One agent's machine does not cost the others their word."""

import json
from datetime import timedelta

import pytest

from forecourt.agents import telling
from forecourt.agents.models import Asked
from tests.adapters.servers import CLOSE, WebServer, running
from tests.agents.signing import CALLBACK


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
