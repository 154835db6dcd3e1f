"""The fakes keep what would have left, sealed, and behave as the world does."""

import math
import time

import pytest
from django.db import DatabaseError, connection

from forecourt.adapters import crm, kept, mail, synthetic, texts
from forecourt.adapters.crm import adf
from forecourt.adapters.models import Kept
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from tests.adapters.test_crm import prospect

WREN = "+12025550100"
ADA = "+12025550142"
RAW = b"From: drives@wren.example\r\nMessage-ID: <1@wren.example>\r\nSubject: s\r\n\r\nDear Ada\r\n"
URL = "http://testserver/hooks/texts/"

pytestmark = pytest.mark.django_db


def soon() -> float:
    return time.monotonic() + 5


def test_an_email_waits_in_the_mailbox_byte_for_byte():
    mail.Fake().send(RAW, "drives@wren.example", "Ada@Example.com", soon())

    [item] = kept.kept_for("ada@example.com")
    assert (item.content, item.recipient, item.reference) == (RAW, "Ada@Example.com", "<1@wren.example>")
    assert kept.kept_about("<1@wren.example>") == [item]
    assert kept.kept_for("bruno@example.com") == []


def test_a_phone_shows_the_conversation_in_order():
    fake = texts.Fake()
    fake.send(WREN, ADA, "Tuesday at 10", soon(), "m1")
    fake.reply(ADA, WREN, "Stop ✋", URL)
    fake.send(WREN, ADA, "You get no more texts.", soon(), "m2")

    conversation = [(item.way, item.content.decode()) for item in kept.kept_for(ADA)]
    assert conversation == [("out", "Tuesday at 10"), ("in", "Stop ✋"), ("out", "You get no more texts.")]


def test_a_dump_of_the_table_shows_nobody_and_nothing():
    mail.Fake().send(RAW, "drives@wren.example", "ada@example.com", soon())
    texts.Fake().send(WREN, ADA, "Tuesday at 10", soon(), "m1")
    texts.Fake().reply(ADA, WREN, "Leave me alone", URL)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(encode(convert_to(k::text, 'UTF8') || k.sealed || k.person, 'escape'), '') FROM adapters_kept k"
        )
        [dump] = cursor.fetchone()
    for readable in ("ada@", "Ada", ADA, ADA[2:], WREN, "Tuesday", "alone", "drives@"):
        assert readable not in dump


def test_an_answer_from_the_phone_comes_signed_as_from_the_carrier():
    signed = texts.Fake().reply(ADA, WREN, "STOP", URL)

    incoming = texts.parse_incoming(signed.url, signed.form, signed.signature)
    assert (incoming.sender, incoming.recipient, incoming.body) == (ADA, WREN, "STOP")
    with pytest.raises(texts.BadSignature):
        texts.parse_incoming(URL, {**signed.form, "Body": "START"}, signed.signature)


def test_a_carrier_that_blocks_refuses_one_pair_from_stop_to_start():
    fake = texts.Fake(blocks=True)
    fake.reply(ADA, WREN, " Stop\n", URL)
    fake.reply(ADA, WREN, "are you there?", URL)

    with pytest.raises(Rejected, match="21610"):
        fake.send(WREN, ADA, "Tuesday at 10", soon(), "m1")
    fake.send("+12025550101", ADA, "from another number", soon(), "m2")
    fake.send(WREN, "+12025550143", "to another phone", soon(), "m3")
    texts.Fake().send(WREN, ADA, "a carrier that does not block", soon(), "m4")
    fake.reply(ADA, WREN, "START", URL)
    fake.send(WREN, ADA, "welcome back", soon(), "m5")


def test_a_lead_waits_at_the_dealer():
    crm.Fake().send("https://dealer.example/leads", b"<adf/>", soon(), "lead-1")

    [item] = kept.kept_for("https://dealer.example/leads", kept.Medium.LEAD)
    assert (item.content, item.reference) == (b"<adf/>", "lead-1")


def test_past_the_deadline_nothing_is_kept():
    late = time.monotonic()

    for hand_over in (
        lambda: mail.Fake().send(RAW, "drives@wren.example", "ada@example.com", late),
        lambda: texts.Fake().send(WREN, ADA, "Hi", late, "m1"),
        lambda: crm.Fake().send("https://dealer.example/leads", b"<adf/>", late, "lead-1"),
    ):
        with pytest.raises(NotSent, match="deadline"):
            hand_over()
    assert kept.all_kept() == []


def test_a_database_that_fails_while_keeping_leaves_the_outcome_unknown(monkeypatch):
    monkeypatch.setattr(Kept.objects, "create", lambda **fields: (_ for _ in ()).throw(DatabaseError("cut")))

    with pytest.raises(Unknown, match="DatabaseError"):
        texts.Fake().send(WREN, ADA, "Hi", soon(), "m1")


def test_everything_kept_can_be_forgotten():
    mail.Fake().send(RAW, "drives@wren.example", "ada@example.com", math.inf)

    assert kept.forget_all() == 1
    assert kept.all_kept() == []


class Leaving:
    """A real adapter would be called."""

    def send(self, *words) -> str:
        return "left"


def lead(**contact: str) -> bytes:
    return adf.build(prospect(**{"email": "", "phone": "", **contact}))


def test_what_goes_to_synthetic_people_stays_here_and_all_else_leaves():
    mailer = mail.Divided(Leaving(), mail.Fake())
    texter = texts.Divided(Leaving(), texts.Fake())
    dealer = crm.Divided(Leaving(), crm.Fake())

    assert mailer.send(RAW, "w@wren.example", synthetic.email(7), soon()).startswith("kept-")
    assert mailer.send(RAW, "w@wren.example", "ada@wren-cars.com", soon()) == "left"
    assert texter.send(WREN, synthetic.phone(7), "Hi", soon(), "m1").startswith("kept-")
    assert texter.send(WREN, "+12024561111", "Hi", soon(), "m2") == "left"
    real_dealer, somebody = "https://dealer-cars.com/leads", lead(email="ada@wren-cars.com")
    assert dealer.send("https://probe.example/leads", somebody, soon(), "l1").startswith("kept-")
    assert dealer.send(real_dealer, lead(email=synthetic.email(7)), soon(), "l2").startswith("kept-")
    assert dealer.send(real_dealer, lead(phone=synthetic.phone(7)), soon(), "l3").startswith("kept-")
    assert dealer.send(real_dealer, somebody, soon(), "l4") == "left"


def test_the_settings_choose_the_adapter(settings):
    assert isinstance(mail.current(), mail.Fake)
    assert isinstance(texts.current(), texts.Fake)
    assert isinstance(crm.current(), crm.Fake)

    settings.MAIL_ADAPTER, settings.SMTP_HOST = "smtp", "mail.example"
    settings.TEXTS_ADAPTER, settings.TWILIO_ACCOUNT, settings.TWILIO_TOKEN = "twilio", "AC1", "token"
    settings.CRM_ADAPTER = "http"

    assert isinstance(mail.current().real, mail.Smtp)
    assert isinstance(texts.current().real, texts.Twilio)
    assert isinstance(crm.current().real, crm.Endpoint)
