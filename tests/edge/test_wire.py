"""Requests that are known to the letter, over a real connection: nobody gets what was not asked for."""

import re
import socket
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.edge.serving import server

KEPT = b"GET /kept/a/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
OTHER = b"GET /kept/b/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHANGE = b"GET /changes/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module")
def port():
    with server("tests.edge.echo:application") as free:
        yield free


@pytest.fixture
def line(port):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        yield connection


def answer(line: socket.socket, after: bytes = b"") -> tuple[bytes, dict[bytes, bytes], bytes, bytes]:
    """The status line, the headers, the body, and what came behind it."""
    while b"\r\n\r\n" not in after:
        after += more(line)
    head, _, after = after.partition(b"\r\n\r\n")
    status, *lines = head.split(b"\r\n")
    headers = {name.lower(): value for name, value in (each.split(b": ", 1) for each in lines)}
    length = int(headers.get(b"content-length", b"0"))
    while len(after) < length:
        after += more(line)
    return status, headers, after[:length], after[length:]


def more(line: socket.socket) -> bytes:
    received = line.recv(65536)
    assert received, "the connection was closed in the middle of an answer"
    return received


def ask(line: socket.socket, request: bytes = KEPT) -> bytes:
    line.sendall(request)
    return answer(line)[2]


def test_the_same_request_gets_the_same_answer_to_the_letter(line):
    whole = []
    for _ in range(4):
        line.sendall(KEPT)
        status, headers, body, behind = answer(line)
        whole.append((status, {**headers, b"date": b""}, body, behind))

    assert all(one == whole[0] for one in whole)
    assert whole[0][0] == b"HTTP/1.1 200 OK"
    assert re.fullmatch(rb"/kept/a/ made \d+", whole[0][2])
    assert whole[0][3] == b""


def test_a_date_is_on_each_answer(line):
    for _ in range(3):
        line.sendall(KEPT)
        assert re.fullmatch(rb"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", answer(line)[1][b"date"])


def test_after_a_change_the_very_next_request_gets_the_new_page(line):
    before = ask(line), ask(line)
    ask(line, CHANGE)

    assert before[0] == before[1] != ask(line)


def test_two_requests_at_once_get_two_answers_in_their_order(line):
    for one in (KEPT, OTHER):
        ask(line, one)
    line.sendall(KEPT + OTHER + KEPT)

    bodies, behind = [], b""
    for _ in range(3):
        *_, body, behind = answer(line, behind)
        bodies.append(body.split(b" ")[0])
    assert bodies == [b"/kept/a/", b"/kept/b/", b"/kept/a/"]


def test_a_form_whose_body_reads_like_a_known_request_is_a_form(line):
    ask(line), ask(line)
    line.sendall(b"POST /form/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(KEPT))
    line.sendall(KEPT)
    status, _, body, behind = answer(line)

    assert status.startswith(b"HTTP/1.1 201")
    assert b'"length": %d' % len(KEPT) in body
    assert behind == b""
    assert ask(line).startswith(b"/kept/a/")


def test_a_known_request_behind_half_of_another_is_no_request_of_its_own(line):
    ask(line), ask(line)
    line.sendall(b"GET /a/ HTTP/1.1\r\nHost: localhost\r\nX-Half: ")
    line.sendall(KEPT)

    assert b'"PATH_INFO": "/a/"' in answer(line)[2]


def test_letters_before_a_known_request_make_it_none(line):
    ask(line), ask(line)
    line.sendall(b"G")
    line.sendall(KEPT)

    assert answer(line)[0].startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "headers",
    [b"Connection: close\r\n", b"Cookie: a=1\r\n", b"Sec-GPC: 1\r\n", b"Accept-Encoding: br\r\n", b"DNT: 1\r\n"],
)
def test_another_header_makes_another_request(port, headers):
    request = KEPT.replace(b"\r\n\r\n", b"\r\n" + headers + b"\r\n")
    for _ in range(3):
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
            line.sendall(request)
            status, told, *_ = answer(line)
            assert status == b"HTTP/1.1 200 OK"
            assert (b"content-encoding" in told) == (b"Accept-Encoding" in headers)
            if b"close" in headers:
                assert line.recv(1) == b""


def test_whoever_has_the_page_already_gets_no_second_copy(line):
    line.sendall(KEPT)
    etag = answer(line)[1][b"etag"]
    asks = KEPT.replace(b"\r\n\r\n", b"\r\nIf-None-Match: " + etag + b"\r\n\r\n")
    for _ in range(3):
        line.sendall(asks)
        status, _, body, behind = answer(line)
        assert (status, body, behind) == (b"HTTP/1.1 304 Not Modified", b"", b"")


def test_an_old_protocol_gets_its_page_and_the_end_of_the_connection(port):
    for _ in range(2):
        with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
            line.sendall(KEPT.replace(b"HTTP/1.1", b"HTTP/1.0"))
            assert answer(line)[2].startswith(b"/kept/a/")
            assert line.recv(1) == b""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.lists(
        st.sampled_from([KEPT, OTHER, b"POST /f/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"]),
        max_size=6,
    ),
    cuts=st.lists(st.integers(1, 60), max_size=12),
)
def test_however_requests_are_cut_into_pieces_each_gets_its_answer(port, order, cuts):
    """On one connection, sent in pieces of any size."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        rest = b"".join(order)
        for cut in cuts:
            line.sendall(rest[:cut])
            rest = rest[cut:]
        line.sendall(rest)
        behind = b""
        for request in order:
            *_, body, behind = answer(line, behind)
            path = request.split(b" ")[1]
            assert body.startswith(path) or b'"PATH_INFO": "%b"' % path in body
        assert behind == b""
