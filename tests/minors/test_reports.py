"""Somebody tells us that a child gave us data: it stands still at once, and then it goes, or is found to be no child's."""

import html
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from forecourt.cases.models import Case
from forecourt.console import accounts
from forecourt.inquiries import actions as inquiries
from forecourt.inquiries.models import Inquiry
from forecourt.messaging.models import Message
from forecourt.minors import reports, views
from forecourt.minors.models import Release, Report
from forecourt.people import contacts, erasing, subjects, vault
from forecourt.people.models import Contact, Opening
from forecourt.rights.erasure import actions as erasure
from forecourt.rights.erasure import holds
from forecourt.sharing import handoff
from forecourt.sharing.models import Lead
from tests.cast import ADA, BRUNO, booked, work

PARENT = "parent.of.ada@post.example"


def of(person) -> Contact:
    found = contacts.find(contacts.read(person.contact))
    assert found is not None
    return found


def opened(contact, now) -> dict[str, str]:
    return vault.open_fields(
        contact.pk, [contacts.FIELDS[contact.kind]], purpose="manage-own-booking", who="visitor", now=now
    )


def told() -> Inquiry:
    """The latest; reports of one moment are told apart by nothing."""
    return Inquiry.objects.select_related("case").latest("entered_at")


def somebody(handle: str) -> User:
    return accounts.add("correct horse battery", handle=handle)


@pytest.fixture
def reported(dealer, at, tell):
    """Ada booked; her address is reported before anything left."""
    booked(ADA, dealer, at.now)
    tell(ADA.contact)
    return told()


def test_a_report_gets_a_number_a_clock_and_a_page_without_a_cookie(tell, client, db):
    sent = tell(ADA.contact, contact=PARENT, words="She is eight.")
    page = html.unescape(client.get(sent["Location"]).content.decode())
    case = Case.objects.get()

    assert sent.status_code == 303
    assert not sent.cookies
    assert case.reference in page
    assert "She is eight." in page
    assert (case.kind, case.came_by) == ("child-data", "web")
    assert case.due_at - case.opened_at == timedelta(days=10)


def test_the_answer_does_not_tell_whether_we_hold_anything(dealer, at, tell, client):
    booked(ADA, dealer, at.now)
    known, unknown = tell(ADA.contact), tell(BRUNO.contact)

    pages = [html.unescape(client.get(sent["Location"]).content.decode()) for sent in (known, unknown)]
    references = list(
        Case.objects.filter(kind="child-data").order_by("opened_at", "pk").values_list("reference", flat=True)
    )
    plain = [page.replace(sent["Location"], "") for page, sent in zip(pages, (known, unknown), strict=True)]
    for reference in references:
        plain = [page.replace(reference, "") for page in plain]

    assert plain[0] == plain[1]
    assert contacts.find(contacts.read(BRUNO.contact)) is None


def test_the_record_stands_still_in_the_moment_of_the_report(reported, at):
    ada = of(ADA)

    work(at.now)

    assert ada.frozen_at == at.now
    assert opened(ada, at.now) == {}
    assert set(Message.objects.filter(contact=ada).values_list("state", "reason")) == {("refused", "frozen")}
    assert set(Lead.objects.values_list("state", "reason")) == {("refused", "frozen")}
    assert not Opening.objects.filter(subject=ada.pk, who="check").exists()


def test_the_name_that_came_with_a_booking_stands_still_too(reported, at):
    submission = next(iter(erasing.keys_of([of(ADA).pk])))

    assert vault.open_fields(submission, ["user.name"], purpose="manage-own-booking", who="visitor", now=at.now) == {}


def test_a_report_that_fails_freezes_nothing_and_leaves_no_case(dealer, at, tell, monkeypatch):
    booked(ADA, dealer, at.now)

    def breaks(*args, **kwargs):
        raise RuntimeError("the machine stopped")

    monkeypatch.setattr("forecourt.people.freezing.freeze", breaks)
    with pytest.raises(RuntimeError):
        tell(ADA.contact)

    assert of(ADA).frozen_at is None
    assert not Case.objects.exists()


def test_it_is_erased_everywhere_with_receipts_and_the_case_says_so(dealer, at, tell):
    booked(ADA, dealer, at.now)
    work(at.now)
    ada = of(ADA)
    tell(ADA.contact, contact=PARENT)
    inquiry = told()

    done = reports.erase(inquiry, at.now)
    for one in erasure.told(done):
        handoff.deliver_share(one.row.pk, at.now)

    assert done.done_at == at.now
    assert subjects.is_erased(ada.pk)
    assert contacts.find(contacts.read(ADA.contact)) is None
    assert [one.acknowledged for one in erasure.told(done)] == [at.now]
    inquiry.case.refresh_from_db()
    assert inquiry.case.outcome == "child-erased"
    assert contacts.find(contacts.read(PARENT)) is not None


def test_erasing_twice_is_erasing_once(reported, at):
    first = reports.erase(reported, at.now)

    assert reports.erase(reported, at.now) == first


def test_a_hold_of_two_people_makes_it_wait_frozen_and_then_it_goes(reported, at):
    ada, ends = of(ADA), at.now + timedelta(days=7)
    one, other = somebody("desk-one1"), somebody("desk-two2")
    hold = holds.ask(ada.pk, case=reported.case.reference, ground="safety", until=ends, by=one, now=at.now)
    with pytest.raises(holds.NotAllowed):
        holds.approve(hold.pk, by=one, now=at.now)
    holds.approve(hold.pk, by=other, now=at.now)

    waits = reports.erase(reported, at.now)
    assert waits.done_at is None
    assert opened(ada, at.now) == {}
    assert reports.finish_all(at.now) == 0

    erasure.go_on(ends)
    assert reports.finish_all(ends) == 1
    assert subjects.is_erased(ada.pk)


def test_the_desk_cannot_ask_for_a_hold_of_nobody(tell, db):
    tell(BRUNO.contact)

    assert reports.of(told().case).contacts == []
    assert reports.erase(told(), told().case.opened_at) is None


def test_no_childs_record_comes_back_when_two_people_say_so(reported, at):
    one, other = somebody("desk-one1"), somebody("desk-two2")
    release = reports.ask_release(reported.case, Release.Seen.ANSWERED, by=one, now=at.now)

    with pytest.raises(reports.NotNow, match="Somebody else"):
        reports.agree(release.pk, by=one, now=at.now)
    assert of(ADA).frozen_at

    reports.agree(release.pk, by=other, now=at.now)
    assert of(ADA).frozen_at is None
    assert opened(of(ADA), at.now) == {"user.contact.email": ADA.address}
    reported.case.refresh_from_db()
    assert reported.case.outcome == "no-child"


def test_the_database_holds_two_people_to_it(reported, at):
    one = somebody("desk-one1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(
            report=reports.of(reported.case),
            seen="answered",
            asked_by=one,
            asked_at=at.now,
            agreed_by=one,
            agreed_at=at.now,
        )


@pytest.mark.parametrize(("days", "frozen"), [(1, False), (364, False), (366, True)])
def test_a_record_that_was_no_childs_is_not_frozen_again_by_a_form_for_a_year(reported, at, tell, days, frozen):
    release = reports.ask_release(reported.case, Release.Seen.SHOWN, by=somebody("desk-one1"), now=at.now)
    reports.agree(release.pk, by=somebody("desk-two2"), now=at.now)

    at.now += timedelta(days=days)
    tell(ADA.contact)

    assert (of(ADA).frozen_at is not None) == frozen
    report = Report.objects.get(case=told().case)
    assert (report.to_look_at == [of(ADA).pk]) != frozen


def test_a_person_who_looked_freezes_it_all_the_same(reported, at, tell):
    release = reports.ask_release(reported.case, Release.Seen.SHOWN, by=somebody("desk-one1"), now=at.now)
    reports.agree(release.pk, by=somebody("desk-two2"), now=at.now)
    tell(ADA.contact)

    reports.freeze(told().case, [contacts.read(ADA.contact)], at.now, looked=True)

    assert of(ADA).frozen_at
    assert Report.objects.get(case=told().case).to_look_at == []


def test_what_another_report_froze_as_well_stays_frozen(reported, at, tell):
    tell(ADA.contact)
    release = reports.ask_release(reported.case, Release.Seen.TAKEN_BACK, by=somebody("desk-one1"), now=at.now)

    reports.agree(release.pk, by=somebody("desk-two2"), now=at.now)

    assert of(ADA).frozen_at


def test_what_is_being_erased_is_not_released(reported, at):
    erasure.ask([of(ADA).pk], case=reported.case.reference, reason=reports.REASON, now=at.now)

    with pytest.raises(reports.NotNow, match="being erased"):
        reports.ask_release(reported.case, Release.Seen.ANSWERED, by=somebody("desk-one1"), now=at.now)


# The form


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"child": ""}, "that the child gave us"),
        ({"child": "nobody"}, "email address"),
        ({"told_by": ""}, "Choose one of the three"),
        ({"born": "2013-12-01"}, "13 or older now"),
        ({"born": "2027-01-01"}, "still to come"),
        ({"born": "yesterday"}, "2016-05-30"),
        ({"contact": "nobody"}, "email address"),
        ({"vin": "1"}, "vin"),
    ],
)
def test_bad_input_is_told_kindly_and_loses_nothing(tell, more, says):
    sent = tell(**({"child": ADA.contact, "words": "She is eight."} | more))
    page = html.unescape(sent.content.decode())

    assert sent.status_code == 422
    assert says in page
    assert "She is eight." in page
    assert not Case.objects.exists()


def test_a_birthday_is_looked_at_and_not_kept(tell):
    assert tell(ADA.contact, born="2013-12-02").status_code == 303

    assert "2013" not in str(list(Report.objects.values())) + str(list(Inquiry.objects.values()))


def test_the_childs_own_address_is_never_written_to(dealer, at, tell):
    booked(ADA, dealer, at.now)
    before = Message.objects.count()

    tell(ADA.contact, contact=ADA.contact)

    assert told().contact is None
    assert Message.objects.count() == before


def test_a_child_may_report_itself(tell, client):
    client.cookies["age"] = "under-13"

    assert tell(ADA.contact, told_by="child").status_code == 303


def test_pressing_twice_is_one_report(at, tell):
    from forecourt.web import forms

    nonce = forms.new_nonce("child-report", at.now)
    tell(ADA.contact, nonce=nonce)
    tell(ADA.contact, nonce=nonce)

    assert Case.objects.count() == 1


def test_a_machine_that_reports_by_the_dozen_is_slowed_down(tell):
    answers = [tell(f"child{number}@post.example").status_code for number in range(views.reporting.most + 1)]

    assert answers[-1] == 429
    assert set(answers[:-1]) == {303}


def test_the_parents_page_is_the_same_for_everybody_and_leads_to_the_form(client, db, at):
    page = client.get("/privacy/children/")

    assert "/privacy/children/report/" in page.content.decode()
    assert not page.cookies


def test_an_inquiry_by_number_is_what_it_was(reported):
    assert inquiries.by_reference(reported.case.reference) == reported
