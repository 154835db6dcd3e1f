"""Both signatures of every message verify by another implementation, and break when anybody changes what they cover."""

import base64
import string
from datetime import UTC, datetime

import dkim as reference
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forecourt.adapters.mail import dkim, mime

DATE = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
LINE = st.text(alphabet=string.ascii_letters + string.digits + " \t.:;=-_éü€", max_size=60)
BODY = st.binary(max_size=400).map(lambda raw: raw.replace(b"\r", b"").replace(b"\n", b"\r\n"))
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def verifies(raw: bytes) -> list[bool]:
    """What dkimpy says of the RSA signature and of the Ed25519 one."""
    records = dkim.dns_records("wren.example")

    def look_up(name: bytes, timeout: int = 5) -> bytes | None:
        record = records.get(name.decode().rstrip("."))
        return record.encode() if record else None

    answers = []
    for which in (0, 1):
        try:
            answers.append(reference.DKIM(raw).verify(idx=which, dnsfunc=look_up))
        except reference.ValidationError:
            answers.append(False)
    return answers


def letter(**changes) -> bytes:
    parts = {
        "sender": "Wren <drives@wren.example>",
        "to": "ada@example.com",
        "subject": "Your test drive",
        "text": "Tuesday at 10.\n",
        "html": "<p>Tuesday at 10.</p>",
        "headers": {
            "List-Unsubscribe": "<https://wren.example/m/token/stop/>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "date": DATE,
        "message_id": "<1@wren.example>",
    }
    return mime.build(**{**parts, **changes})


def test_both_signatures_verify_and_the_message_is_untouched_below_them():
    raw = letter()
    signed = dkim.sign(raw)

    assert verifies(signed) == [True, True]
    assert signed.endswith(raw)
    assert b"a=rsa-sha256" in signed
    assert b"a=ed25519-sha256" in signed


@given(
    subject=LINE.map(lambda line: line.replace("\t", " ")),
    text=st.text(max_size=300),
    name=st.text(alphabet=string.ascii_letters + ' éü"\\,<>', max_size=20),
)
@many
def test_whatever_a_message_says_both_signatures_verify(subject, text, name):
    sender = f'"{name.translate({ord(c): None for c in chr(34) + chr(92)})}" <drives@wren.example>'

    assert verifies(dkim.sign(letter(sender=sender, subject=subject, text=text))) == [True, True]


@given(body=BODY, blanks=st.text(alphabet=" \t", max_size=4), value=LINE)
@many
def test_odd_bodies_and_blanks_canonicalise_as_the_reference_does(body, blanks, value):
    head = f"From:{blanks}a@wren.example{blanks}\r\nSubject:{blanks}{value}\r\n{blanks} x\r\nX-Other: 1\r\n\r\n"

    assert verifies(dkim.sign(head.encode() + body)) == [True, True]


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n\r\n", b" \r\n \t\r\n", b"a", b"a \t b  \r\n\r\n", b" a"])
def test_the_ends_of_bodies_canonicalise_as_the_reference_does(body):
    assert verifies(dkim.sign(b"From: a@wren.example\r\n\r\n" + body)) == [True, True]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Tuesday", b"Wednesday"),
        (b"Subject: Your", b"Subject: My"),
        (b"List-Unsubscribe: <https://wren", b"List-Unsubscribe: <https://evil"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"\r\nTo: ada", b"\r\nFrom: evil@evil.example\r\nTo: ada"),
        (b"\r\nTo: ada", b"\r\nList-Unsubscribe: <https://evil.example/>\r\nTo: ada"),
        (b"\r\nTo: ada", b"\r\nReply-To: evil@evil.example\r\nTo: ada"),
        (b"\r\nTo: ada@example.com", b"\r\nTo: bruno@example.com"),
    ],
)
def test_a_change_on_the_way_breaks_both_signatures(old, new):
    signed = dkim.sign(letter())
    assert old in signed

    assert verifies(signed.replace(old, new, 1)) == [False, False]


def test_the_records_fit_the_keys_that_signed():
    records = dkim.dns_records("wren.example")
    signed = dkim.sign(letter()).decode()

    selectors = [name.split(".")[0] for name in records if "_domainkey" in name]
    assert len(selectors) == 2
    assert all(f"s={selector};" in signed for selector in selectors)
    assert (
        len(base64.b64decode(next(record for record in records.values() if "ed25519" in record).partition("p=")[2]))
        == 32
    )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"From: a@wren.example\n\nHi", "CRLF"),
        (b"From: a@wren.example\r\n\r\nHi\nthere", "CRLF"),
        (b"From: a@wren.example\r\nSubject: x", "no empty line"),
        (b"Subject: x\r\n\r\n", "exactly one From"),
        (b"From: a@wren.example\r\nFrom: b@wren.example\r\n\r\n", "exactly one From"),
        (b"From: nobody\r\n\r\n", "no address"),
        (b"From: a@wren.example\r\nno colon\r\n\r\n", "no name"),
    ],
)
def test_what_cannot_be_signed_is_refused_with_the_reason(raw, why):
    with pytest.raises(dkim.NotSignable, match=why):
        dkim.sign(raw)
