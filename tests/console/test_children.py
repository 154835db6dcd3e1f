"""A child's data at the desk: what a letter names is frozen, erased, or released by two."""

import html

import pytest

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import accounts
from forecourt.minors import reports
from forecourt.minors.models import Release
from forecourt.people import addresses, subjects
from forecourt.people.models import Contact

ADDRESS = "ada@example.com"


def written(desk, now, **more) -> Case:
    values = {"came_by": "letter", "received": f"{now:%Y-%m-%d}", "kind": "child-data", "site": "not-said"}
    page = desk.get("/staff/cases/new/")
    values |= {"words": "My daughter gave you her address.", "nonce": page.context["form"]["nonce"].value()} | more
    answer = desk.post("/staff/cases/new/", values)
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    return Case.objects.latest("opened_at")


def says(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def letter(desk, now):
    return written(desk, now)


def at(case: Case, step: str = "") -> str:
    return f"/staff/inquiry/{case.reference}/{step}"


def frozen(contact) -> bool:
    return Contact.objects.get(pk=contact.pk).frozen_at is not None


def test_what_a_letter_names_is_frozen_and_erased_and_the_screen_says_so(desk, ada, letter, now):
    assert "Nothing is frozen for this case yet" in says(desk.get(at(letter)))

    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})
    assert frozen(ada)
    assert "Frozen: 1 record" in says(desk.get(at(letter)))

    desk.post(at(letter, "child/deletion/"))
    assert subjects.is_erased(ada.pk)
    assert "Erased" in says(desk.get(at(letter)))


def test_a_case_with_something_frozen_is_not_closed_by_an_answer(desk, ada, letter):
    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})

    answer = desk.post(at(letter, "closing/"), {"outcome": "done"})

    assert answer.status_code == 409
    assert "A record is frozen for this case" in says(answer)
    letter.refresh_from_db()
    assert letter.closed_at is None


def test_nothing_is_erased_where_nothing_is_frozen(desk, letter):
    desk.post(at(letter, "child/freezing/"), {"address": "nobody@post.example"})

    answer = desk.post(at(letter, "child/deletion/"))

    assert (answer.status_code, "Nothing is frozen" in says(answer)) == (409, True)


def test_an_address_that_is_none_is_told_kindly(desk, letter):
    answer = desk.post(at(letter, "child/freezing/"), {"address": "x"})

    assert (answer.status_code, "Enter the email address" in says(answer)) == (409, True)


def test_only_whoever_has_the_case_decides(desk, ada, letter, now):
    cases.hand_over(letter, "desk-two2", by="desk-4f2k", now=now)

    for step in ("child/freezing/", "child/deletion/", "child/release/"):
        answer = desk.post(at(letter, step), {"address": ADDRESS, "seen": "answered"})
        assert answer.status_code == 403
    assert not frozen(ada)


def test_a_case_of_another_kind_takes_no_such_step(desk, ada, now):
    question = written(desk, now, kind="question")

    answer = desk.post(at(question, "child/freezing/"), {"address": ADDRESS})

    assert (answer.status_code, "Decide first" in says(answer)) == (409, True)
    assert not frozen(ada)


def test_one_says_that_it_is_no_childs_and_another_agrees(desk, ada, letter, now):
    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})
    desk.post(at(letter, "child/release/"), {"seen": "answered"})
    release = Release.objects.get()

    refused = desk.post(f"/staff/children/{release.pk}/agreement/")
    assert (refused.status_code, "Somebody else has to agree" in says(refused)) == (409, True)
    assert frozen(ada)

    reports.agree(release.pk, by=accounts.add("correct horse battery", handle="desk-two2"), now=now)
    assert not frozen(ada)
    assert "no child’s" in says(desk.get(at(letter)))


def test_the_list_shows_what_waits_for_a_second_person(desk, clerk, ada, letter, now):
    other = accounts.add("correct horse battery", handle="desk-two2")
    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})
    release = reports.ask_release(letter, Release.Seen.SHOWN, by=other, now=now)

    assert letter.reference in says(desk.get("/staff/children/"))
    desk.post(f"/staff/children/{release.pk}/agreement/")

    assert not frozen(ada)
    assert "None waits for a second word." in says(desk.get("/staff/children/"))


def test_a_letter_from_the_childs_own_address_is_not_read_and_still_erased(desk, ada, now):
    letter = written(desk, now, address=ADDRESS)
    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})

    page = desk.get(at(letter))

    assert page.status_code == 403
    assert "Freeze what is the child’s, then erase it" in says(page)
    assert "Erase it everywhere" in says(page)


def test_the_frozen_record_opens_for_nobody_at_the_desk(desk, ada, letter):
    desk.post(at(letter, "child/freezing/"), {"address": ADDRESS})

    answer = desk.get(f"/staff/contact/{ada.pk}/?case={letter.reference}")

    assert answer.status_code == 403
    assert ADDRESS not in says(answer)


def test_a_parents_signed_form_is_read_by_its_number(desk, clerk, db, now):
    import uuid

    from forecourt.minors import consents
    from forecourt.minors.models import Asking

    consents.ask(addresses.read("parent@post.example"), uuid.uuid4(), now)
    asking = Asking.objects.get()

    assert desk.post("/staff/children/form/", {"number": "3467-CDFG"}).status_code == 409
    assert desk.post("/staff/children/form/", {"number": asking.number.lower()}).status_code == 302
    asking.refresh_from_db()
    assert (asking.way, asking.read_by) == ("form", clerk)
