"""Ada booked, wrote, was written to, had an account and a form that remembers her. Then she asks to be erased."""

import json
from datetime import timedelta

import pytest

from forecourt.accounts import signing_in
from forecourt.accounts.models import Account
from forecourt.adapters import kept, keystore
from forecourt.consent import kept_noes, switches
from forecourt.consent.choices import Answer
from forecourt.consent.models import Channel, Entry, KeptNo
from forecourt.interactions.models import Hold, TestDrive
from forecourt.messaging import jobs as messages
from forecourt.messaging import stops
from forecourt.messaging.models import Message
from forecourt.people import browsers, contacts, erasing, memory
from forecourt.people.models import Contact, Link, Memory, Sealed, Subject
from forecourt.policy.policy import Switch
from forecourt.proof import audits
from forecourt.rights import choosing
from forecourt.rights.erasure.actions import ask, carry_out, erase, go_on
from forecourt.rights.models import Erasure
from forecourt.sharing import handoff, optouts
from forecourt.sharing import jobs as shares
from forecourt.sharing.models import Lead, Receipt, Share
from tests.cast import ADA, BRUNO, CHEN, booked, first_slot, work
from tests.sharing.network import connect

NOTICE = "2026-10-15"


def erased(contact, now) -> Erasure:
    return erase([contact.pk], case="3467-CDFG", reason="asked", now=now)


def of(person) -> Contact:
    found = contacts.find(contacts.read(person.contact))
    assert found is not None
    return found


def remember(person, now):
    typed = {"user.name": person.name, contacts.FIELDS[of(person).kind]: person.address}
    return memory.remember(typed, lasts=timedelta(days=180), notice=NOTICE, now=now)


def test_nothing_finds_somebody_who_was_erased_and_nothing_of_theirs_opens(dealer, at):
    drive = booked(ADA, dealer, at.now)
    work(at.now)
    remember(ADA, at.now)
    ada, keys = of(ADA), erasing.keys_of([of(ADA).pk])

    receipt = erased(ada, at.now)

    assert contacts.find(contacts.read(ADA.contact)) is None
    for model in (TestDrive, Hold, Message, Memory, Sealed):
        assert not model.objects.exists(), model
    for key in {*keys, ada.pk, drive.submission_id}:
        with pytest.raises(keystore.KeyDestroyed):
            keystore.get(key)
    assert receipt.removed["interactions.TestDrive"] == 1
    assert receipt.keys == len(keys) + 1


def test_what_left_keeps_its_receipt_on_a_row_without_words(dealer, at):
    booked(ADA, dealer, at.now)
    work(at.now)
    lead = Lead.objects.get()

    erased(of(ADA), at.now)

    left = Lead.objects.get()
    assert Receipt.objects.get().lead == left == lead
    assert (left.model_name, left.wish, left.model_year) == ("", "", 0)
    assert Subject.objects.count() == 2  # the place in the ledger, and what the lead hangs on


def test_whoever_got_something_is_told_to_erase_it_by_its_number_and_answers(dealer, at):
    booked(ADA, dealer, at.now)
    work(at.now)
    lead = Lead.objects.get()
    assert kept.kept_about(str(lead.pk))

    receipt = erased(of(ADA), at.now)
    notice = Share.objects.get(kind="erasure")
    handoff.deliver_share(notice.pk, at.now)

    [order] = kept.kept_about(str(notice.pk))
    assert json.loads(order.content) == {"erase": [str(lead.pk)]}
    assert not kept.kept_about(str(lead.pk))
    [told] = optouts.progress(receipt.contacts)
    assert (told.recipient, told.acknowledged is not None) == (dealer.name, True)
    assert Receipt.objects.get(share=notice).fields == ["choice.erasure", "user.unique_id.pseudonymous"]
    assert audits.audit().findings == ()


def test_whoever_does_not_answer_is_told_again_and_stands_on_the_list(dealer, at):
    booked(ADA, dealer, at.now)
    work(at.now)
    erased(of(ADA), at.now)
    Share.objects.update(state="failed")

    assert [one.recipient for one in optouts.missing(at.now)] == [dealer.name]
    assert optouts.remind(at.now) == 1
    assert handoff.deliver_share(Share.objects.get().pk, at.now).state == "left"


def test_a_network_erases_whoever_it_was_told_of(db, at, monkeypatch):
    network = connect(monkeypatch)
    ada = contacts.find_or_add(contacts.read(ADA.contact), source="test", notice=NOTICE, now=at.now)
    choosing.allow(ada.pk, [Switch.SALE, Switch.ADS], "test", at.now)
    joined = Share.objects.get()
    handoff.deliver_share(joined.pk, at.now)

    erased(ada, at.now)
    handoff.deliver_share(Share.objects.get(kind="erasure").pk, at.now)

    told = network.heard[-1]
    assert (told.kind, told.by, told.address, told.about) == ("erasure", "", "", (str(joined.pk),))
    assert audits.audit().findings == ()


def test_what_never_left_goes_whole(dealer, at):
    booked(ADA, dealer, at.now)

    erased(of(ADA), at.now)

    assert not Lead.objects.exists()
    assert not Message.objects.exists()


def test_the_jobs_of_what_never_left_find_nothing_and_say_nothing(dealer, at):
    booked(ADA, dealer, at.now)
    message, lead = Message.objects.get(), Lead.objects.get()

    erased(of(ADA), at.now)

    messages.deliver(str(message.pk))
    shares.deliver(str(lead.pk))

    assert not Message.objects.exists()
    assert not Lead.objects.exists()


def test_others_keep_everything(dealer, at):
    booked(ADA, dealer, at.now)
    booked(BRUNO, dealer, at.now, first_slot(dealer, at.now, 6))
    sealed = set(Sealed.objects.filter(subject=of(BRUNO).pk).values_list("pk", flat=True))

    erased(of(ADA), at.now)

    assert contacts.address_of(of(BRUNO), purpose="manage-own-booking", who="visitor", now=at.now).text == BRUNO.address
    assert set(Sealed.objects.filter(subject=of(BRUNO).pk).values_list("pk", flat=True)) == sealed
    assert TestDrive.objects.get().contact == of(BRUNO)


def test_the_account_goes_too(db, at):
    contact = contacts.find_or_add(contacts.read(ADA.contact), source="account", notice=NOTICE, now=at.now)
    signing_in.open_account(contact, NOTICE, at.now)

    receipt = erased(contact, at.now)

    assert not Account.objects.exists()
    assert receipt.removed["accounts.Account"] == 1


def test_asking_twice_is_asking_once(dealer, at):
    booked(ADA, dealer, at.now)
    ada = of(ADA)

    first = erased(ada, at.now)
    again = erased(ada, at.now + timedelta(hours=1))

    assert (again.pk, again.done_at, again.removed) == (first.pk, first.done_at, first.removed)


def test_from_the_moment_of_asking_nothing_uses_what_is_to_be_erased(dealer, at):
    booked(ADA, dealer, at.now)

    ask([of(ADA).pk], case="3467-CDFG", reason="asked", now=at.now)
    work(at.now)

    assert set(Message.objects.values_list("state", "reason")) == {("refused", "frozen")}
    assert set(Lead.objects.values_list("state", "reason")) == {("refused", "frozen")}


def test_what_was_broken_off_is_gone_on_with(dealer, at, monkeypatch):
    booked(ADA, dealer, at.now)
    ada = of(ADA)
    with monkeypatch.context() as broken:
        broken.setattr(erasing, "remove_all", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erased(ada, at.now)
    assert TestDrive.objects.exists()

    assert go_on(at.now) == 1

    assert not TestDrive.objects.exists()
    assert carry_out(Erasure.objects.get(), at.now).done_at == at.now
    assert go_on(at.now) == 0


def test_somebody_who_opted_out_leaves_one_row_and_stays_opted_out_when_the_address_comes_back(dealer, at):
    booked(CHEN, dealer, at.now)
    chen = of(CHEN)
    choosing.refuse([chen.pk], [Switch.SALE], "choices-page", at.now)
    stops.withdraw(chen, Channel.ALL, "all", method="phone-call", now=at.now)

    receipt = erased(chen, at.now)
    kept = KeptNo.objects.get()
    assert (receipt.kept_noes, kept.at) == (1, at.now)

    booked(CHEN, dealer, at.now, first_slot(dealer, at.now, 6))

    assert of(CHEN) != chen
    assert switches.of(of(CHEN).pk).answers[Switch.SALE] is Answer.NO
    assert "withdrew all all" in kept_noes.of(of(CHEN).pk)
    assert not KeptNo.objects.exists()


def test_what_was_refused_for_one_booking_goes_with_it(dealer, at):
    drive = booked(CHEN, dealer, at.now)
    stops.withdraw(drive.contact, Channel.TEXT, drive.interaction, method="manage-page", now=at.now)

    assert erased(drive.contact, at.now).kept_noes == 0
    assert not KeptNo.objects.exists()


def test_a_browser_of_theirs_alone_goes_and_one_that_others_used_stays_without_its_link(db, at):
    ada, bruno = (
        contacts.find_or_add(contacts.read(person.contact), source="test", notice=NOTICE, now=at.now)
        for person in (ADA, BRUNO)
    )
    own, token = browsers.add(at.now)
    shared, shared_token = browsers.add(at.now)
    for browser, contact in ((own, ada), (shared, ada), (shared, bruno)):
        browsers.link(browser, contact, "interaction:1", at.now)

    erased(ada, at.now)

    assert browsers.find(token) is None
    assert browsers.find(shared_token) == shared
    assert set(Link.objects.values_list("browser", "contact")) == {(shared.pk, bruno.pk)}


def test_the_ledger_keeps_random_numbers_and_codes(dealer, at):
    booked(ADA, dealer, at.now)
    ada = of(ADA)
    before = Entry.objects.count()

    erased(ada, at.now)

    assert Entry.objects.filter(contact=ada.pk).count() == before > 0
