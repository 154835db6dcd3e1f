"""Email to us: what is read of it, that it becomes a case once, and that no machine is answered."""

import subprocess
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.adapters.mail.incoming import parse
from forecourt.cases.models import Case
from forecourt.inquiries import actions, incoming
from forecourt.inquiries.actions import Outcome
from forecourt.inquiries.models import Inquiry, Line
from forecourt.messaging.models import Message

ADA = "ada.brightwater@post.example"


def letter(
    words="How long is the warranty?", subject="A question", sender=f"Ada <{ADA}>", id="<1@post.example>", **more
):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = (
        sender,
        "privacy@wren.example",
        subject,
        id,
    )
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message.as_bytes()


def acknowledged() -> int:
    return Message.objects.filter(use="inquiry-received-email").count()


def test_an_email_becomes_a_case_and_is_acknowledged_once(db, at):
    first, again = incoming.take(letter(), at.now), incoming.take(letter(), at.now)

    assert first.pk == again.pk
    assert (first.case.came_by, first.case.kind, first.site) == ("email", "question", "not-said")
    assert first.case.due_at - first.case.opened_at == actions.cases.DUE_AFTER
    assert actions.open_line(first, first.lines.get()) == "A question\n\nHow long is the warranty?"
    assert acknowledged() == 1


def test_the_email_lies_sealed_as_it_came(db, at):
    inquiry = incoming.take(letter("ZEBRAFINCH"), at.now)

    line = inquiry.lines.get()
    assert b"ZEBRAFINCH" not in bytes(line.original)
    assert b"ZEBRAFINCH" not in bytes(line.sealed)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Precedence": "Junk"},
        {"List_Id": "<cars.list.example>"},
        {"List_Unsubscribe": "<https://list.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@post.example"},
        {"sender": "no-reply@post.example"},
        {"sender": "hello@wren.example"},
        {"sender": "privacy@wren.example"},
        {"sender": ""},
        {"sender": "not an address"},
    ],
)
def test_a_machine_gets_a_case_and_no_answer(db, at, headers):
    assert incoming.take(letter(**headers), at.now).case.reference
    assert acknowledged() == 0


def test_a_person_who_says_that_no_machine_sent_it_is_answered(db, at):
    incoming.take(letter(Auto_Submitted="no"), at.now)
    assert acknowledged() == 1


def test_two_machines_that_hide_what_they_are_come_to_an_end(db, at):
    for nth in range(20):
        incoming.take(letter(id=f"<{nth}@post.example>"), at.now)

    assert Inquiry.objects.count() == 20
    assert acknowledged() == 3


def test_whoever_writes_again_under_the_number_goes_on_in_the_same_case(db, at):
    inquiry = incoming.take(letter(), at.now)
    more = letter(
        "And the paint?", subject=f"Re: We have your message: {inquiry.case.reference}", id="<2@post.example>"
    )

    joined, again = incoming.take(more, at.now), incoming.take(more, at.now)

    assert joined.pk == again.pk == inquiry.pk
    assert Line.objects.filter(inquiry=inquiry).count() == 2
    assert acknowledged() == 1
    wish = letter("Then delete my data", subject=f"Re: {inquiry.case.reference}", id="<6@post.example>")
    assert incoming.take(wish, at.now).proposed == "delete"


def test_a_stranger_who_names_the_number_gets_a_case_of_their_own(db, at):
    inquiry = incoming.take(letter(), at.now)
    theirs = letter(subject=f"Re: {inquiry.case.reference}", sender="eve@elsewhere.example", id="<3@elsewhere.example>")

    assert incoming.take(theirs, at.now).pk != inquiry.pk


def test_a_closed_case_stays_closed_and_a_new_one_begins(db, at):
    inquiry = incoming.take(letter(), at.now)
    actions.close(inquiry, Outcome.NO_QUESTION, at.now)
    later = incoming.take(letter("But", subject=f"Re: {inquiry.case.reference}", id="<4@post.example>"), at.now)

    assert later.pk != inquiry.pk


def test_another_email_under_the_same_id_is_not_lost(db, at):
    first, other = incoming.take(letter(), at.now), incoming.take(letter("Something else"), at.now)

    assert first.pk != other.pk


def test_one_id_from_two_senders_is_two_cases(db, at):
    assert incoming.take(letter(), at.now).pk != incoming.take(letter(sender="bo@post.example"), at.now).pk


def test_html_is_read_as_its_words(at):
    raw = (
        b"From: a@b.example\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<html><head><style>x{}</style></head><body><p>Hello<br>you</p><script>1</script><!-- c --><div>th\xc3\xa9re</div>"
    )
    received = parse(raw)

    assert received.subject == "Café"
    assert received.words.split() == ["Hello", "you", "thére"]


def test_the_plain_half_is_taken_and_an_attachment_is_kept_in_the_original(db, at):
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = ADA, "Letter", "<5@post.example>"
    message.set_content("As attached.")
    message.add_alternative("<p>Other words</p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="letter.pdf")

    inquiry = incoming.take(message.as_bytes(), at.now)

    assert actions.open_line(inquiry, inquiry.lines.get()) == "Letter\n\nAs attached."
    assert inquiry.lines.get().original


def test_an_email_larger_than_what_is_kept_is_taken_without_its_attachments(db, at, monkeypatch):
    monkeypatch.setattr(incoming, "MOST_KEPT", 10)

    assert incoming.take(letter(), at.now).lines.get().original is None


@given(st.binary(max_size=400))
def test_whatever_bytes_come_are_read_as_words_that_can_be_kept(raw):
    found = parse(raw)

    assert found.id
    assert "".join((found.id, found.sender, found.subject, found.words)).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"From: =?nonsense?q?=?= <a@b.example>\n\nHi",
        b"From: a@b.example\nContent-Type: text/plain; charset=nobody-has-it\n\nHi",
        b"From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n%%%",
        b"From: a@b.example\nContent-Type: multipart/mixed\n\nno boundary",
        b"From: a@b.example, c@d.example\nSubject: two\n\nHi",
        b"From: undisclosed:;\n\nHi",
        b"From: a@b.example\nMessage-ID: <a\0b@c.example>\nSubject: a\0b\n\nH\0i",
        b"From: \xff\xfe@\xff\nSubject: \xff\n\n\xff",
        b"",
    ],
)
def test_broken_emails_become_cases_too(db, at, raw):
    assert incoming.take(raw, at.now).case.kind == Case.Kind.QUESTION


def test_the_command_takes_a_file_or_a_pipe_and_says_the_number(fresh_database, tmp_path):
    (tmp_path / "letter.eml").write_bytes(letter())
    by_file = subprocess.run(
        [".venv/bin/forecourt", "mail", "take", str(tmp_path / "letter.eml")], capture_output=True, text=True
    )
    by_pipe = subprocess.run([".venv/bin/forecourt", "mail", "take"], input=letter(), capture_output=True)

    assert by_file.returncode == 0, by_file.stderr
    assert by_file.stdout == by_pipe.stdout.decode()
    assert Case.objects.get().reference == by_file.stdout.strip()
    assert subprocess.run([".venv/bin/forecourt", "mail", "take"], input=b"", capture_output=True).returncode == 2
