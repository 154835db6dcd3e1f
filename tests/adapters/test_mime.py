"""An email's bytes say what they were given, and a value cannot become a header."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecourt.adapters.mail import mime

HEADERS = set("From To Subject Date Message-ID MIME-Version Content-Type Content-Transfer-Encoding".split())
DATE = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


def build(**changes) -> bytes:
    parts = {"sender": "Wren <drives@wren.example>", "to": "ada@example.com", "subject": "s", "text": "t"}
    return mime.build(**{**parts, "date": DATE, "message_id": "<1@wren.example>", **changes})


@given(subject=st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=120))
@settings(deadline=None)
def test_a_subject_arrives_as_it_was_written(subject):
    read = message_from_bytes(build(subject=subject), policy=SMTP)

    assert str(read["Subject"]).split() == subject.split()
    assert set(read.keys()) == HEADERS


@given(
    text=st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
    )
)
@settings(deadline=None)
def test_a_text_arrives_as_it_was_written_in_lines_that_every_server_takes(text):
    raw = build(text=text)

    body = message_from_bytes(raw, policy=SMTP).get_content()
    assert body.replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert raw.isascii()
    assert all(len(line) <= 998 and b"\n" not in line for line in raw.split(b"\r\n"))


def test_a_long_link_in_a_header_stays_in_one_piece():
    link = f"<https://www.wren.example/m/{'aB3' * 200}/stop/>"

    assert f"\r\nList-Unsubscribe: {link}\r\n".encode() in build(headers={"List-Unsubscribe": link})


def test_the_same_parts_give_the_same_bytes():
    assert build(html="<p>t</p>") == build(html="<p>t</p>")


@given(text=st.text(max_size=200), html=st.text(max_size=200))
@settings(deadline=None)
def test_two_parts_stay_two_parts_whatever_they_hold(text, html):
    read = message_from_bytes(build(text=text, html=html), policy=SMTP)

    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert read.defects == []


def test_a_subject_that_looks_encoded_arrives_as_it_was_written():
    read = message_from_bytes(build(subject="=?utf-8?q?Bcc?= or not"), policy=SMTP)

    assert read["Subject"] == "=?utf-8?q?Bcc?= or not"


def test_an_html_part_comes_second_after_its_text():
    read = message_from_bytes(build(html="<p>Grüße</p>"), policy=SMTP)

    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert "Grüße" in read.get_body(("html",)).get_content()


@pytest.mark.parametrize("breaking", ["\n", "\r", "\r\n", "\x00", "\x85", "\u2028", "\x0b"])
@pytest.mark.parametrize("field", ["subject", "sender", "to", "message_id"])
def test_a_line_break_in_a_header_is_refused(field, breaking):
    with pytest.raises(mime.BadHeader, match="a header is one line"):
        build(**{field: f"Ada{breaking}Bcc: everybody@example.com"})


def test_a_line_break_in_a_further_header_is_refused():
    with pytest.raises(mime.BadHeader, match="List-Unsubscribe"):
        build(headers={"List-Unsubscribe": "<https://x>\r\nBcc: a@example.com"})


@pytest.mark.parametrize(
    "address",
    ["ada", "@example.com", "Ada <>", "", "a@example.com, b@example.com", "a@b@example.com", "a b@example.com"],
)
def test_anything_but_one_whole_address_is_refused(address):
    with pytest.raises(mime.BadHeader, match="To needs one whole address"):
        build(to=address)


def test_a_domain_with_umlauts_goes_out_as_dns_has_it():
    assert b"To: ada@xn--bcher-kva.example" in build(to="ada@bücher.example")


def test_a_mailbox_with_umlauts_goes_out_in_utf_8():
    assert "To: jörg@example.com".encode() in build(to="jörg@example.com")


def test_a_display_name_with_comma_and_quotes_stays_one_name():
    read = message_from_bytes(build(sender='"Wren, the \\"small\\" one" <drives@wren.example>'), policy=SMTP)

    [address] = read["From"].addresses
    assert (address.display_name, address.addr_spec) == ('Wren, the "small" one', "drives@wren.example")
