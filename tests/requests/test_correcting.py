"""To correct: new words here, new words at everybody who had the old ones, and no old list that brings them back."""

from dataclasses import replace
from datetime import timedelta

from forecourt.adapters import kept
from forecourt.consent import kept_noes, standing
from forecourt.consent.models import Channel, KeptNo
from forecourt.messaging import stops
from forecourt.people import contacts, vault
from forecourt.people.models import Contact, Sealed
from forecourt.requests import actions, corrections, jobs, moves
from forecourt.requests.models import Correction, Request
from forecourt.sharing.models import Lead
from tests.cast import ADA, BRUNO, CHEN, booked, work
from tests.requests.asking import code_in, codes_leave, shows, the_request, words, worked

NEW_NAME, NEW_ADDRESS = "Ada Brightwater-Lark", "ada.lark@post.example"


def corrects(client, desk: str, *, name: str = ADA.name, contact: str = ADA.contact):
    return client.post(desk, {"name": name, "contact": contact})


def lead_texts(dealer) -> list[str]:
    return [item.content.decode() for item in kept.all_kept(kept.Medium.LEAD)]


def test_the_form_shows_what_we_have_and_asks_for_no_more(drive, at):
    client, desk = shows("correct", at)
    page = client.get(desk).content.decode()

    assert f'value="{ADA.name}"' in page
    assert f'value="{ADA.contact}"' in page
    assert "postal_code" not in page, "we have none"


def test_a_new_name_stands_everywhere_and_the_old_one_is_gone(drive, dealer, at):
    client, desk = shows("correct", at)
    at.now += timedelta(minutes=1)
    page = corrects(client, desk, name=NEW_NAME)["Location"]
    worked(the_request("correct"), at)

    opened = vault.open_fields(
        drive.submission_id, ["user.name"], purpose="manage-own-booking", who="visitor", now=at.now
    )
    assert opened == {"user.name": NEW_NAME}
    assert Sealed.objects.filter(subject=drive.submission_id, field="user.name").count() == 1
    assert Sealed.objects.get(subject=drive.submission_id, field="user.name").source == "correction"
    assert NEW_NAME in lead_texts(dealer)[-1]
    assert dealer.name in words(client.get(page))


def test_it_is_answered_once_the_dealer_has_acknowledged_it_and_the_page_shows_the_receipt(drive, dealer, at):
    client, desk = shows("correct", at)
    page = corrects(client, desk, name=NEW_NAME)["Location"]
    request = the_request("correct")
    jobs.goes_on(request)
    assert "is being told" in words(client.get(page))

    worked(request, at)
    worked(request, at)

    assert request.answer == Request.Answer.CORRECTED
    lead = corrections.told(request)[0]
    assert lead.receipt.provider_id in words(client.get(page))
    assert set(lead.receipt.fields) >= {"user.name", "user.contact.email"}


def test_a_dealer_that_does_not_take_it_is_told_again_the_next_day(drive, dealer, at):
    client, desk = shows("correct", at)
    corrects(client, desk, name=NEW_NAME)
    request = the_request("correct")
    Lead.objects.filter(use="correction-dealer").update(state="failed")

    jobs.goes_on(request)
    assert Lead.objects.get(use="correction-dealer").state == "failed"
    at.now += corrections.AGAIN
    jobs.goes_on(request)

    assert Lead.objects.get(use="correction-dealer").state == "queued"
    assert request.is_open


def test_nothing_different_is_told_kindly(drive, at):
    client, desk = shows("correct", at)
    answer = corrects(client, desk)

    assert answer.status_code == 422
    assert "Nothing in it is different" in words(answer)
    assert not Request.objects.exists()


def test_who_left_all_messages_can_still_correct(drive, dealer, at):
    stops.withdraw(drive.contact, Channel.ALL, "all", method="phone", now=at.now)
    client, desk = shows("correct", at)
    corrects(client, desk, name=NEW_NAME)
    worked(the_request("correct"), at)

    assert NEW_NAME in lead_texts(dealer)[-1]


# A new address


def moves_to(at, address: str, new: str):
    client, desk = shows("correct", at, address)
    answer = corrects(
        client, desk, contact=new, name=next(one.name for one in (ADA, BRUNO, CHEN) if one.contact == address)
    )
    assert answer.status_code == 303, words(answer)
    codes_leave(at.now)
    return client.post(answer["Location"], {"code": code_in(contacts.read(new).text)})["Location"], client


def test_a_new_address_counts_once_its_code_came_back(drive, dealer, at):
    client, desk = shows("correct", at)
    code_page = corrects(client, desk, contact=NEW_ADDRESS)["Location"]
    codes_leave(at.now)
    assert contacts.find(contacts.read(ADA.contact)) == drive.contact, "not yet"

    desk = client.post(code_page, {"code": code_in(NEW_ADDRESS)})["Location"]
    page = client.get(desk)["Location"]
    for _ in range(3):
        request = worked(the_request("correct"), at)

    assert contacts.find(contacts.read(NEW_ADDRESS)) == drive.contact
    assert contacts.find(contacts.read(ADA.contact)) is None
    assert NEW_ADDRESS in lead_texts(dealer)[-1]
    assert request.answer == Request.Answer.CORRECTED
    assert "Corrected" in words(client.get(page))
    assert Contact.objects.exclude(erased_at=None).count() == 1, "the one that the code went to became this one"


def test_what_the_old_address_refused_stays_refused_for_whoever_has_it_next(drive, at):
    stops.withdraw(drive.contact, Channel.EMAIL, "type:event", method="link", now=at.now)
    desk, client = moves_to(at, ADA.contact, NEW_ADDRESS)
    client.get(desk)
    worked(the_request("correct"), at)

    assert "withdrew email type:event" in kept_noes.of(drive.contact_id)
    assert KeptNo.objects.get().noes == ["withdrew email type:event"]
    next_owner = contacts.find_or_add(contacts.read(ADA.contact), source="x", notice="2026-10-15", now=at.now)
    assert "withdrew email type:event" in kept_noes.of(next_owner.pk)


def test_what_the_new_address_had_refused_binds_its_owner_here(drive, at):
    new = contacts.find_or_add(contacts.read(NEW_ADDRESS), source="x", notice="2026-10-15", now=at.now)
    stops.withdraw(new, Channel.EMAIL, "type:event", method="link", now=at.now)

    desk, client = moves_to(at, ADA.contact, NEW_ADDRESS)
    client.get(desk)
    worked(the_request("correct"), at)

    assert "withdrew email type:event" in kept_noes.of(drive.contact_id)


def test_an_address_with_a_history_of_its_own_is_not_swallowed(drive, dealer, at):
    other = replace(ADA, contact=NEW_ADDRESS)
    booked(other, dealer, at.now)
    work(at.now)

    desk, client = moves_to(at, ADA.contact, NEW_ADDRESS)
    answer = client.get(desk)

    assert answer.status_code == 409
    assert "records of its own" in words(answer)
    worked(the_request("correct"), at)
    assert contacts.find(contacts.read(ADA.contact)) == drive.contact
    assert not Correction.objects.exists()


def test_a_code_that_never_comes_back_changes_nothing_and_the_request_says_so(drive, at):
    client, desk = shows("correct", at)
    corrects(client, desk, contact=NEW_ADDRESS)
    request = worked(the_request("correct"), at)
    assert request.is_open

    at.now += timedelta(hours=1)
    assert worked(request, at).answer == Request.Answer.UNPROVEN


def test_texts_to_a_new_phone_need_a_new_yes(dealer, at):
    drive = booked(CHEN, dealer, at.now)
    work(at.now)
    stands = {(one.channel, one.scope) for one in standing.of(drive.contact_id) if one.withdrew}
    assert ("text", "all") not in stands

    request = actions.open_request(Request.Kind.CORRECT, drive.contact_id, at.now, at.now)
    new = contacts.find_or_add(contacts.read("202-555-0143"), source="correction", notice="2026-10-15", now=at.now)
    moves.ask(request, new, at.now)
    worked(request, at)

    stands = {(one.channel, one.scope) for one in standing.of(drive.contact_id) if one.withdrew > one.granted}
    assert ("text", "all") in stands
    assert contacts.find(contacts.read("202-555-0143")) == drive.contact
