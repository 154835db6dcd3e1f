"""The demo's ad network, and the names under which partners answer here."""

import json
import threading
from http.client import HTTPConnection

import pytest

from forecourt.adapters import origins
from forecourt.adapters.murmur.server import Server
from forecourt.adapters.murmur.store import Store

TOKEN = "a-token-of-this-run"
TAGS, NEWS = "tags.murmur.localhost", "news.localhost"


@pytest.fixture
def network(tmp_path):
    with Server(0, "http://127.0.0.1:8400", TOKEN, Store(tmp_path / "murmur.sqlite3")) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(network, method: str, path: str, *, host: str = TAGS, body: dict | None = None, **headers: str):
    connection = HTTPConnection("127.0.0.1", network.server_port, timeout=5)
    sent = {
        "Host": f"{host}:{network.server_port}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    connection.request(method, path, None if body is None else json.dumps(body), sent)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content.decode("utf-8", "replace")


def tell(network, kind: str, **body: str):
    status, _, content = ask(
        network, "POST", f"/api/{kind}", host="127.0.0.1", body=body, Authorization=f"Bearer {TOKEN}"
    )
    return status, json.loads(content)["id"]


def sees(network, name: str, cookie: str = "") -> str:
    """What one look at a car leaves: the cookie that the browser will send from then on."""
    path = f"/p.gif?page=model&model=pipit&as={name}"
    headers = ask(network, "GET", path, Cookie=f"murmur_id={cookie}" if cookie else "")[1]
    return headers["Set-Cookie"].partition("=")[2].partition(";")[0]


def test_its_cookie_is_one_that_other_sites_pages_send_along(network):
    _, headers, _ = ask(network, "GET", "/p.gif?page=models")

    assert all(part in headers["Set-Cookie"] for part in ("murmur_id=", "SameSite=None", "Secure", "Max-Age=33696000"))
    assert "Set-Cookie" not in ask(network, "GET", "/tag.js")[1]


def test_a_browser_with_the_signal_gets_no_cookie_and_leaves_nothing(network):
    assert "Set-Cookie" not in ask(network, "GET", "/p.gif?page=models", Sec_GPC="1")[1]
    assert network.store.everything()["sighting"] == []


def test_a_removal_forgets_the_browser_so_that_the_ad_elsewhere_ends(network):
    cookie = sees(network, "a" * 32)
    assert "Pipit" in ask(network, "GET", "/ad/", Cookie=f"murmur_id={cookie}")[2]

    assert tell(network, "audience", browser="a" * 32, reference="1")[0] == 200
    assert tell(network, "removals", browser="a" * 32, reference="2")[0] == 200
    assert "umbrellas" in ask(network, "GET", "/ad/", Cookie=f"murmur_id={cookie}")[2]
    assert network.store.everything()["member"][0]["left"]


def test_what_is_told_twice_counts_once_and_is_acknowledged_alike(network):
    first, second = (tell(network, "events", email_sha256="e" * 64, event="booked", reference="7") for _ in range(2))

    assert first == second
    assert len(network.store.everything()["told"]) == 1


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer wrong", TOKEN])
def test_nobody_speaks_for_our_machines_without_the_token(token, network):
    body = {"browser": "a" * 32, "reference": "1"}

    assert ask(network, "POST", "/api/audience", body=body, Authorization=token)[0] == 401
    assert network.store.everything()["told"] == []


@pytest.mark.parametrize("body", [{}, {"reference": "1"}, {"browser": "a"}, []])
def test_what_makes_no_sense_is_refused(body, network):
    assert ask(network, "POST", "/api/audience", body=body, Authorization=f"Bearer {TOKEN}")[0] == 400


@pytest.mark.parametrize("host", ["evil.example", "murmur.localhost", ""])
def test_it_answers_to_its_own_names_alone(host, network):
    assert ask(network, "GET", "/", host=host)[0] == 421


def test_what_others_typed_into_an_address_is_shown_as_text(network):
    sees(network, "%3Cscript%3Ealert(1)%3C/script%3E")
    page = ask(network, "GET", "/")[2]

    assert "<script>" not in page
    assert "&lt;script" in page


def test_it_forgets_everything_at_one_press_from_its_own_page(network):
    sees(network, "a" * 32)
    assert ask(network, "POST", "/forgetting/", Sec_Fetch_Site="cross-site")[0] == 403
    assert network.store.everything()["sighting"]

    assert ask(network, "POST", "/forgetting/", Sec_Fetch_Site="same-origin")[0] == 303
    assert not any(network.store.everything().values())


def test_in_the_demo_a_partner_is_this_machine_and_elsewhere_itself(settings):
    settings.DEMO, settings.SITE_URL = True, "http://127.0.0.1:8420"
    assert origins.address("https://tags.murmur.example/tag.js") == "http://tags.murmur.localhost:8421/tag.js"
    assert origins.endpoint("https://api.murmur.example/api/") == "http://127.0.0.1:8421/api/"
    assert origins.origin("tags.some-network.com") == "http://tags.some-network.com.localhost:8421"

    settings.DEMO = False
    assert origins.address("https://tags.murmur.example/tag.js") == "https://tags.murmur.example/tag.js"
    assert origins.endpoint("https://api.murmur.example/api/") == "https://api.murmur.example/api/"
