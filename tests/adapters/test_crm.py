"""Leads are valid ADF 1.0 whatever people are called, and reach a dealer's system over HTTPS only."""

import time
import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from forecourt.adapters import crm
from forecourt.adapters.crm import adf
from forecourt.adapters.outcomes import NotSent, Rejected, Unknown
from tests.adapters.servers import CLOSE, WebServer, running

ANYTHING = st.text(st.characters(), max_size=80)
LEAD = {
    "reference": uuid.UUID("7f1c2f60-0000-4000-8000-000000000001"),
    "requested_at": datetime(2026, 12, 1, 16, 0, tzinfo=UTC),
    "year": 2027,
    "make": "Wren",
    "model": "Pip",
    "name": "Ada Lovelace",
    "vendor": "Harbor Wren",
    "vendor_id": "harbor-wren",
    "provider": "Wren",
    "email": "ada@example.com",
}


def prospect(**changes) -> adf.Prospect:
    return adf.Prospect(**{**LEAD, **changes})


def read(xml: bytes, path: str) -> list[str]:
    return [element.text for element in etree.fromstring(xml).iterfind(path)]


def test_a_lead_says_who_wants_to_drive_what_where_and_no_more():
    xml = adf.build(prospect())

    words = [element.text for element in etree.fromstring(xml).iter() if (element.text or "").strip()]
    assert words == [
        "7f1c2f60-0000-4000-8000-000000000001",
        "2026-12-01T16:00:00+00:00",
        "2027",
        "Wren",
        "Pip",
        "Ada Lovelace",
        "ada@example.com",
        "harbor-wren",
        "Harbor Wren",
        "Harbor Wren",
        "Wren",
    ]
    assert xml.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<?ADF VERSION=\"1.0\"?>")


@given(name=ANYTHING, email=ANYTHING, phone=ANYTHING, comments=ANYTHING, model=ANYTHING, vendor=ANYTHING)
def test_whatever_people_are_called_the_lead_is_valid_and_says_so(name, email, phone, comments, model, vendor):
    given_words = {"name": name, "model": model, "vendor": vendor}
    lead = prospect(**given_words, email=email, phone=phone, comments=comments)

    if not all(map(adf.cleaned, given_words.values())) or not (adf.cleaned(email) or adf.cleaned(phone)):
        with pytest.raises(adf.BadLead, match="A lead needs"):
            adf.build(lead)
        return
    xml = adf.build(lead)
    adf.validate(xml)
    [read_name] = read(xml, "prospect/customer/contact/name")
    assert read_name.replace("\r\n", "\n") == adf.cleaned(name).replace("\r\n", "\n")


def test_markup_in_a_name_stays_text():
    xml = adf.build(prospect(name='</name><phone>1</phone> & "x" ]]>'))

    assert read(xml, "prospect/customer/contact/name") == ['</name><phone>1</phone> & "x" ]]>']
    assert read(xml, "prospect/customer/contact/phone") == []


def test_control_characters_are_left_out_since_xml_cannot_carry_them():
    assert read(adf.build(prospect(name="Ada\x07\x00 \ud800Lovelace\uffff")), "prospect/customer/contact/name") == [
        "Ada Lovelace"
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " \x07"}, "needs a name"),
        ({"email": ""}, "an email address or a phone number"),
        ({"vendor": ""}, "needs a vendor"),
        ({"requested_at": LEAD["requested_at"].replace(tzinfo=None)}, "time zone"),
    ],
)
def test_a_lead_that_lacks_something_is_refused_with_a_sentence(changes, sentence):
    with pytest.raises(adf.BadLead, match=sentence):
        adf.build(prospect(**changes))


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        (b"<adf>", "Not XML"),
        (b"<adf/>", "Not ADF 1.0: line 1"),
        (b"<lead/>", "Not ADF 1.0"),
        (b'<!DOCTYPE adf [<!ENTITY x SYSTEM "file:///etc/passwd">]><adf>&x;</adf>', "Not ADF 1.0"),
    ],
)
def test_what_is_not_adf_is_told_with_its_line(xml, fault):
    with pytest.raises(adf.BadLead, match=fault):
        adf.validate(xml)


@pytest.fixture
def server():
    with running(WebServer()) as server:
        yield server


def send(endpoint: str) -> str:
    return crm.Endpoint().send(endpoint, b"<adf/>", time.monotonic() + 5, "lead-1")


def test_a_lead_arrives_whole_with_its_reference(server):
    server.headers["Location"] = "/leads/9"

    assert send(server.url + "/leads") == "/leads/9"

    [(path, headers, body)] = server.requests
    assert (path, body) == ("/leads", b"<adf/>")
    assert headers["Idempotency-Key"] == "lead-1"
    assert headers["Content-Type"] == "application/xml; charset=utf-8"


def test_a_dealer_that_names_no_place_is_quoted_by_our_reference(server):
    assert send(server.url) == "lead-1"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((422, b""), Rejected),
        ((503, b""), NotSent),
        ((401, b""), NotSent),
        ((500, b""), Unknown),
        ((307, b""), Rejected),
        (CLOSE, Unknown),
    ],
)
def test_each_answer_has_its_meaning(server, answer, outcome):
    server.answer = answer

    with pytest.raises(outcome):
        send(server.url)


@pytest.mark.parametrize(
    "endpoint",
    ["http://dealer.example/leads", "ftp://127.0.0.1/", "dealer.example", "", "http://127.0.0.1.evil.example/"],
)
def test_a_lead_never_travels_in_clear(endpoint):
    with pytest.raises(Rejected, match="endpoint-without-https"):
        send(endpoint)
