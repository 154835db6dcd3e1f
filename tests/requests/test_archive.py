"""To know: one file with everything, sealed until its person opens it, and gone an hour later."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.db.models import UUIDField
from django.test import RequestFactory

from forecourt.accounts import sessions
from forecourt.accounts.models import Session
from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.consent.choices import Choices
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.actions import Said
from forecourt.people import browsers, contacts, retention
from forecourt.people.models import Contact, Subject
from forecourt.proof.inventory import holdings
from forecourt.requests import desks, paths
from forecourt.requests.archive import collect, pack, reach
from forecourt.requests.models import Archive
from forecourt.vehicles.builds.models import SavedBuild
from tests.accounts.at_home import sign_in
from tests.cast import ADA, CHEN, booked, texted, work
from tests.requests.asking import code_in, codes_leave, shows, the_request, words, worked
from tests.vehicles.test_saved import press, press_save


@pytest.fixture
def asked(drive, at):
    """Ada's desk, where her file is ready."""
    client, desk = shows("know", at)
    client.post(desk)
    worked(the_request("know"), at)
    return client, desk


def files_of(answer) -> dict[str, str]:
    held = zipfile.ZipFile(io.BytesIO(answer.content))
    return {name: held.read(name).decode() for name in held.namelist()}


def test_the_file_has_a_page_the_same_for_machines_and_says_what_is_what(asked, dealer, drive):
    client, desk = asked
    answer = client.post(desk)
    files = files_of(answer)

    assert answer["Content-Type"] == "application/zip"
    assert set(files) == {pack.HTML, pack.JSON, pack.README}
    everything = json.loads(files[pack.JSON])
    assert set(everything) == keys_in(files[pack.README])
    assert {"Ada Brightwater", ADA.contact} <= {one["value"] for one in everything["held"]}
    assert [one["to"] for one in everything["given"]] == [dealer.name]
    assert everything["given"][0]["receipt"]
    assert all(one["source"] and one["notice"] and one["at"] for one in everything["held"])
    for said in ("Ada Brightwater", dealer.name, "18 months after the drive"):
        assert said in files[pack.HTML]


def keys_in(readme: str) -> set[str]:
    lines = readme.split("The keys of")[1].splitlines()
    return {line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "}


def test_the_page_in_it_loads_nothing(asked):
    page = files_of(asked[0].post(asked[1]))[pack.HTML]

    assert not {"src=", "@import", "url(", "<script", "<link"} & {mark for mark in MARKS if mark in page}


MARKS = ("src=", "@import", "url(", "<script", "<link")


def test_it_lies_sealed_is_opened_by_a_fresh_code_alone_and_is_gone_an_hour_later(asked, at):
    client, desk = asked
    archive = Archive.objects.get()
    assert b"Brightwater" not in bytes(archive.sealed)

    assert client.get(desk).status_code == 200, "looking destroys nothing"
    assert Archive.objects.get().taken_at is None
    client.post(desk)
    at.now += pack.ONCE_MORE
    retention.run(at.now)

    assert not Archive.objects.exists()
    page = f"/privacy/requests/case/{case_token()}/"
    assert "gone by now" in words(client.get(page))


def case_token() -> str:
    return paths.path_of(the_request("know")).rstrip("/").rsplit("/", 1)[-1]


def test_nobody_took_it_and_after_two_weeks_it_is_gone(asked, at):
    at.now += pack.LASTS - timedelta(seconds=1)
    retention.run(at.now)
    assert Archive.objects.exists()

    at.now += timedelta(seconds=1)
    retention.run(at.now)
    assert not Archive.objects.exists()


def test_later_it_opens_from_the_requests_page_by_a_code_to_whoever_asked(asked, at):
    client, _ = asked
    at.now += timedelta(days=2)
    code_page = client.post(f"/privacy/requests/case/{case_token()}/code/")["Location"]
    codes_leave(at.now)
    again = client.post(code_page, {"code": code_in(ADA.contact)})["Location"]

    assert pack.JSON in files_of(client.post(again))


def test_another_persons_code_opens_no_file_of_mine(asked, dealer, at):
    booked(CHEN, dealer, at.now)
    mine = the_request("know")
    other = contacts.find(contacts.read(CHEN.contact))
    here = desks.Desk(_bare(at), other.pk, at.now, "web/base.html", "/")
    assert desks.to_take(here, mine).status_code == 404


def _bare(at):
    request = RequestFactory().post("/")
    request.now, request.choices = at.now, Choices()
    return request


def test_the_account_opens_it_after_showing_again_who_one_is(home, ada, at):
    home.post("/account/requests/know/")
    request = worked(the_request("know"), at)
    place = f"/account/requests/file/{request.case.reference}/"
    assert pack.JSON in files_of(home.post(place))

    Session.objects.update(confirmed_at=at.now - sessions.FRESH)
    assert home.post(place)["Location"].startswith("/account/confirmation/")


# Complete, by the inventory


def test_every_table_with_personal_data_is_in_the_file_or_says_why_not():
    personal = {label for label, row in holdings()["models"].items() if row.get("holds") or row.get("uses")}
    staff = {label for label in personal if label.startswith(("console.", "sessions."))}

    assert personal - staff - {part.label for part in reach.PARTS} - set(reach.APART) == set()


def test_every_column_that_holds_something_of_somebody_is_read_or_says_why_not():
    """A sealed column is opened, and not put in as it lies."""
    held = holdings()["models"]
    for part in reach.PARTS:
        names = {one.name for one in part.model._meta.concrete_fields}
        assert set(part.opens) | set(part.withheld) <= names, part.label
        for column in held.get(part.label, {}).get("holds", {}):
            assert column in names, f"{part.label}.{column}"
    sealed = {
        ("people.Sealed", "value"),
        ("messaging.Message", "body"),
        ("messaging.Reply", "body"),
        ("builds.SavedBuild", "name"),
    }
    opened = {(part.label, column) for part in reach.PARTS for column in part.opens}
    assert sealed <= opened


def test_of_somebody_planted_everywhere_every_row_that_names_them_is_in_it(home, ada, dealer, at):
    """Ada has an account, a drive, a saved car, a browser with a number, a case and somebody who looked. Every row of every table
    that points to her address has to be in the file, whether or not anybody thought of its table."""
    plant(home, ada, dealer, at)
    rows = collect.everything(ada.contact, at.now)["records"]

    found = {label for label, record in rows.items() if record["rows"]}
    for model in apps.get_models():
        for field in pointing(model):
            for pk in model._default_manager.filter(**{field: ada.contact.pk}).values_list("pk", flat=True):
                label = model._meta.label
                assert label in rows, label
                assert any(str(pk) in map(str, row.values()) for row in rows[label]["rows"]), (label, pk)
    planted = {
        "builds.SavedBuild",
        "people.Link",
        "accounts.Session",
        "interactions.TestDrive",
        "people.Opening",
        "cases.Case",
    }
    assert planted <= found


def test_numbers_of_cookies_and_of_saved_cars_are_in_it_and_what_was_sealed_is_readable(home, ada, dealer, at):
    browser, build = plant(home, ada, dealer, at)
    text = json.dumps(collect.everything(ada.contact, at.now), ensure_ascii=False)

    assert str(build.pk) in text
    assert bytes(browser.index).hex() in text
    assert bytes(Session.objects.get().digest).hex() in text
    for words_of_hers in (
        "Ada Brightwater",
        ADA.contact,
        "Your test drive is booked",
        "my red one",
        "Does it come in green?",
        "In three greens.",
    ):
        assert words_of_hers in text
    assert ada.user.password not in text, "a secret is sent to nobody"


def plant(home, ada, dealer, at):
    booked(ADA, dealer, at.now)
    press_save(home)
    build = SavedBuild.objects.get()
    press(home, build, "name", name="my red one")
    sign_in(home)  # which takes the shelf over
    browser, _ = browsers.add(at.now)
    browsers.link(browser, ada.contact, "interaction:1", at.now)
    asked = inquiries.take(
        Said(
            "Does it come in green?",
            Case.Channel.EMAIL,
            uuid.uuid4(),
            at.now,
            contacts.read(ADA.contact),
            original=b"raw",
        ),
        at.now,
    )
    inquiries.answer(asked, "In three greens.", Case.Channel.EMAIL, at.now, by="desk-4f2k")
    case = cases.open_case(Case.Kind.QUESTION, came_by=Case.Channel.PHONE, contact=ada.contact.pk, by=None, now=at.now)
    contacts.address_of(ada.contact, purpose="staff-case-read", who="mona", case=case.reference, now=at.now)
    work(at.now)
    return browser, build


def pointing(model) -> list[str]:
    """The columns in which an address's own id may stand."""
    return [
        one.name
        for one in model._meta.concrete_fields
        if (isinstance(one, UUIDField) and not one.primary_key) or one.related_model in (Contact, Subject)
    ]


def test_what_was_texted_to_us_is_read_out_too(dealer, client, at):
    booked(CHEN, dealer, at.now)
    texted(client, CHEN, "please stop, I live at 14 Rue Verte")
    contact = contacts.find(contacts.read(CHEN.contact))

    text = json.dumps(collect.everything(contact, at.now), ensure_ascii=False)

    assert "I live at 14 Rue Verte" in text
