"""An email that came in, as its sender wrote it: who, about what, the words, and whether a machine sent it.

Nothing raises on what strangers send: whatever cannot be read as it should be is read as well as it can be.
"""

import email.policy
import hashlib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

from lxml import etree, html

MOST_WORDS = 20_000
UNREAD = {"script", "style", "head", "title", "template"}
LINES = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"}
MACHINES = {"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces"}
BULK = {"bulk", "junk", "list", "auto_reply"}


@dataclass(frozen=True, slots=True)
class Received:
    """`id` names this very email; `sender` is the mailbox in From, empty where there is none that can be read."""

    id: str
    sender: str
    subject: str
    words: str
    is_automatic: bool


def parse(raw: bytes) -> Received:
    message = message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    sender = parseaddr(header(message, "From"))[1]
    return Received(
        id=header(message, "Message-ID") or hashlib.sha256(raw).hexdigest(),
        sender=sender,
        subject=" ".join(header(message, "Subject").split())[:300],
        words=words(message)[:MOST_WORDS],
        is_automatic=is_automatic(message, sender),
    )


def header(message: EmailMessage, name: str) -> str:
    """The standard library's reader of headers fails on some that are broken; then it is taken as it came."""
    try:
        return str(message.get(name, "")).strip()
    except Exception:  # whatever a stranger's header makes of it
        raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
        return str(raw).encode("utf-8", "replace").decode().strip()


def is_automatic(message: EmailMessage, sender: str) -> bool:
    """Answering such an email may start a loop, or trouble a whole list (RFC 3834, 2; RFC 2919; RFC 2369)."""
    names = {name.lower() for name in message.keys()}  # noqa: SIM118 (a message's own iteration reads its headers)
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        (submitted or "no") != "no"
        or any(name.startswith("list-") for name in names)
        or bool(names & {"x-autoreply", "x-autorespond", "x-auto-response-suppress", "feedback-id"})
        or header(message, "Precedence").lower() in BULK
        or header(message, "Return-Path") == "<>"
        or message.get_content_type() == "multipart/report"
        or sender.partition("@")[0].lower() in {"", *MACHINES}
    )


def words(message: EmailMessage) -> str:
    """The plain text; else what the HTML says; else what is there."""
    for kind in ("plain", "html"):
        try:
            part = message.get_body((kind,))
        except Exception:  # a structure that contradicts itself
            part = None
        if part is not None:
            text = content(part)
            return (of_html(text) if kind == "html" else text).strip()
    return content(message).strip() if not message.is_multipart() and message.get_content_maintype() == "text" else ""


def content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except Exception:  # a charset that nobody has, or damaged base64
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def of_html(source: str) -> str:
    try:
        tree: html.HtmlElement = html.document_fromstring(source)
    except (etree.LxmlError, ValueError):
        return ""
    nodes: list[html.HtmlElement] = [*tree.iter()]
    for node in nodes:
        if node.tag in UNREAD or not isinstance(node.tag, str):
            node.drop_tree()
        elif node.tag in LINES:
            node.text, node.tail = f"\n{node.text or ''}", f"\n{node.tail or ''}"
    return "\n".join(" ".join(line.split()) for line in tree.text_content().splitlines())
