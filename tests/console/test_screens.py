import uuid
from datetime import timedelta

import pytest

from forecourt.cases.models import Case
from forecourt.consent import ledger, wordings
from forecourt.consent.models import Evidence
from forecourt.console import actions, figures, find, words
from forecourt.console.models import ProviderAnswer
from forecourt.messaging.models import Message
from forecourt.people import vault
from forecourt.people.models import Opening
from forecourt.policy.decide import Stand
from forecourt.sharing.models import Lead, Receipt, Recipient, Share


def look(desk, ada, clerk, now, **extra) -> str:
    case = actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)
    return desk.get(f"/staff/contact/{ada.pk}/", {"case": case.reference, **extra}).content.decode()


def message(contact, now, *, state="left", channel="email", use="test-drive-reminder-email", reason="") -> Message:
    number = uuid.uuid4()
    return Message.objects.create(
        id=number, contact=contact, channel=channel, use=use, body=vault.seal_text(contact.pk, "message.body", number, "{}"),
        link_digest=number.bytes, state=state, reason=reason, queued_at=now, due=now,
        permit=uuid.uuid4() if state == "unknown" else None,
    )  # fmt: skip


def lead(contact, now, *, state="unknown", reason="", detail="") -> Lead:
    from forecourt.people import subjects
    from forecourt.people.models import Subject

    dealer, _ = Recipient.objects.get_or_create(
        code="wren-of-bend",
        defaults={"kind": "dealer", "name": "Wren of Bend", "endpoint": "https://bend.example/leads"},
    )
    return Lead.objects.create(
        contact=contact, submission=subjects.add(Subject.Kind.SUBMISSION, now), interaction=f"interaction:{uuid.uuid4()}",
        interaction_type="test-drive", use="test-drive-lead", recipient=dealer, chosen=dealer.code, model_year=2027,
        model_name="Pipit", wish="A test drive", state=state, reason=reason, detail=detail, requested_at=now, due=now,
        permit=uuid.uuid4() if state == "unknown" else None,
    )  # fmt: skip


def test_the_box_finds_an_address_and_asks_for_a_case(desk, ada):
    page = desk.post("/staff/find/", {"typed": "ADA@example.com"}, follow=True)

    assert page.status_code == 403
    assert "Nobody may look without an open case for this person." in page.content.decode()
    assert "ada@example.com" not in page.content.decode()


@pytest.mark.parametrize("spelling", ["{}", "interaction:{}"])
def test_the_box_finds_the_person_behind_a_message_or_lead(ada, now, spelling):
    for thing in (message(ada, now), lead(ada, now)):
        assert find.find(spelling.format(thing.pk)).contact == ada


def test_the_box_finds_a_case_however_it_is_read_out(desk, ada, clerk, now):
    case = actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)
    typed = case.reference.replace("-", " ").lower()

    assert desk.post("/staff/find/", {"typed": typed}).headers["Location"] == f"/staff/case/{case.reference}/"


def test_an_address_that_we_do_not_hold_can_be_stopped_from_there(desk):
    page = desk.post("/staff/find/", {"typed": "new@example.com"})

    assert page.status_code == 404
    assert "Stop everything for it" in page.content.decode()


def test_what_is_no_address_is_answered_with_what_can_be_found(desk):
    page = desk.post("/staff/find/", {"typed": "Ada Lovelace"})

    assert page.status_code == 400
    assert "eight letters and figures" in page.content.decode()


def test_opening_a_case_shows_the_address_and_logs_who_looked(desk, ada):
    page = desk.post(
        f"/staff/contact/{ada.pk}/case/", {"kind": "question", "came_by": "phone"}, follow=True
    ).content.decode()

    case = Case.objects.get()
    opening = Opening.objects.get(subject=ada.pk, who="desk-4f2k")
    assert "ada@example.com" in page
    assert (opening.case, opening.purpose, opening.fields) == (
        case.reference,
        "staff-case-read",
        ["user.contact.email"],
    )


def test_a_case_about_somebody_else_opens_nobody(desk, ada, clerk, now):
    from forecourt.people import contacts

    other = contacts.find_or_add(contacts.read("503-555-0148"), source="test", notice="x", now=now)
    case = actions.open_case(other, Case.Kind.QUESTION, "phone", by=clerk, now=now)

    page = desk.get(f"/staff/contact/{ada.pk}/?case={case.reference}")

    assert page.status_code == 403
    assert not Opening.objects.filter(subject=ada.pk).exists()


def test_a_closed_case_opens_nobody(desk, ada, clerk, now):
    case = actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now)
    desk.post(f"/staff/case/{case.reference}/closing/")

    assert desk.get(f"/staff/contact/{ada.pk}/?case={case.reference}").status_code == 403


def test_a_persons_page_tells_the_whole_story_in_words(desk, ada, clerk, now):
    wording = wordings.keep("Email me about this test drive.", now)
    ledger.record(
        ada.pk, "granted", "text", "type:test-drive", method="form", now=now, policy_version="x", wording=wording
    )
    ledger.record(ada.pk, "withdrew", "all", "all", method="phone", by="desk-4f2k", now=now, policy_version="x")
    message(ada, now, state="refused", reason="withdrawn")
    lead(ada, now, state="waiting", reason="contract-term-missing", detail="our-checks")

    page = look(desk, ada, clerk, now)

    assert "Texts about test drives: said yes" in page
    assert "Emails, texts, letters, app messages and calls of every kind: said no" in page
    assert "“Email me about this test drive.”" in page
    assert "You told us to stop these messages." in page
    assert "contract lacks a required term. (our-checks)" in page
    assert "Wren of Bend" in page


def test_tables_sort_by_links(desk, ada, clerk, now):
    message(ada, now, channel="email")
    message(ada, now + timedelta(minutes=1), channel="text", use="test-drive-reminder-text")

    page = look(desk, ada, clerk, now, messages="channel")
    rows = page[page.index('id="messages"') : page.index('id="drives"')]

    assert rows.index("<td>email") < rows.index("<td>text")
    assert 'aria-sort="ascending"' in rows
    assert "messages=-channel" in rows


def test_an_order_that_no_column_has_is_ignored(desk, ada, clerk, now):
    assert "ada@example.com" in look(desk, ada, clerk, now, messages="contact__index")


def test_unknown_outcomes_are_listed_and_never_sent_again(desk, ada, now):
    lost = message(ada, now, state="unknown")

    page = desk.get("/staff/work/").content.decode()

    assert str(lost.pk) in page
    assert "Nothing here is sent again by itself." in page


@pytest.mark.parametrize(("said", "state"), [("yes", "left"), ("no", "failed")])
def test_what_the_provider_said_settles_a_message(desk, ada, now, said, state):
    lost = message(ada, now, state="unknown")

    desk.post(f"/staff/work/message/{lost.pk}/", {"left": said, "reference": "T-81"})

    lost.refresh_from_db()
    answer = ProviderAnswer.objects.get()
    assert lost.state == state
    assert (answer.about, answer.left, answer.reference, answer.by) == (lost.pk, said == "yes", "T-81", "desk-4f2k")


def test_a_lead_that_did_leave_gets_its_receipt(desk, ada, now):
    lost = lead(ada, now)

    desk.post(f"/staff/work/lead/{lost.pk}/", {"left": "yes"})

    assert "user.contact.email" in Receipt.objects.get(lead=lost).fields


def test_an_answer_is_recorded_once(desk, ada, now):
    lost = message(ada, now, state="unknown")
    desk.post(f"/staff/work/message/{lost.pk}/", {"left": "no"})

    again = desk.post(f"/staff/work/message/{lost.pk}/", {"left": "yes"})

    assert again.status_code == 409
    assert "Somebody else may have recorded it" in again.content.decode()
    assert ProviderAnswer.objects.get().left is False


def test_overdue_cases_and_figures_stand_on_the_first_screen(desk, ada, clerk, now):
    actions.open_case(ada, Case.Kind.QUESTION, "phone", by=clerk, now=now - timedelta(days=30))
    late = message(ada, now - timedelta(minutes=7), state="queued")

    page = desk.get("/staff/").content.decode()

    assert "Overdue cases" in page
    assert "7\u00a0min" in page
    assert late.reason == ""


def test_a_check_from_before_the_demos_clock_went_back_is_not_the_last_that_ran(db, now):
    def looked(at):
        Evidence.objects.create(
            promise="P-3F-5",
            probe="p",
            outcome="green",
            at=at,
            expires=at,
            revision="r",
            signature="s",
            policy_version="1",
        )

    looked(now + timedelta(days=2))
    assert figures.read(now).probe is None

    looked(now - timedelta(minutes=3))
    assert figures.read(now).probe == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("stand", "said", "no"),
    [
        (Stand("text", "all", granted=3, stopped=2), "replied STOP", True),
        (Stand("text", "all", stopped=2, started=4), "replied START", False),
        (Stand("text", "all", wrong_number=5, started=4), "said that the number is not theirs", True),
        (Stand("email", "all", granted=3, withdrew=4), "said no", True),
        (Stand("email", "all", granted=5, withdrew=4), "said yes", False),
    ],
)
def test_standing_reads_as_the_door_decides(stand, said, no):
    assert (words.standing(stand).said, words.standing(stand).no) == (said, no)


@pytest.mark.parametrize(
    ("wider", "no"),
    [
        (Stand("text", "type:test-drive", stopped=1), True),
        (Stand("text", "type:test-drive", stopped=3, started=4), False),
        (Stand("all", "all", withdrew=3), True),
        (Stand("all", "all", withdrew=1), False),
        (Stand("text", "type:event", stopped=3), False),
        (Stand("email", "all", withdrew=3), False),
    ],
)
def test_a_yes_for_one_booking_says_when_a_wider_no_covers_it(wider, no):
    yes = Stand("text", "interaction:1", granted=2)

    row = next(
        row for row in words.standings([yes, wider], {"interaction:1": "test-drive"}) if row.scope == "about booking 1"
    )

    assert row.no is no


def test_a_reference_is_spelled_for_a_bad_line():
    assert words.spelled("CF3H-9KMN") == ["Charlie", "Foxtrot", "three", "Hotel", "nine", "Kilo", "Mike", "November"]


def share(contact, now, *, state="unknown", kind="join", reason="") -> Share:
    from forecourt.sharing import recipients

    return Share.objects.create(
        contact=contact, kind=kind, use="murmur-audience", recipient=recipients.of_policy("murmur", now), state=state,
        reason=reason, requested_at=now, due=now, permit=uuid.uuid4() if state == "unknown" else None,
    )  # fmt: skip


def test_word_to_partners_stands_on_the_desk_as_leads_do(desk, ada, clerk, now):
    unknown = share(ada, now)
    share(ada, now, state="waiting", reason="contract-expired")

    page = desk.get("/staff/work/").content.decode()
    assert str(unknown.pk) in page
    assert "The contract with this recipient has ended." in page or "contract" in page
    assert figures.read(now).unknown == 1
    assert figures.read(now).waiting_shares == 1

    desk.post(f"/staff/work/share/{unknown.pk}/", {"left": "yes", "reference": "M-1"})
    assert Receipt.objects.get(share=unknown).provider_id == "as the recipient says"
    story = look(desk, ada, clerk, now)
    assert "counts them among those who see our ads" in story
    assert find.find(str(unknown.pk)).contact == ada


def test_a_no_that_nobody_acknowledged_is_listed_overdue_first_and_said_again(desk, ada, now, at):
    late = share(ada, now - timedelta(days=40), kind="removal", state="failed", reason="rejected http-400")
    new = share(ada, now, kind="notice")

    page = desk.get("/staff/noes/").content.decode()
    assert page.index(str(late.pk)) < page.index(str(new.pk))
    assert page.count("overdue</strong>") == 1
    assert (figures.read(now).untold_noes, figures.read(now).overdue_noes) == (2, 1)
    assert figures.read(now).unknown == 0, "it is said again by itself, so nobody has to ask what became of it"

    desk.post(f"/staff/noes/share/{late.pk}/")
    late.refresh_from_db()
    assert late.state == "queued"


def test_a_browser_has_no_page_of_its_own(desk, now):
    from forecourt.people import browsers

    browser, _ = browsers.add(now)

    assert desk.get(f"/staff/contact/{browser.pk}/").status_code == 404
    assert find.find(str(share(browser, now).pk)).contact is None
