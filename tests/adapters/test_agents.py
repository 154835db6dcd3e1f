"""Word to an agent leaves as the protocol has it: JSON to its address, over HTTPS, and its answer is not read."""

import json
import ssl
import time
from datetime import timedelta

import pytest

from forecourt.adapters import http
from forecourt.adapters.agents import Client
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from tests.adapters.servers import CLOSE, HANG, WebServer, as_localhost, running

SAID = {"request_id": "c789ff35-7644-4ceb-9981-4b35c264aac3", "status": "fulfilled"}


def tell(url: str, seconds: float = 10) -> None:
    Client().tell(url, SAID, time.monotonic() + seconds)


@pytest.fixture
def agent():
    server = WebServer()
    server.answer = (200, b"{not even JSON")
    with running(server):
        yield server


def test_the_state_goes_out_as_json_and_with_no_secret(agent):
    tell(f"{agent.url}/status")

    [(path, headers, body)] = agent.requests
    assert (path, json.loads(body), headers["Content-Type"]) == ("/status", SAID, "application/json")
    assert not {"Authorization", "Cookie"} & headers.keys()


@pytest.mark.parametrize("status", [204, 299])
def test_any_answer_that_says_yes_is_one(agent, status):
    agent.answer = (status, b"")

    tell(agent.url)

    assert len(agent.requests) == 1


@pytest.mark.parametrize("status", [304, 400, 403, 404, 500, 503])
def test_whatever_is_not_taken_is_told_again(agent, status):
    agent.answer = (status, b"no")

    with pytest.raises(NotSent, match=f"answered {status}"):
        tell(agent.url)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_follows_an_agent_that_sends_elsewhere(agent, status):
    with running(WebServer()) as elsewhere:
        agent.answer, agent.headers = (status, b""), {"Location": f"{elsewhere.url}/"}

        with pytest.raises(NotSent, match=f"answered {status}"):
            tell(agent.url)

    assert (len(agent.requests), elsewhere.requests) == (1, [])


def test_an_agent_that_never_answers_ends_with_the_deadline(agent):
    agent.answer = HANG

    # On a busy machine it passes before the last byte.
    with pytest.raises((Unknown, NotSent)):
        tell(agent.url, seconds=0.5)


def test_an_agent_that_hangs_up_may_have_heard(agent):
    agent.answer = CLOSE

    with pytest.raises(Unknown):
        tell(agent.url)


def test_an_agent_that_is_not_there_heard_nothing():
    with running(WebServer()) as gone:
        url = gone.url

    with pytest.raises(NotSent):
        tell(url)


def test_nothing_goes_out_once_the_deadline_passed(agent):
    with pytest.raises(NotSent):
        tell(agent.url, seconds=-1)

    assert agent.requests == []


@pytest.mark.parametrize("url", ["http://kestrel.example/status", "ftp://kestrel.example/", "file:///etc/passwd", ""])
def test_nothing_goes_out_without_https(url):
    with pytest.raises(Rejected):
        tell(url)


def secure(tmp_path, **how) -> WebServer:
    server = WebServer(as_localhost(tmp_path, **how))
    server.answer = (200, b"")
    return server


def trusts(monkeypatch, tmp_path) -> None:
    """From here on our side trusts whoever signed the server's certificate."""
    client = http.httpx.Client(verify=ssl.create_default_context(cafile=tmp_path / "server.pem"), trust_env=False)
    monkeypatch.setattr(http, "_client", lambda process: client)


def test_word_goes_over_tls_to_a_server_that_is_who_it_says(monkeypatch, tmp_path):
    with running(secure(tmp_path)) as agent:
        trusts(monkeypatch, tmp_path)
        tell(f"https://localhost:{agent.server_address[1]}/")

    assert [json.loads(body) for _, _, body in agent.requests] == [SAID]


def test_a_server_that_nobody_vouches_for_hears_nothing(tmp_path):
    with running(secure(tmp_path)) as agent, pytest.raises(NotSent):
        tell(f"https://localhost:{agent.server_address[1]}/")

    assert agent.requests == []


@pytest.mark.parametrize(("host", "ends"), [("127.0.0.1", timedelta(days=1)), ("localhost", -timedelta(days=1))])
def test_a_certificate_of_another_name_or_of_the_past_is_none(monkeypatch, tmp_path, host, ends):
    with running(secure(tmp_path, ends=ends)) as agent:
        trusts(monkeypatch, tmp_path)
        with pytest.raises(NotSent):
            tell(f"https://{host}:{agent.server_address[1]}/")

    assert agent.requests == []


@pytest.mark.parametrize(
    "inside", ["10.0.0.5", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.5"]
)
def test_a_name_that_leads_inside_is_not_knocked_at(monkeypatch, inside):
    def resolve(*args, **more):
        return [(0, 0, 0, "", ("198.51.99.1", 0)), (0, 0, 0, "", (inside, 0))]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    monkeypatch.setattr("forecourt.adapters.http.post", lambda *args, **more: pytest.fail("somebody was knocked at"))

    with pytest.raises(Rejected, match="endpoint-inside"):
        tell("https://kestrel.example/status")
