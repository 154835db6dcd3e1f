"""DKIM signatures (RFC 6376), relaxed/relaxed, one with RSA-2048 and one with Ed25519 (RFC 8463) on every message.

Every header named here is signed once more than it occurs, so nobody on the way can add a second From or unsubscribe link.
A key's selector comes from its public half: a new key is a new name in DNS, and old mail still verifies by the old one.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from django.conf import settings

from forecourt.adapters import domains, secret_files

SIGNED = (
    b"from",
    b"to",
    b"cc",
    b"reply-to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
)
RSA_FILE = "dkim-rsa.pem"
ED25519_FILE = "dkim-ed25519.pem"
RSA_BITS = 2048
NAMES_A_LINE = 4
FOLD = re.compile(rb"\r\n(?=[ \t])")
BLANKS = re.compile(rb"[ \t]+")
BLANKS_AT_LINE_END = re.compile(rb"[ \t]+(?=\r\n)")
LONE_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")

Header = tuple[bytes, bytes]


class NotSignable(ValueError):
    """The bytes are no message that DKIM can sign; the sentence says why."""


@dataclass(frozen=True)
class Signer:
    algorithm: str
    selector: str
    record: str
    sign: Callable[[bytes], bytes]


def sign(raw: bytes) -> bytes:
    """The message with both signatures on top, for the domain of its From address, and its last line ended."""
    if LONE_LINE_END.search(raw):
        raise NotSignable("Every line must end with CRLF: mail servers repair others, which breaks the signature.")
    top, separator, body = raw.partition(b"\r\n\r\n")
    if not separator:
        raise NotSignable("There is no empty line between headers and body.")
    if not raw.endswith(b"\r\n"):
        # SMTP would add it, since the final dot needs a line of its own.
        raw, body = raw + b"\r\n", body + b"\r\n"
    headers = [relaxed_header(line) for line in FOLD.sub(b"", top).split(b"\r\n")]
    domain = _domain(headers)
    body_hash = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest())
    names, covered = _covered(headers)
    return b"".join(_signature(signer, domain, names, covered, body_hash) for signer in signers()) + raw


def dns_records(domain: str) -> dict[str, str]:
    """TXT records to publish, by name: both public keys, and a DMARC policy that a strict receiver expects beside them."""
    keys = {f"{signer.selector}._domainkey.{domain}": signer.record for signer in signers()}
    return {**keys, f"_dmarc.{domain}": "v=DMARC1; p=reject; adkim=s"}


def signers() -> tuple[Signer, ...]:
    return _signers(Path(settings.SECRETS))


def relaxed_header(line: bytes) -> Header:
    """RFC 6376, 3.4.2, of one unfolded header line."""
    name, colon, value = line.partition(b":")
    if not colon or not name.strip(b" \t"):
        raise NotSignable("A header line has no name.")
    return name.strip(b" \t").lower(), BLANKS.sub(b" ", value).strip(b" ")


def relaxed_body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4, of a body that is empty or ends its last line."""
    body = BLANKS.sub(b" ", BLANKS_AT_LINE_END.sub(b"", body))
    end = len(body)
    while body[:end].endswith(b"\r\n\r\n"):
        end -= 2
    return b"" if body[:end] == b"\r\n" else body[:end]


def _covered(headers: list[Header]) -> tuple[bytes, bytes]:
    """The h= tag and the bytes behind it: from the bottom up, then the name once more for the header that must not come."""
    names: list[bytes] = []
    covered: list[bytes] = []
    for wanted in SIGNED:
        values = [value for name, value in reversed(headers) if name == wanted]
        names += [wanted] * (len(values) + 1)
        covered += [wanted + b":" + value + b"\r\n" for value in values]
    lines = [b":".join(names[i : i + NAMES_A_LINE]) for i in range(0, len(names), NAMES_A_LINE)]
    return b":\r\n  ".join(lines), b"".join(covered)


def _signature(signer: Signer, domain: str, names: bytes, covered: bytes, body_hash: bytes) -> bytes:
    tags = b"".join(
        (
            f" v=1; a={signer.algorithm}; c=relaxed/relaxed; d={domain}; s={signer.selector};\r\n".encode(),
            b" h=" + names + b";\r\n",
            b" bh=" + body_hash + b";\r\n b=",
        )
    )
    name, value = relaxed_header(b"DKIM-Signature:" + FOLD.sub(b"", tags))
    made = base64.b64encode(signer.sign(covered + name + b":" + value))
    return b"DKIM-Signature:" + tags + b"\r\n  ".join(made[i : i + 72] for i in range(0, len(made), 72)) + b"\r\n"


def _domain(headers: list[Header]) -> str:
    senders = [value for name, value in headers if name == b"from"]
    if len(senders) != 1:
        raise NotSignable("A message has exactly one From header.")
    _, at, domain = parseaddr(senders[0].decode("utf-8", "replace"))[1].rpartition("@")
    if not (at and domain):
        raise NotSignable("From has no address.")
    return domains.in_ascii(domain)


@lru_cache
def _signers(folder: Path) -> tuple[Signer, ...]:
    """RSA first: a receiver that stops at a signature it does not know has passed the one that all know."""
    rsa_key = _read_or_make(folder / RSA_FILE, lambda: rsa.generate_private_key(65537, RSA_BITS))
    ed_key = _read_or_make(folder / ED25519_FILE, ed25519.Ed25519PrivateKey.generate)
    if not isinstance(rsa_key, rsa.RSAPrivateKey) or not isinstance(ed_key, ed25519.Ed25519PrivateKey):
        raise NotSignable(f"{RSA_FILE} and {ED25519_FILE} in {folder} must hold an RSA and an Ed25519 private key.")
    rsa_public = rsa_key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    ed_public = ed_key.public_key().public_bytes_raw()
    return (
        Signer(
            "rsa-sha256",
            _selector("r", rsa_public),
            f"v=DKIM1; k=rsa; p={base64.b64encode(rsa_public).decode()}",
            lambda data: rsa_key.sign(data, padding.PKCS1v15(), hashes.SHA256()),
        ),
        Signer(
            "ed25519-sha256",
            _selector("e", ed_public),
            f"v=DKIM1; k=ed25519; p={base64.b64encode(ed_public).decode()}",
            lambda data: ed_key.sign(hashlib.sha256(data).digest()),
        ),
    )


def _selector(letter: str, public: bytes) -> str:
    return letter + hashlib.sha256(public).hexdigest()[:12]


def _read_or_make(file: Path, generate: Callable[[], rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey]):
    def pem() -> bytes:
        return generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    return serialization.load_pem_private_key(secret_files.read_or_make(file, pem), password=None)
