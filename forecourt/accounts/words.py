"""Codes of the ledger and the doors in the words in which we tell them to the person themselves."""

from forecourt.people import supplies
from forecourt.policy.policy import Switch
from forecourt.policy.reasons import Reason
from forecourt.rights.panel import WORDS as SWITCHES
from forecourt.sharing.fields import WORDS as FIELDS
from forecourt.sharing.models import Lead, Share

CHANNELS = {
    "email": "Emails",
    "text": "Texts",
    "post": "Letters",
    "push": "App messages",
    "call": "Calls",
    "all": "Emails, texts, letters, app messages and calls",
}
VERBS = {
    "asked": "you asked for it",
    "granted": "you said yes",
    "withdrew": "you said no",
    "stopped": "you replied STOP",
    "started": "you replied START",
    "wrong-number": "you told us that we had the wrong number",
}
BY = {
    "linked": "said for an address or a browser that belongs with yours",
    "ended": "ended by itself, because the cookie behind it ran out",
}
METHODS = {
    "form": "in a form",
    "email": "by email",
    "letter": "in a letter",
    "link": "by the link in a message",
    "one-click": "by your mailbox’s own button",
    "text": "by text",
    "phone": "on the phone",
    "page": "on a page of ours",
    "browser": "in your browser",
    "signal": "by your browser’s signal",
    "choices-page": "on Your Privacy Choices",
    "agent": "through somebody who acts for you",
    "account": "on the account pages",
    "ended": "by itself",
}
TYPES = {
    "test-drive": "test drives",
    "service-visit": "service visits",
    "event": "events",
    "parent": "questions to parents",
    "inquiry": "messages to us",
}
MESSAGE_STATES = {
    "queued": "waiting",
    "handing": "with our carrier",
    "left": "sent",
    "refused": "not sent",
    "failed": "could not be sent",
    "unknown": "sent, we think",
}
SHARE_STATES = MESSAGE_STATES | {"queued": "on its way", "waiting": "waiting", "handing": "on its way"}
SHARED = {
    "join": "to count you among those who see our ads",
    "removal": "to forget you",
    "event": "what you did here",
    "notice": "that you said no",
    "erasure": "that you are erased",
}
SOURCES = {
    "account": "you, when you asked for an account or a code",
    "text": "your phone, which texted us",
    "email": "you, by email",
    "phone": "you, on the phone",
    "letter": "you, in a letter",
    "form-memory": "a form that you asked to remember it",
    "choices-page": "you, on Your Privacy Choices",
    "agent": "somebody who acts for you",
}
HOW = {"password": "with your password", "code": "with a code by email", "passkey": "with a passkey"}


def scope(code: str, booking: str) -> str:
    kind, _, name = code.partition(":")
    if kind == "all":
        return "of every kind"
    if kind == "type":
        return f"about {TYPES.get(name, name)}"
    if kind == "interaction":
        return booking or "about something that you asked us"
    return name


def said(channel: str, code: str, verb: str, booking: str) -> str:
    """What it was about, as one reads it in a list."""
    kind, _, name = code.partition(":")
    if kind == "purpose":
        switch = Switch(name) if name in set(Switch) else None
        return SWITCHES[switch].title if switch else name
    return f"{CHANNELS.get(channel, channel)} {scope(code, booking)}"


def reason(code: str) -> str:
    """A refusal's sentence; of what a machine said, nothing that helps anybody."""
    return Reason(code).sentence if code in set(Reason) else ""


def shared(row: Lead | Share) -> str:
    if isinstance(row, Share):
        return SHARED[row.kind]
    return SHARED["notice"] if row.says_no else row.wish


def field(code: str) -> str:
    return FIELDS.get(code, code)


def source(code: str) -> str:
    if code.startswith(supplies.SOURCE):
        return f"a supplier of ours, {code.removeprefix(supplies.SOURCE)}"
    return SOURCES.get(code, f"you, in the form “{code.replace('-', ' ')}”")
