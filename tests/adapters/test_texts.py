"""The carrier's API and its webhook: what each answer means, and what we refuse to believe."""

import socket
import time
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict

from forecourt.adapters import http, texts
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from forecourt.adapters.texts import webhook
from tests.adapters.servers import CLOSE, HANG, WebServer, running

WREN = "+12025550100"
ADA = "+12025550142"
URL = "https://www.wren.example/hooks/texts/"
TOKEN = "12345"


@pytest.fixture
def server():
    with running(WebServer()) as server:
        yield server


def send(server: WebServer, seconds: float = 5, body: str = "Tuesday at 10 é 👍") -> str:
    carrier = texts.Twilio(server.url, "AC1", "token")
    return carrier.send(WREN, ADA, body, time.monotonic() + seconds, "reference-1")


def test_a_text_is_posted_as_the_carrier_documents_it(server):
    assert send(server) == "SM1"

    [(path, headers, body)] = server.requests
    assert path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert parse_qs(body.decode()) == {"From": [WREN], "To": [ADA], "Body": ["Tuesday at 10 é 👍"]}
    assert headers["Authorization"] == "Basic QUMxOnRva2Vu"
    assert headers["Idempotency-Key"] == "reference-1"


@pytest.mark.parametrize(
    ("status", "content", "outcome"),
    [
        (400, b'{"code": 21610, "message": "unsubscribed"}', Rejected("21610")),
        (400, b'{"code": 21211}', Rejected("21211")),
        (400, b"not JSON", Rejected("http-400")),
        (302, b"", Rejected("http-302")),
        (
            401,
            b'{"code": 20003}',
            NotSent(
                "the carrier answered 401: check FORECOURT_TWILIO_ACCOUNT, FORECOURT_TWILIO_TOKEN and FORECOURT_TWILIO_URL"
            ),
        ),
        (429, b'{"code": 20429}', NotSent("the carrier answered 429")),
        (503, b"", NotSent("the carrier answered 503")),
        (500, b"", Unknown("the carrier answered 500")),
        (502, b"", Unknown("the carrier answered 502")),
        (201, b"{}", Unknown("the carrier accepted the text without giving its id")),
        (201, b"[]", Unknown("the carrier accepted the text without giving its id")),
        (201, b"\xff", Unknown("the carrier accepted the text without giving its id")),
    ],
)
def test_each_answer_has_its_meaning(server, status, content, outcome):
    server.answer = (status, content)

    with pytest.raises(type(outcome)) as raised:
        send(server)

    assert str(raised.value) == str(outcome)


@pytest.mark.parametrize(("answer", "seconds"), [(CLOSE, 5), (HANG, 0.3)])
def test_no_answer_after_the_last_byte_means_unknown(server, answer, seconds):
    server.answer = answer

    with pytest.raises(Unknown):
        send(server, seconds)

    assert len(server.requests) == 1


def test_a_carrier_that_is_not_there_means_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(NotSent, match="ConnectError"):
        texts.Twilio(f"http://127.0.0.1:{port}", "AC1", "t").send(WREN, ADA, "Hi", time.monotonic() + 5, "r")


def test_a_deadline_that_passes_during_the_hand_over_keeps_the_last_byte_back(server, monkeypatch):
    readings = iter([0.0, 60.0])
    monkeypatch.setattr(http, "time", SimpleNamespace(monotonic=lambda: next(readings)))

    with pytest.raises(NotSent, match="deadline"):
        texts.Twilio(server.url, "AC1", "token").send(WREN, ADA, "Hello", 5.0, "r")

    assert server.cut.wait(5)
    assert server.requests == []


def test_a_token_never_travels_in_clear():
    with pytest.raises(ValueError, match="https"):
        texts.Twilio("http://carrier.example", "AC1", "token")


def test_the_carriers_published_example_verifies():
    """From "Validating requests are coming from Twilio" and the tests of its library."""
    post = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }

    assert webhook.sign("https://mycompany.com/myapp.php?foo=1&bar=2", post, TOKEN) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def form(**changes: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "0" * 32, "From": ADA, "To": WREN, "Body": "STOP", **changes}


def parse(post: dict[str, str], url: str = URL, signature: str | None = None) -> texts.Incoming:
    return texts.parse_incoming(url, post, signature or webhook.sign(URL, post, TOKEN), TOKEN)


def test_a_signed_text_is_read():
    assert parse(form()) == texts.Incoming("SM" + "0" * 32, ADA, WREN, "STOP")


def test_a_django_form_is_read_as_a_dict_is():
    post = QueryDict(mutable=True)
    post.update(form())

    assert parse(post).body == "STOP"


@pytest.mark.parametrize("url", [URL, "https://www.wren.example:443/hooks/texts/"])
def test_the_port_may_be_written_or_not(url):
    assert parse(form(), url=url).sid


@pytest.mark.parametrize(
    "url",
    [
        "https://www.wren.example/hooks/other/",
        "http://www.wren.example/hooks/texts/",
        URL + "?a=1",
        "https://x.example/",
    ],
)
def test_a_signature_for_another_address_is_refused(url):
    with pytest.raises(texts.BadSignature, match="does not match"):
        parse(form(), url=url)


def test_a_changed_field_a_wrong_token_and_a_missing_signature_are_refused():
    good = webhook.sign(URL, form(), TOKEN)

    with pytest.raises(texts.BadSignature):
        parse(form(Body="START"), signature=good)
    with pytest.raises(texts.BadSignature):
        texts.parse_incoming(URL, form(), good, "another token")
    with pytest.raises(texts.BadSignature, match="missing"):
        texts.parse_incoming(URL, form(), "", TOKEN)
    with pytest.raises(texts.BadSignature):
        parse(form(), signature="ünïcode")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"MessageSid": ""}, "MessageSid must be"),
        ({"MessageSid": "SM\n"}, "MessageSid must be"),
        ({"From": "Ada"}, "From must be a phone number"),
        ({"To": "whatsapp:+12025550100"}, "To must be a phone number"),
        ({"Body": "x" * 1601}, "Body has 1601 characters"),
        ({"Body": "\0"}, "NUL"),
    ],
)
def test_a_signed_request_that_is_no_text_is_refused_with_a_sentence(changes, sentence):
    with pytest.raises(texts.BadRequest, match=sentence) as refusal:
        parse(form(**changes))

    assert ADA not in str(refusal.value)


def test_an_incoming_text_does_not_print_who_wrote_what():
    printed = repr(parse(form()))

    assert ADA not in printed
    assert "STOP" not in printed


@pytest.mark.parametrize(
    ("body", "count", "alphabet"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("é" * 160, 1, "GSM-7"),
        ("ç" * 70, 1, "UCS-2"),
        ("ç" * 71, 2, "UCS-2"),
        ("👍" * 35, 1, "UCS-2"),
        ("👍" * 36, 2, "UCS-2"),
    ],
)
def test_segments_are_counted_as_carriers_bill_them(body, count, alphabet):
    assert texts.segments(body) == texts.Segments(count, alphabet)
