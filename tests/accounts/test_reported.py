"""An account whose address was reported as a child's: it takes nothing more, and its owner can still get to us and away."""

import html

import pytest

from forecourt.people.models import Contact


@pytest.fixture
def reported(home, ada, at):
    Contact.objects.filter(pk=ada.contact_id).update(frozen_at=at.now)
    return home


def says(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("where", ["/build/saved/new/", "/test-drive/", "/account/ways/password/"])
def test_it_takes_nothing_more(reported, where):
    answer = reported.post(where, {})

    assert answer.status_code == 403
    assert "This account stands still" in says(answer)


def test_its_owner_can_write_to_us_say_no_and_leave(reported):
    assert "stands still" not in says(reported.post("/contact/", {}))
    assert reported.post("/account/choices/sale/no/").status_code == 303
    assert reported.post("/account/sign-out/").status_code in (302, 303)


def test_another_browser_is_asked_as_before(reported, client):
    assert "stands still" not in says(client.post("/test-drive/", {}))
