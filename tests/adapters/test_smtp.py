"""What a mail server may do to us, and what we then know: it left, it did not, it was refused, or nobody can tell."""

import ssl
import time
from types import SimpleNamespace

import pytest

from forecourt.adapters.mail import Smtp, smtp
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from tests.adapters.servers import CLOSE, HANG, MailServer, as_localhost, running

RAW = b"From: drives@wren.example\r\nSubject: s\r\n\r\nHello\r\n.a line with a dot\r\n"


@pytest.fixture
def server():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def mailer(server) -> Smtp:
    return Smtp("127.0.0.1", server.port, tls="none")


def send(mailer: Smtp, raw: bytes = RAW, to: str = "ada@example.com", seconds: float = 5) -> str:
    return mailer.send(raw, "drives@wren.example", to, time.monotonic() + seconds)


def test_a_message_arrives_byte_for_byte_and_the_servers_id_comes_back(server, mailer):
    assert send(mailer) == "4ABCDEF"

    [(sender, recipient, body)] = server.envelopes
    assert (sender, recipient) == ("mail FROM:<drives@wren.example>", "rcpt TO:<ada@example.com>")
    assert body == RAW


def test_one_connection_serves_many_messages(server, mailer):
    for _ in range(3):
        send(mailer)

    assert (len(server.envelopes), server.connections) == (3, 1)


def test_a_connection_that_the_server_closed_is_replaced_unnoticed(server, mailer):
    send(mailer)
    server.answers["RSET"] = CLOSE

    send(mailer)

    assert (len(server.envelopes), server.connections) == (2, 2)


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [CLOSE, b"421 4.3.2 shutting down", b"451 4.7.1 try later"])
def test_trouble_before_the_dot_means_not_sent(server, mailer, verb, answer):
    server.answers[verb] = answer

    with pytest.raises(NotSent):
        send(mailer)

    assert server.envelopes == []


def test_the_server_may_refuse_a_recipient_for_good_and_the_code_names_nobody(server, mailer):
    server.answers["RCPT"] = b"550 5.1.1 <ada@example.com> unknown"

    with pytest.raises(Rejected) as refusal:
        send(mailer)

    assert refusal.value.code == "550 5.1.1"


def test_a_refusal_ends_the_message_and_not_the_connection(server, mailer):
    server.answers["RCPT"] = b"550 5.1.1 unknown"
    with pytest.raises(Rejected):
        send(mailer)
    del server.answers["RCPT"]

    send(mailer)

    assert (len(server.envelopes), server.connections) == (1, 1)


@pytest.mark.parametrize(("answer", "outcome"), [(b"554 5.7.1 spam", Rejected), (b"451 4.3.0 later", NotSent)])
def test_the_answer_to_the_dot_decides(server, mailer, answer, outcome):
    server.answers["DOT"] = answer

    with pytest.raises(outcome):
        send(mailer)


@pytest.mark.parametrize(("answer", "seconds"), [(CLOSE, 5), (HANG, 0.3), (b"nonsense", 5)])
def test_no_answer_to_the_dot_means_unknown(server, mailer, answer, seconds):
    server.answers["DOT"] = answer

    with pytest.raises(Unknown):
        send(mailer, seconds=seconds)

    assert len(server.envelopes) == 1


def test_the_next_message_after_an_unknown_uses_a_new_connection(server, mailer):
    server.answers["DOT"] = CLOSE
    with pytest.raises(Unknown):
        send(mailer)
    del server.answers["DOT"]

    send(mailer)

    assert server.connections == 2


def test_a_deadline_that_passes_while_the_body_goes_out_keeps_the_dot_back(server, mailer, monkeypatch):
    clock = SimpleNamespace(late=0.0)
    monkeypatch.setattr(smtp, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + clock.late))
    whole_send = smtp.smtplib.SMTP.send

    def slow_body(connection, data):
        whole_send(connection, data)
        if isinstance(data, bytes) and b"Hello" in data:
            clock.late = 60

    monkeypatch.setattr(smtp.smtplib.SMTP, "send", slow_body)

    with pytest.raises(NotSent, match="deadline"):
        send(mailer)

    assert server.envelopes == []


def test_a_deadline_already_passed_opens_no_connection(server, mailer):
    with pytest.raises(NotSent, match="deadline"):
        send(mailer, seconds=-1)

    assert server.connections == 0


def test_a_server_that_is_not_there_means_not_sent():
    with pytest.raises(NotSent, match="could not reach"):
        send(Smtp("127.0.0.1", 1, tls="none"))


def test_a_server_without_starttls_gets_nothing(server):
    with pytest.raises(NotSent, match="FORECOURT_SMTP_TLS"):
        send(Smtp("127.0.0.1", server.port, tls="starttls"))

    assert server.envelopes == []


def test_a_login_that_the_server_does_not_offer_is_explained(server):
    with pytest.raises(NotSent, match="no login"):
        send(Smtp("127.0.0.1", server.port, tls="none", user="wren", password="secret"))


def test_a_mailbox_with_umlauts_needs_a_server_that_takes_it(server, mailer):
    with pytest.raises(Rejected, match="no-smtputf8"):
        send(mailer, to="jörg@example.com")


def test_a_mailbox_with_umlauts_reaches_a_server_that_takes_it():
    with running(MailServer(("SMTPUTF8", "8BITMIME"))) as server:
        send(Smtp("127.0.0.1", server.port, tls="none"), to="jörg@example.com")

    assert "jörg@example.com" in server.envelopes[0][1]


@pytest.fixture
def certificate(tmp_path) -> ssl.SSLContext:
    return as_localhost(tmp_path)


@pytest.mark.parametrize(("tls", "extensions"), [("tls", ()), ("starttls", ("STARTTLS",))])
def test_mail_goes_over_tls_to_a_server_that_is_who_it_says(tls, extensions, certificate, tmp_path, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    with running(MailServer(extensions, certificate)) as server:
        send(Smtp("localhost", server.port, tls=tls))

        assert server.envelopes[0][2] == RAW


@pytest.mark.parametrize(("tls", "extensions"), [("tls", ()), ("starttls", ("STARTTLS",))])
def test_a_server_that_nobody_vouches_for_gets_nothing(tls, extensions, certificate):
    with running(MailServer(extensions, certificate)) as server:
        with pytest.raises(NotSent, match="SSLCertVerificationError"):
            send(Smtp("localhost", server.port, tls=tls))

        assert server.envelopes == []
