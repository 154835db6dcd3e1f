"""What the site is told of a request, over a real connection to the real server."""

import http.client
import json
from contextlib import closing

import pytest

from forecourt.consent import signals
from forecourt.edge.server import LARGEST
from tests.edge.serving import server


@pytest.fixture(scope="module")
def port():
    with server("tests.edge.echo:application") as free:
        yield free


def ask(port, path="/", *headers, method="GET", body=b""):
    """The answer to a request with exactly these headers, in this order."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(connection):
        connection.putrequest(method, path)
        for name, value in headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        return answer, answer.read()


def told(port, *arguments, **more):
    answer, body = ask(port, *arguments, **more)
    assert answer.status == 201
    return json.loads(body)


@pytest.mark.parametrize("values", [("1", "0"), ("0", "1"), ("2", "1", ""), ("1",)])
def test_any_one_of_several_signals_counts(port, values):
    environ = told(port, "/", *(("Sec-GPC", value) for value in values))

    assert signals.has_gpc(environ["HTTP_SEC_GPC"])


@pytest.mark.parametrize("values", [("0",), ("11",), ("true", "0"), ("",)])
def test_anything_else_is_no_signal(port, values):
    environ = told(port, "/", *(("Sec-GPC", value) for value in values))

    assert not signals.has_gpc(environ["HTTP_SEC_GPC"])


def test_repeated_cookies_are_one_list(port):
    assert told(port, "/", ("Cookie", "a=1"), ("Cookie", "b=2"))["HTTP_COOKIE"] == "a=1; b=2"


def test_a_header_with_an_underscore_passes_for_no_other(port):
    assert "HTTP_X_FORWARDED_PROTO" not in told(port, "/", ("X_Forwarded_Proto", "https"))


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/a%20b/", "/a b/"),
        ("/a%2520b/", "/a%20b/"),
        ("/caf%C3%A9/", "/caf\u00e9/".encode().decode("latin-1")),
        ("//twice/../x", "//twice/../x"),
    ],
)
def test_the_path_is_decoded_once_as_the_gateway_interface_says(port, path, seen):
    assert told(port, path)["PATH_INFO"] == seen


def test_the_query_is_left_as_it_came(port):
    assert told(port, "/?q=%20a&b=%26")["QUERY_STRING"] == "q=%20a&b=%26"


def test_a_form_arrives_whole(port):
    environ = told(port, "/", ("Content-Type", "text/plain"), method="POST", body=b"x" * 100_000)

    assert (environ["length"], environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == (100_000, "100000", "text/plain")


def test_what_is_larger_than_any_form_is_refused(port):
    answer, _ = ask(port, "/", method="POST", body=b"x" * (LARGEST + 1))

    assert answer.status == 413


@pytest.mark.parametrize(("path", "body"), [("/", b"x" * (LARGEST + 1)), ("/breaks/", b"")])
def test_what_the_server_says_itself_is_guarded_as_a_page_is(port, path, body):
    answer, _ = ask(port, path, method="POST", body=body)

    assert answer.status in (413, 500)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_request_that_asks_for_itself_back_is_refused(port):
    answer, body = ask(port, "/", ("X-Told", "only-mine"), method="TRACE")

    assert answer.status == 405
    assert "TRACE" not in answer.headers["Allow"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert b"only-mine" not in body


def test_what_editors_send_may_be_larger(port):
    assert told(port, "/staff/cms/", method="POST", body=b"x" * (LARGEST + 1))["length"] == LARGEST + 1


def test_each_cookie_has_a_header_of_its_own(port):
    answer, _ = ask(port)

    assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


def test_a_site_that_breaks_answers_in_a_sentence(port):
    answer, body = ask(port, "/breaks/")

    assert (answer.status, body) == (500, b"Something went wrong here.\n")
    assert told(port, "/")["REQUEST_METHOD"] == "GET"


def test_asked_for_its_head_a_page_sends_no_body(port):
    answer, body = ask(port, method="HEAD")

    assert (answer.status, body) == (201, b"")
