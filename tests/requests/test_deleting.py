"""To delete: said once more, acknowledged, then gone; the page of the request is the receipt."""

from forecourt.interactions.models import TestDrive
from forecourt.people import contacts
from forecourt.people.models import Contact, Sealed
from forecourt.requests.models import Pass, Request
from forecourt.rights.models import Erasure
from tests.accounts.at_home import letter
from tests.cast import ADA
from tests.requests.asking import shows, the_request, words, worked


def test_the_code_alone_deletes_nothing(drive, at):
    client, desk = shows("delete", at)

    assert "Test drives 1" in words(client.get(desk))
    client.post(desk)
    assert not Request.objects.exists()
    assert TestDrive.objects.exists()


def test_whoever_says_so_is_told_that_it_begins_and_then_nothing_is_left_but_the_record(drive, at):
    client, desk = shows("delete", at)
    page = client.post(desk, {"sure": "yes"})["Location"]
    assert "We have it" in words(client.get(page))

    request = worked(the_request("delete"), at)

    assert "begin to delete now" in letter(ADA.contact)
    assert contacts.find(contacts.read(ADA.contact)) is None
    assert not TestDrive.objects.exists()
    assert not Sealed.objects.exists()
    assert not Pass.objects.exists()
    assert Contact.objects.get().erased_at
    receipt = words(client.get(page))
    assert {"Deleted", "What is gone", request.case.reference} <= {
        said for said in ("Deleted", "What is gone", request.case.reference) if said in receipt
    }
    assert request.answer == Request.Answer.DELETED
    assert Erasure.objects.get().case == request.case.reference
    assert f"{Erasure.objects.get().keys} destroyed" in receipt


def test_the_record_says_when_and_how_and_leads_to_nobody(drive, at):
    client, desk = shows("delete", at)
    client.post(desk, {"sure": "yes"})
    request = worked(the_request("delete"), at)

    assert (request.received_at, request.answered_at) == (at.now, at.now)
    assert request.case.outcome == "deleted"
    assert Contact.objects.get(pk=request.contact).erased_at == at.now
    assert client.get(desk).status_code == 404


def test_an_account_deletes_itself_after_showing_again_who_it_is(home, ada, drive, at):
    page = home.post("/account/requests/delete/", {"sure": "yes"})["Location"]
    worked(the_request("delete"), at)

    assert home.get("/account/").status_code == 401
    assert "Deleted" in words(home.get(page))
