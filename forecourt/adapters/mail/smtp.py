"""Email over SMTP (RFC 5321), with the connection kept between messages.

Until the final dot a server has nothing; so the body goes out first, then the deadline is checked, then the dot.
"""

import os
import re
import smtplib
import ssl
import threading
import time

from forecourt.adapters.outcomes import NotSent, Rejected, Unknown

Answer = tuple[int, bytes]
LINE_START_DOT = re.compile(rb"(?m)^\.")
ENHANCED_CODE = re.compile(rb"[245]\.\d{1,3}\.\d{1,3}")
QUEUE_ID = re.compile(rb"queued as ([A-Za-z0-9._-]{4,64})|\bid[= ]([A-Za-z0-9._-]{4,64})", re.IGNORECASE)
IDLE_SECONDS = 30


class Smtp:
    def __init__(
        self,
        host: str,
        port: int,
        tls: str = "starttls",
        user: str = "",
        password: str = "",
    ) -> None:
        """`tls` is "starttls", "tls" from the first byte, or "none"."""
        self.host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password
        self._mine = threading.local()

    def send(self, raw: bytes, sender: str, recipient: str, deadline: float) -> str:
        connection = self._connection(deadline)
        try:
            answer = self._hand_over(connection, raw, sender, recipient, deadline)
            self._mine.used = time.monotonic()
            return _accepted(answer)
        except Rejected:
            # A refusal ends the message, not the conversation.
            raise
        except BaseException:
            self._drop()
            raise

    def _hand_over(
        self,
        connection: smtplib.SMTP,
        raw: bytes,
        sender: str,
        recipient: str,
        deadline: float,
    ) -> Answer:
        try:
            options = _options(connection, sender, recipient)
            _expect(250, *self._ask(deadline, connection.mail, sender, options))
            _expect(250, *self._ask(deadline, connection.rcpt, recipient))
            _expect(354, *self._ask(deadline, connection.docmd, "DATA"))
            self._limit(connection, deadline)
            connection.send(LINE_START_DOT.sub(b"..", raw))
            if not raw.endswith(b"\r\n"):
                connection.send(b"\r\n")
            self._limit(connection, deadline)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"could not hand over to the mail server ({type(error).__name__})") from error
        try:
            connection.send(b".\r\n")
            return connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise Unknown(f"no answer after the last byte ({type(error).__name__})") from error

    def _connection(self, deadline: float) -> smtplib.SMTP:
        kept = getattr(self._mine, "connection", None)
        if kept is not None and self._mine.process == os.getpid():
            if time.monotonic() - self._mine.used < IDLE_SECONDS and self._is_alive(kept, deadline):
                return kept
            self._drop()
        self._mine.connection = self._connect(deadline)
        self._mine.process, self._mine.used = os.getpid(), time.monotonic()
        return self._mine.connection

    def _connect(self, deadline: float) -> smtplib.SMTP:
        remaining = _remaining(deadline)
        try:
            if self._tls == "tls":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    self.host,
                    self._port,
                    timeout=remaining,
                    context=ssl.create_default_context(),
                )
            else:
                connection = smtplib.SMTP(self.host, self._port, timeout=remaining)
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"could not reach the mail server ({type(error).__name__})") from error
        try:
            self._limit(connection, deadline)
            if self._tls == "starttls":
                connection.starttls(context=ssl.create_default_context())
                self._limit(connection, deadline)
            if self._user:
                connection.login(self._user, self._password)
            connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            connection.close()
            raise NotSent(
                "the mail server refused the login: check FORECOURT_SMTP_USER and FORECOURT_SMTP_PASSWORD"
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            connection.close()
            raise NotSent("the mail server offers no STARTTLS or no login: check FORECOURT_SMTP_TLS") from error
        except (OSError, smtplib.SMTPException) as error:
            connection.close()
            raise NotSent(f"could not greet the mail server ({type(error).__name__})") from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _is_alive(self, connection: smtplib.SMTP, deadline: float) -> bool:
        try:
            code, _ = self._ask(deadline, connection.rset)
        except (OSError, smtplib.SMTPException):
            return False
        return code == 250

    def _ask(self, deadline: float, command, *words) -> Answer:
        self._limit(self._mine.connection, deadline)
        return command(*words)

    def _limit(self, connection: smtplib.SMTP, deadline: float) -> None:
        """Check the deadline, and let nothing on this connection wait for longer."""
        assert connection.sock is not None
        connection.sock.settimeout(_remaining(deadline))

    def _drop(self) -> None:
        connection = getattr(self._mine, "connection", None)
        self._mine.connection = None
        # Inherited through a fork it is the parent's, who may still be talking.
        if connection is not None and self._mine.process == os.getpid():
            connection.close()


def _remaining(deadline: float) -> float:
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise NotSent("the deadline passed before the hand-over")
    return remaining


def _options(connection: smtplib.SMTP, sender: str, recipient: str) -> list[str]:
    if sender.isascii() and recipient.isascii():
        return []
    if not connection.has_extn("smtputf8"):
        raise Rejected("no-smtputf8")
    connection.command_encoding = "utf-8"
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _expect(wanted: int, code: int, text: bytes) -> None:
    # 251 is "will forward", as good as 250.
    if code == wanted or (wanted == 250 and code == 251):
        return
    if 500 <= code < 600:
        raise Rejected(_code(code, text))
    raise NotSent(f"the mail server answered {_code(code, text)}")


def _accepted(answer: Answer) -> str:
    code, text = answer
    if 200 <= code < 300:
        found = QUEUE_ID.search(text)
        return (found[1] or found[2]).decode() if found else f"smtp-{code}"
    if 400 <= code < 600:
        _expect(250, code, text)
    raise Unknown(f"the mail server answered {_code(code, text)} after the last byte")


def _code(code: int, text: bytes) -> str:
    """The numbers alone: servers repeat the address in their sentences."""
    enhanced = ENHANCED_CODE.search(text)
    return f"{code} {enhanced[0].decode()}" if enhanced else str(code)
