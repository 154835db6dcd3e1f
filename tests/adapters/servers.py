"""Small servers on this machine that answer as a test tells them to, and remember what reached them whole."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

CLOSE = b"close"
HANG = b"hang"


class MailServer(socketserver.ThreadingTCPServer):
    """`answers` overrides the reply to a verb, or to DOT: bytes to say, CLOSE or HANG."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, extensions: tuple[str, ...] = (), tls: ssl.SSLContext | None = None) -> None:
        """With `tls` it speaks TLS from the first byte, or once asked to when STARTTLS is among the extensions."""
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.tls = tls
        self.answers: dict[str, bytes] = {}
        self.extensions = extensions
        self.connections = 0
        self.envelopes: list[tuple[str, str, bytes]] = []
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return self.server_address[1]


class MailTalk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.connections += 1
        if self.server.tls and "STARTTLS" not in self.server.extensions:
            self.encrypt()
        self.say(b"220 test")
        sender = recipient = ""
        while line := self.rfile.readline():
            words = line.decode().strip()
            verb = words[:4].upper()
            if verb == "MAIL":
                sender = words
            elif verb == "RCPT":
                recipient = words
            if verb == "EHLO":
                lines = ["test", *self.server.extensions]
                for n, extension in enumerate(lines, 1):
                    self.say(f"250{' ' if n == len(lines) else '-'}{extension}".encode())
            elif verb == "STAR" and self.server.tls:
                self.say(b"220 go on")
                self.encrypt()
            elif not self.answer(verb, {"DATA": b"354 go on", "QUIT": b"221 bye"}.get(verb, b"250 2.0.0 Ok")) or (
                verb == "DATA" and "DATA" not in self.server.answers and not self.take(sender, recipient)
            ):
                return

    def encrypt(self) -> None:
        assert self.server.tls
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)

    def take(self, sender: str, recipient: str) -> bool:
        body = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            body += line[1:] if line.startswith(b".") else line
        self.server.envelopes.append((sender, recipient, body))
        return self.answer("DOT", b"250 2.0.0 Ok: queued as 4ABCDEF")

    def answer(self, verb: str, usual: bytes) -> bool:
        chosen = self.server.answers.get(verb, usual)
        if chosen == HANG:
            self.server.over.wait(10)
        if chosen in (CLOSE, HANG):
            return False
        self.say(chosen)
        return True

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


class WebServer(HTTPServer):
    """`answer` is (status, body), CLOSE or HANG."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), WebTalk)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.answer: tuple[int, bytes] | bytes = (201, b'{"sid": "SM1"}')
        self.headers: dict[str, str] = {}
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.cut = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class WebTalk(BaseHTTPRequestHandler):
    server: WebServer

    def do_POST(self) -> None:
        wanted = int(self.headers["Content-Length"])
        body = self.rfile.read(wanted)
        if len(body) < wanted:
            self.server.cut.set()
            return
        self.server.requests.append((self.path, dict(self.headers), body))
        if self.server.answer == HANG:
            self.server.over.wait(10)
        if isinstance(self.server.answer, bytes):
            self.close_connection = True
            return
        status, content = self.server.answer
        self.send_response(status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *words: object) -> None:
        pass


def as_localhost(folder: Path, *, ends: timedelta = timedelta(days=1)) -> ssl.SSLContext:
    """A server's side of TLS as localhost, kept in server.pem; nobody trusts it yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=2))
        .not_valid_after(datetime.now(UTC) + ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return context


@contextmanager
def running(server) -> Iterator:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
