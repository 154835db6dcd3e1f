"""The demo's tour: what it shows, what it moves and what it breaks; and that nothing of it exists elsewhere."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.adapters import clock
from forecourt.consent import closures
from forecourt.consent.models import Closure
from forecourt.interactions import reminders
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import browsers, contacts
from forecourt.policy.sales import SIGNALLED
from forecourt.proof import registry, runner, seams
from forecourt.requests import deleting, know
from forecourt.rights import choosing
from forecourt.run.tour import breaks, four_browsers, letters, newcomer, partners
from forecourt.run.tour.whose import is_of_a_check
from forecourt.sharing import handoff
from forecourt.sharing.models import Share
from forecourt.web.brand import brand
from tests.cast import ADA, CHEN, Person, booked, work
from tests.requests.asking import worked
from tests.run.installation import ROOT
from tests.sharing.network import connect

PROBE = Person("Robin Hedgerow", "212-555-0142", texts=True)


@pytest.fixture
def _own_switches(tmp_path, settings):
    """Switches and a clock of this test alone; the keys stay where they are."""
    (tmp_path / "keys").symlink_to(settings.VAR / "keys")
    settings.VAR = tmp_path


@pytest.fixture
def words(db, _own_switches):
    """Reads a page as somebody does, in one line; with `data`, after sending a form there."""

    def read(path: str, data: dict | None = None, status: int = 200) -> str:
        client = Client()
        answer = client.get(path) if data is None else client.post(path, data, follow=True)
        assert answer.status_code == status
        return seen(answer)

    return read


def seen(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&#x27;", "'")).split())


def on_the_phone(person: Person, body: str) -> dict[str, str]:
    return {"number": person.address, "sender": brand().text_senders["test-drive"], "body": body}


def test_the_tour_tells_each_message_and_why_one_was_refused(words, at, dealer, now):
    drive = booked(CHEN, dealer, now)
    work(now)
    assert "Left Text to confirm the test drive that you booked" in words("/demo/")

    words("/demo/phone/", on_the_phone(CHEN, "STOP"))
    at.now = drive.remind_at + timedelta(minutes=1)
    reminders.remind_all(at.now)
    work(at.now)

    said = words("/demo/")
    assert "Refused Text to remind you of the test drive that you booked You told us to stop." in said
    assert "You said stop" in said


def test_a_drive_within_a_day_has_no_reminder_and_the_tour_says_so(words, at, dealer, now):
    drive = booked(CHEN, dealer, now)
    assert "The reminder of your drive is due" in words("/demo/")

    at.now = drive.remind_at + timedelta(minutes=1)
    assert "The hour of your reminder has come" in words("/demo/")

    TestDrive.objects.update(booked_at=at.now)
    assert "so it has no reminder" in words("/demo/")


def test_the_phone_is_answered_as_by_a_carrier(words, at, dealer, now):
    booked(CHEN, dealer, now)
    work(now)

    said = words("/demo/phone/", on_the_phone(CHEN, "STOP"))

    assert "You: STOP" in said
    assert "texts about test drives have ended" in said


@pytest.mark.parametrize(("number", "status"), [("12", 404), ("", 422), ("202-555-0142", 422)])
def test_a_phone_that_is_none_or_an_answer_without_words_is_told(words, number, status):
    sender = brand().text_senders["test-drive"] if number == "12" else ""

    said = words("/demo/phone/", {"number": number, "sender": sender, "body": "STOP" if number == "12" else ""}, status)

    assert "That is not a phone number" in said or "Type an answer" in said


def test_the_mailbox_shows_a_letter_its_signatures_and_the_button_that_mailboxes_make(words, at, dealer, now):
    booked(ADA, dealer, now)
    work(now)

    assert f"to {ADA.contact}" in (listed := words("/demo/mailbox/")), listed
    letter = words(f"/demo/mailbox/{letters.letters()[0].id}/")
    assert "signed with rsa-sha256 and ed25519-sha256" in letter
    assert "Unsubscribe" in letter


def test_the_dealer_sees_its_lead(words, at, dealer, now):
    booked(ADA, dealer, now)
    work(now)

    assert f"Customer {ADA.name}" in words("/demo/dealer/")


def test_what_our_own_checks_do_is_shown_apart(words, at, dealer, now):
    booked(CHEN, dealer, now)
    booked(PROBE, dealer, now)
    work(now)

    assert is_of_a_check(PROBE.address)
    assert not is_of_a_check(CHEN.address)
    assert newcomer.newest_drive(now).contact_id == Message.objects.order_by("queued_at").first().contact_id
    assert "Phones of our own checks" in words("/demo/phone/")


def test_moving_the_clock_sends_what_came_due_and_asks_for_fresh_checks(words, dealer):
    drive = booked(CHEN, dealer, clock.now())

    words("/demo/clock/", {"to": "reminder"})

    assert clock.now() >= drive.remind_at
    assert Message.objects.filter(use="test-drive-reminder-text").exists()
    assert ProcrastinateJob.objects.filter(task_name="forecourt.run.jobs.check_everything").count() == 1
    words("/demo/clock/", {"to": "now"})
    assert clock.offset() == timedelta()


def test_the_clock_goes_nowhere_else(words):
    words("/demo/clock/", {"to": "1999"}, status=404)


def test_each_break_is_a_mutant_of_the_proof_with_a_check_that_looks_for_it():
    mutants = {mutant.id for mutant in registry.mutants()}

    for one in breaks.BREAKS.values():
        assert one.mutant in mutants
        assert registry.probes([one.promise])


@pytest.fixture
def switched(monkeypatch, _own_switches):
    """The switches of one break, in this test alone."""
    backs = []
    put = seams.put
    with monkeypatch.context() as patch:
        patch.setattr(seams, "put", lambda *arguments: backs.append(put(*arguments)))
        breaks.install()
    yield
    for back in reversed(backs):
        back()


def test_a_break_is_noticed_closes_what_rests_on_it_and_is_mended(words, switched, at, dealer, now):
    broken = words("/demo/break/stop/", {})

    assert "Noticed “A text left after STOP.”" in broken
    assert "Paused: to " in broken
    assert Closure.objects.get(promise="P-3F-5").until is None
    mended = words("/demo/mend/stop/", {})
    assert "Noticed" not in mended
    assert Closure.objects.get(promise="P-3F-5").until is not None


def test_a_break_that_stands_in_every_answer_is_there_from_the_next_one_on_and_gone_when_mended(switched, db):
    client = Client()
    assert "_fc" not in client.get("/models/").cookies

    breaks._write(frozenset({"cookie"}))
    assert "_fc" in client.get("/models/").cookies

    breaks._write(frozenset())
    assert "_fc" not in client.get("/models/").cookies


def test_of_a_sentence_with_several_breaks_each_shows_what_its_own_check_found(words, switched, at, dealer, now):
    broken = words("/demo/break/cookie/", {})

    assert broken.count("Noticed") == 1
    assert "a cookie came that the list lacks" in broken
    breaks._write(frozenset({"paste"}))
    assert "Noticed" not in words("/demo/no/"), "no check of this one has looked"


def test_pages_that_are_kept_hear_of_a_break_as_of_a_change(switched, db, monkeypatch):
    heard = []
    monkeypatch.setattr("forecourt.edge.page_news.announce", lambda: heard.append(breaks.broken_now()))

    breaks._write(frozenset({"banner"}))

    assert heard == [{"banner"}]


def test_all_that_failed_beside_a_break_opens_again_once_it_is_mended(words, switched, at, dealer, now):
    beside = ["P-3C-4", "P-3-7"]
    words("/demo/break/lead/", {})
    runner.run(beside)
    assert closures.open_closures() == {"P-3-6", *beside}

    at.now += timedelta(minutes=1)
    words("/demo/mend/lead/", {})
    for _ in range(2):
        at.now += timedelta(minutes=1)
        runner.run(closures.open_closures() | set(beside))

    assert closures.open_closures() == frozenset()


def test_the_third_chapter_follows_a_request_to_its_receipts(words, dealer, at, now):
    booked(ADA, dealer, now)
    work(now)
    assert "Type the same address." in words("/demo/requests/")
    contact = contacts.find(contacts.read(ADA.contact))
    asked = know.ask(contact.pk, now, now)
    assert f"Request {asked.case.reference} is being answered." in words("/demo/requests/")
    worked(asked, at)
    assert f"Request {asked.case.reference} came in, and was answered within 1 minute." in words("/demo/requests/")

    gone = worked(deleting.ask(contact.pk, now, now), at)

    said = words("/demo/requests/")
    assert f"Request {gone.case.reference} is answered: what we had of you is deleted." in said
    assert re.search(r"Keys [1-9]\d* destroyed", said)
    assert f"{dealer.name} erased it" in said or f"{dealer.name} was asked" in said


def test_a_request_of_a_check_is_nobodys_progress(words, dealer, now):
    booked(PROBE, dealer, now)
    contact = contacts.find(contacts.read(PROBE.contact))
    asked = know.ask(contact.pk, now, now)

    assert asked.case.reference not in words("/demo/requests/")


YES = "sale-yes.ads-yes"
NO = "sale-no.ads-no"


@pytest.mark.parametrize(
    ("cookie", "says"),
    [
        ("", "Your browser sends us no cookie"),
        (YES, "You said yes to selling and to ads. "),
        (NO, "You said no. No page of ours has carried the tag since"),
        ("sale-signal.ads-signal", "it sent Global Privacy Control"),
    ],
)
def test_the_second_chapter_knows_how_far_this_browser_is(db, cookie, says):
    client = Client()
    if cookie:
        client.cookies["choices"], client.cookies["browser"] = cookie, "of-its-own"

    said = seen(client.get("/demo/no/"))

    assert says in said
    assert "Selling Yes Sharing Yes Targeted ads Yes Signal Not seen" in said or cookie != YES


def test_four_browsers_show_what_a_signal_and_a_yes_do_to_one_page(db):
    answered = four_browsers.ask()

    assert [one.brings for one in answered] == [
        (),
        ("Set-Cookie: choices=sale-signal.ads-signal",),
        (),
        ("Set-Cookie: choices=sale-overruled.ads-overruled.sensitive-yes.analytics-yes.personal-yes",),
    ]
    assert [bool(one.hosts) for one in answered] == [False, False, True, False]
    assert [one.says for one in answered] == ["", HONORED, "", HONORED]
    assert [dict(one.gpp.rows)["Selling"] for one in answered] == ["no", "no", "yes", "no"]


HONORED = "Your browser’s opt-out signal is honored."


def test_the_second_chapter_tells_what_the_network_was_told_of_this_browser(db, at, now, monkeypatch):
    network = connect(monkeypatch)
    browser, token = browsers.add(now)
    client = Client()
    client.cookies["browser"] = token
    choosing.allow(browser.pk, SIGNALLED, "test", now)
    assert "Murmur Ads may count you among those who see our ads. It is on its way." in seen(client.get("/demo/no/"))

    share_all(now)
    choosing.refuse([browser.pk], SIGNALLED, "test", now)
    share_all(now)

    assert network.kinds() == ["join", "removal"]
    said = seen(client.get("/demo/no/"))
    assert "No Murmur Ads has to take you off its list. Acknowledged as murmur-2 , which we keep." in said
    assert "Murmur Ads" not in seen(Client().get("/demo/no/")).partition("Say no")[2].partition("Or let")[0]


def test_a_yes_that_was_taken_back_before_it_left_is_told_so(db, at, now, monkeypatch):
    network = connect(monkeypatch)
    browser, token = browsers.add(now)
    choosing.allow(browser.pk, SIGNALLED, "test", now)
    choosing.refuse([browser.pk], SIGNALLED, "test", now)
    share_all(now)

    assert network.heard == []
    assert [word.waits for word in partners.newest_words(token)] == ["It never left us: your no was there first."]


def share_all(now) -> None:
    for row_id in (
        Share.objects.filter(state="queued", due__lte=now).order_by("requested_at").values_list("pk", flat=True)
    ):
        handoff.deliver_share(row_id, now)


def test_the_page_of_four_browsers_has_a_line_for_a_terminal(words):
    assert "curl -sI -H 'Sec-GPC: 1' http" in words("/demo/no/signal/")


def test_nothing_is_broken_that_the_tour_does_not_know(words):
    words("/demo/break/everything/", {}, status=404)


@pytest.mark.usefixtures("_own_switches")
def test_outside_the_demo_nothing_can_be_broken_or_moved(settings):
    settings.DEMO = False

    for breaking in (breaks.install, lambda: breaks.press("stop"), lambda: breaks.mend("stop")):
        with pytest.raises(breaks.OutsideTheDemo):
            breaking()
    with pytest.raises(clock.NotMovable):
        clock.move(timedelta(hours=1))
    assert breaks.broken_now() == frozenset()


def test_outside_the_demo_its_addresses_do_not_exist():
    lines = "import django; django.setup(); from forecourt.run.urls import urlpatterns; print(urlpatterns)"
    variables = {"FORECOURT_DEMO": "0", "DJANGO_SETTINGS_MODULE": "forecourt.settings"}

    assert in_a_process(lines, variables).stdout.strip() == "[]"


def test_the_demo_refuses_to_answer_the_world():
    variables = {"FORECOURT_DEMO": "1", "FORECOURT_HOSTS": "www.wren.example"}

    assert (
        "the demo runs on this machine's own addresses only"
        in in_a_process("import forecourt.settings", variables).stderr
    )


def in_a_process(lines: str, variables: dict[str, str]) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", lines],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
