"""Claims at the desk: the list, one claim with its document, and the one press that answers it."""

import html

import pytest

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.people import subjects
from forecourt.people.models import Opening
from forecourt.programs import claims
from forecourt.programs.documents import JPEG, PDF, Shown, read
from forecourt.programs.models import Claim


@pytest.fixture
def claim(db, now):
    from tests.programs.sending import wish

    return mine(claims.make(wish("military", now), now), now)


def mine(claim: Claim, now) -> Claim:
    """The clerk took it."""
    cases.take(claim.case, "desk-4f2k", now)
    return claim


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def address(claim: Claim, more: str = "") -> str:
    return f"/staff/claims/{claim.case.reference}/{more}"


def test_the_list_shows_what_waits_and_nothing_that_was_shown_to_us(desk, claim):
    page = text(desk.get("/staff/claims/"))

    assert claim.case.reference in page
    assert "Ada" not in page
    assert not Opening.objects.filter(who="desk-4f2k").exists()


def test_looking_is_written_down_and_the_document_may_do_nothing(desk, claim):
    page, document = desk.get(address(claim)), desk.get(address(claim, "document/"))

    assert "Ada Brightwater" in text(page)
    assert "ada.brightwater@post.example" in text(page)
    assert document["Content-Type"] == PDF
    assert "default-src 'none'" in document["Content-Security-Policy"]
    assert document["X-Content-Type-Options"] == "nosniff"
    assert document["Cache-Control"] == "no-store"
    assert document["Content-Disposition"] == f'inline; filename="{claim.case.reference}"'
    looked = Opening.objects.filter(who="desk-4f2k", case=claim.case.reference, purpose="military-claim-read")
    assert set(looked.values_list("subject", flat=True)) == {claim.submission_id, claim.contact_id, claim.document.pk}


def test_a_photo_is_shown_in_the_page_and_in_a_sandbox(desk, db, now):
    from dataclasses import replace

    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.programs.sending import photo, wish

    shown = read(SimpleUploadedFile("x", photo()))
    claim = mine(claims.make(replace(wish("diplomatic", now), shown=Shown(JPEG, shown.content)), now), now)

    assert "<img" in text(desk.get(address(claim)))
    assert desk.get(address(claim, "document/"))["Content-Security-Policy"].endswith("sandbox")


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_press_answers_it_and_destroys_what_was_shown(desk, claim, answer):
    keys = [claim.submission_id, claim.document.pk]

    after = desk.post(address(claim, "answer/"), {"answer": answer}, follow=True)

    assert "is destroyed" in text(after)
    assert "Ada" not in text(after)
    assert all(map(subjects.is_erased, keys))
    assert desk.get(address(claim, "document/")).status_code in (403, 404)


def test_whoever_answers_second_is_told_that_the_first_answer_stands(desk, claim, now):
    claims.answer(claim, True, now)

    late = desk.post(address(claim, "answer/"), {"answer": "no"})

    assert late.status_code == 409
    assert "The first answer stands" in text(late)
    claim.refresh_from_db()
    assert claim.answer == "yes"


def test_an_answer_that_is_neither_changes_nothing(desk, claim):
    assert desk.post(address(claim, "answer/"), {"answer": "perhaps"}).status_code == 400
    claim.refresh_from_db()
    assert claim.is_open


def test_a_claims_case_ends_with_its_answer_and_with_nothing_else(desk, claim):
    case = f"/staff/case/{claim.case.reference}/"

    assert "Look at the claim" in text(desk.get(case))
    desk.post(f"{case}closing/")
    claim.case.refresh_from_db()
    assert claim.case.closed_at is None


def test_nobody_opens_a_claim_case_by_hand(desk, ada):
    assert 'value="claim"' not in text(desk.get(f"/staff/contact/{ada.pk}/"))
    answer = desk.post(f"/staff/contact/{ada.pk}/case/", {"kind": "claim", "came_by": "phone"})
    assert answer.status_code == 403
    assert not Case.objects.filter(contact=ada.pk).exists()


def test_a_mobility_claim_shows_where_the_check_goes(desk, db, now):
    from tests.programs.sending import wish

    claim = mine(claims.make(wish("mobility", now), now), now)
    page = text(desk.get(address(claim)))

    assert "Hand controls" in page
    assert "9 Teasel Row" in page
    assert "Write the check first" in page
