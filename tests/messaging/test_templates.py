"""What our messages say: short, plain, who it is from and how it stops."""

import pytest

from forecourt.adapters.texts import segments
from forecourt.dealers.models import Dealer
from forecourt.messaging import bodies

LONGEST = "The Original Northern Plains and Upper Missouri Valley Wren Sales, Service and Small-Car Company of Bismarck"
ABOUT_DRIVES = ("test_drive_confirmed", "test_drive_reminder", "test_drive_changed", "test_drive_cancelled")
ANSWERS = ("stopped", "stopped_all", "started", "help")


def context(name: str = LONGEST) -> dict:
    return {
        "type": "test-drive",
        "sender": "+12185550142",
        "car": "Pipit",
        "when": "Saturday, December 5, 2026, 10:30 am EST",
        "when_short": "Sat Dec 5, 10:30 am",
        "before": "Friday, December 4, 2026, 10:30 am EST",
        "dealer": Dealer(slug="wren-x", name=name, street="14 Kettle Street", city="Salem", state="NC", postal_code="27101", phone="+13365550101"),
        "manage": "https://wren.example/test-drive/AAAAAAAAAAAAAAAAAAAAAA/",
        "site": "https://wren.example",
    }  # fmt: skip


def text(template: str, **more) -> str:
    return bodies.render("text", template, context(**more), "https://wren.example/m/AAAAAAAAAAAAAAAA/").text


@pytest.mark.parametrize("name", [*ABOUT_DRIVES, *ANSWERS])
def test_each_text_says_who_it_is_from_and_takes_two_segments_at_most(name):
    said = text(name)

    assert said.startswith("Wren: ")
    assert (segments(said).count <= 2, segments(said).alphabet) == (True, "GSM-7")


@pytest.mark.parametrize("name", [*ABOUT_DRIVES, "started", "help"])
def test_each_text_that_may_be_followed_by_another_says_how_to_stop(name):
    assert "STOP" in text(name)


@pytest.mark.parametrize("name", ["stopped", "stopped_all"])
def test_the_confirmation_of_a_stop_says_what_stopped_asks_nothing_and_sells_nothing(name):
    said = text(name)

    assert "have ended" in said
    assert "?" not in said
    assert "http" not in said
    assert "STOP ALL" in said or "all our texts" in said


def test_a_dealers_apostrophe_does_not_make_a_text_longer():
    assert segments(text("test_drive_confirmed", name="O’Brien’s Wren – Salem & Sons")).alphabet == "GSM-7"
    assert "O'Brien's Wren - Salem & Sons" in text("test_drive_confirmed", name="O’Brien’s Wren – Salem & Sons")


@pytest.mark.parametrize("name", ABOUT_DRIVES)
def test_each_email_has_its_link_its_sender_and_what_the_link_stops(name):
    body = bodies.render("email", name, context(), "https://wren.example/m/AAAAAAAAAAAAAAAA/")

    for part in (body.text, body.html):
        assert body.link in part
        assert "Wren Motor Company, Inc." in part
        assert "118 Gorse Foundry Lane" in part
        assert "Stop our emails about test drives, or everything from us" in part
        assert "password" in part
        assert LONGEST in part
    assert "\n" not in body.subject
    assert "Sat Dec 5, 10:30 am" in body.subject


def test_an_emails_html_escapes_what_its_text_leaves_alone():
    body = bodies.render("email", "test_drive_confirmed", context(name="Salt & <Sons>"), "https://wren.example/m/A/")

    assert "Salt & <Sons>" in body.text
    assert "Salt &amp; &lt;Sons&gt;" in body.html
