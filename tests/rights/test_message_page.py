"""The page behind a message's link: no login, no history; looking changes nothing, stopping works at once."""

import re
from email import message_from_bytes, policy

import pytest

from forecourt.adapters import kept
from forecourt.consent.models import Entry
from forecourt.interactions import reminders
from forecourt.interactions.models import TestDrive
from forecourt.messaging import outbox, stops
from forecourt.messaging.models import Message
from tests.cast import ADA, CHEN, Inbox, booked, first_slot, texted, work


def mail(person):
    return message_from_bytes(kept.kept_for(person.address)[-1].content, policy=policy.default)


@pytest.fixture
def link(dealer, at) -> str:
    """Ada booked, and has the confirmation in her mailbox."""
    booked(ADA, dealer, at.now)
    work(at.now)
    return re.search(r"<https?://[^/]+(/m/[^>]+/)stop/>", mail(ADA)["List-Unsubscribe"])[1]


def said() -> list[tuple[str, str, str, str]]:
    rows = Entry.objects.order_by("seq").values_list("verb", "channel", "scope", "method")
    return [(verb, channel, re.sub(r"[0-9a-f-]{36}", "…", scope), method) for verb, channel, scope, method in rows]


def done(client, address, fields) -> str:
    """The page on which somebody lands who pressed a button."""
    answer = client.post(address, fields)
    assert answer.status_code == 303
    return client.get(answer["Location"]).content.decode()


def test_the_page_after_a_stop_can_be_loaded_again_and_stops_nothing_again(link, client):
    landed = client.post(f"{link}stop/", {"scope": "kind"})["Location"]
    before = said()

    assert "<h1>Stopped</h1>" in client.get(landed).content.decode()
    assert "<h1>Stopped</h1>" in client.get(landed).content.decode()
    assert said() == before


@pytest.mark.parametrize("claim", ["stopped=everything", "stopped=all", "stopped=", "resumed=1&stopped=this", "last=1"])
def test_an_address_that_claims_a_stop_which_nobody_made_shows_none(link, client, claim):
    page = client.get(f"{link}?{claim}").content.decode()

    assert "<h1>Stopped</h1>" not in page
    assert "Stop everything from Wren" in page


def test_a_message_in_the_carriers_hands_is_told_of_after_a_stop(link, client, monkeypatch):
    monkeypatch.setattr(stops, "settled", lambda contact: False)

    assert "it is the last one" in done(client, f"{link}stop/", {"scope": "kind"})


def test_the_page_says_that_a_later_tick_is_a_new_yes(link, client):
    assert "tick on a later booking is a new yes, for that booking alone" in client.get(link).content.decode()


def test_the_page_shows_a_masked_contact_the_message_and_the_switches(link, client):
    page = client.get(link)
    text = page.content.decode()

    assert "a…@p….example" in text
    assert "to confirm the test drive that you booked" in text
    for words in ("emails about this test drive", "all emails about test drives", "everything from Wren"):
        assert f"Stop {words}" in text
    assert ADA.contact not in text
    assert "Salem" not in text
    assert page["Cache-Control"] == "no-store"
    assert not page.cookies


def test_looking_a_hundred_ways_changes_nothing(link, client):
    before = said()
    for _ in range(3):
        client.get(link)
        client.head(link)
    assert client.get(f"{link}stop/").status_code == 405
    assert client.get(f"{link}resumption/").status_code == 405

    assert said() == before


@pytest.mark.parametrize(
    ("scope", "entry"),
    [
        ("this", ("withdrew", "email", "interaction:…", "link")),
        ("kind", ("withdrew", "email", "type:test-drive", "link")),
        ("everything", ("withdrew", "all", "all", "link")),
    ],
)
def test_each_button_stops_what_it_says_before_the_next_message(link, dealer, at, client, scope, entry):
    page = done(client, f"{link}stop/", {"scope": scope})
    drive = Message.objects.get().interaction
    outbox_before = len(Inbox(ADA).all)
    at.now = TestDrive.objects.get().remind_at
    reminders.remind_all(at.now)
    work(at.now)

    assert "<h1>Stopped</h1>" in page
    assert "none is on its way" in page
    assert said()[-1] == entry
    assert len(Inbox(ADA).all) == outbox_before
    reminder = Message.objects.get(use="test-drive-reminder-email")
    assert (reminder.interaction, reminder.state, reminder.reason) == (drive, "refused", "withdrawn")


def test_a_mailboxs_one_click_stops_the_kind_without_cookie_nonce_or_page(link, client):
    answer = client.post(
        f"{link}stop/",
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": "https://mailbox.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 200
    assert said()[-1] == ("withdrew", "email", "type:test-drive", "one-click")
    assert not answer.cookies


def test_the_emails_headers_and_its_foot_name_the_same_link(link, client):
    sent = mail(ADA)

    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for part in ("plain", "html"):
        body = sent.get_body((part,)).get_content()
        assert link in body
        assert "118 Gorse Foundry Lane" in body
        assert "test drives" in body


def test_starting_again_takes_two_steps_and_starts_this_booking_alone(link, client):
    client.post(f"{link}stop/", {"scope": "everything"})
    asked = client.post(f"{link}resumption/").content.decode()
    assert "Start again?" in asked
    assert said()[-1][0] == "withdrew"
    started = done(client, f"{link}resumption/", {"confirm": "yes"})

    assert "Started again" in started
    assert said()[-1] == ("asked", "email", "interaction:…", "link")


def test_a_no_after_a_stop_by_phone_points_to_start(dealer, at, client):
    booked(CHEN, dealer, at.now)
    work(at.now)
    token = outbox.open_body(Message.objects.get()).link.rsplit("/", 2)[1]
    texted(client, CHEN, "STOP")
    page = client.get(f"/m/{token}/").content.decode()

    assert "<strong>START</strong>" in page
    assert client.post(f"/m/{token}/resumption/", {"confirm": "yes"}).status_code == 409


def test_a_later_booking_is_confirmed_after_stop_everything(link, dealer, at, client):
    client.post(f"{link}stop/", {"scope": "everything"})
    booked(ADA, dealer, at.now, first_slot(dealer, at.now, 6))
    work(at.now)

    assert len(Inbox(ADA).all) == 2


@pytest.mark.parametrize("scope", ["", "all", "history"])
def test_an_unknown_button_is_refused_with_a_sentence(link, client, scope):
    before = said()
    answer = client.post(f"{link}stop/", {"scope": scope})

    assert answer.status_code == 422
    assert "Choose what to stop" in answer.content.decode()
    assert said() == before


def test_a_link_that_nobody_sent_says_how_else_to_stop(db, client):
    for answer in (client.get("/m/AAAAAAAAAAAAAAAA/"), client.post("/m/AAAAAAAAAAAAAAAA/stop/", {"scope": "this"})):
        assert answer.status_code == 404
        assert "reply STOP" in answer.content.decode()


def test_the_page_never_claims_to_reach_dealers_lists(link, client):
    assert "We cannot take you off a dealer’s list" in client.get(link).content.decode()


def test_the_contact_page_has_a_phone_a_letter_box_and_a_mailbox(db, client):
    page = client.get("/contact/").content.decode()

    assert "(800)\u00a0555\u20110137" in page
    assert "118 Gorse Foundry Lane" in page
    assert "privacy@wren.example" in page
