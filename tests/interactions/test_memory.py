"""The box "Fill this in for me next time, on this device"."""

from datetime import timedelta

import pytest

from forecourt.adapters import keystore
from forecourt.interactions.models import TestDrive
from forecourt.people import memory
from forecourt.people.models import Memory, Sealed, Subject
from tests.cast import ADA, BRUNO, fields

REMEMBERED = "filled in, as you asked on this device"


@pytest.fixture
def books(dealer, at, client):
    def send(person=ADA, **more):
        return client.post("/test-drive/", fields(person, dealer, at.now, **more), follow=True)

    return send


@pytest.fixture
def form(dealer, client):
    def look():
        return client.get("/test-drive/", {"dealer": dealer.slug})

    return look


def values(page) -> tuple[str, str, bool]:
    form = page.context["form"]
    return form["name"].value() or "", form["contact"].value() or "", bool(form["remember"].value())


def test_without_the_tick_the_next_visit_shows_empty_fields_and_there_is_no_cookie(books, form, client):
    books()

    assert values(form()) == ("", "", False)
    assert not client.cookies
    assert not Memory.objects.exists()


def test_with_the_tick_the_next_visit_is_filled_in_and_says_so(books, form, client):
    books(remember="on")
    page = form()

    assert values(page) == (ADA.name, ADA.contact, True)
    assert REMEMBERED in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert set(client.cookies) == {"form_memory"}


def test_the_cookie_holds_a_random_token_alone_and_ends_on_its_day(books, client):
    books(remember="on")
    cookie = client.cookies["form_memory"]

    assert cookie["max-age"] == 180 * 86_400
    assert (cookie["path"], cookie["domain"], cookie["samesite"], cookie["httponly"]) == ("/", "", "Lax", True)
    assert len(cookie.value) == 22
    assert cookie.value.encode() not in bytes(Memory.objects.get().index)
    assert ADA.name not in cookie.value


def test_what_is_remembered_lies_sealed_under_a_key_of_its_own(books):
    books(remember="on")
    kept = Memory.objects.get()
    drive = TestDrive.objects.get()

    assert kept.pk not in (drive.submission_id, drive.contact_id)
    rows = Sealed.objects.filter(subject=kept.pk)
    assert {row.field for row in rows} == {"user.name", "user.contact.email"}
    assert not any(ADA.name.encode() in bytes(row.value) for row in rows)


def test_forget_destroys_key_and_rows_and_takes_the_cookie_back(books, form, client, dealer):
    books(remember="on")
    kept = Memory.objects.get().pk
    answer = client.post("/test-drive/memory/forgetting/", {"dealer": dealer.slug, "car": "pipit"}, follow=True)

    assert values(answer) == ("", "", False)
    assert REMEMBERED not in answer.content.decode()
    assert not Subject.objects.filter(pk=kept).exists()
    assert not Sealed.objects.filter(subject=kept).exists()
    with pytest.raises(keystore.KeyDestroyed):
        keystore.get(kept)
    assert not client.cookies["form_memory"].value


def test_a_later_booking_without_the_tick_forgets(books, form):
    books(remember="on")
    books(BRUNO)

    assert values(form()) == ("", "", False)
    assert not Memory.objects.exists()


def test_a_later_booking_with_the_tick_remembers_the_newer_words_alone(books, form):
    books(remember="on")
    books(BRUNO, remember="on")

    assert values(form()) == (BRUNO.name, BRUNO.contact, True)
    assert Memory.objects.count() == 1


def test_a_browser_that_refuses_the_cookie_gets_its_booking_and_a_kind_word_and_nothing_stays(
    books, at, client, dealer
):
    answer = client.post("/test-drive/", fields(ADA, dealer, at.now, remember="on"))
    client.cookies.clear()
    page = client.get(answer.headers["Location"]).content.decode()

    assert "Your browser kept no cookie" in page
    assert "you type your name and how to reach you again" in page
    assert TestDrive.objects.count() == 1
    assert memory.forget_expired(at.now + timedelta(hours=1)) == 1
    assert not Memory.objects.exists()


def test_a_browser_that_kept_the_cookie_hears_nothing_of_it(books):
    assert "kept no cookie" not in books(remember="on").content.decode()


def test_it_ends_on_its_day_by_itself(books, form, at):
    books(remember="on")

    at.now += timedelta(days=179)
    assert memory.forget_expired(at.now) == 0
    at.now += timedelta(days=1)
    assert memory.forget_expired(at.now) == 1


def test_a_memory_past_its_day_fills_in_nothing_even_before_it_is_swept(books, form, at):
    books(remember="on")
    at.now += timedelta(days=180)

    assert values(form()) == ("", "", False)


@pytest.mark.parametrize("token", ["", "x", "../../etc", "A" * 5000])
def test_a_made_up_token_finds_nothing_and_breaks_nothing(token, form, client):
    client.cookies["form_memory"] = token

    assert values(form()) == ("", "", False)


def test_an_error_on_the_form_remembers_nothing(books):
    books(remember="on", name="")

    assert not Memory.objects.exists()
