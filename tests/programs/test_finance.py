"""A request for credit: its own notice first, one lender, one receipt, and figures that nobody else can read."""

import html
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from lxml import etree

from forecourt.adapters import kept
from forecourt.adapters.crm import adf
from forecourt.consent import policies, switches
from forecourt.consent.choices import Answer
from forecourt.consent.models import RefusedReading
from forecourt.consent.reading import MayNotRead
from forecourt.people import contacts, subjects
from forecourt.people.models import Opening
from forecourt.policy import sales
from forecourt.policy.policy import Switch
from forecourt.programs import claims, finance, pack
from forecourt.programs.models import CreditRequest
from forecourt.sharing import figures, handoff, optouts
from forecourt.sharing.models import Figures, Lead, Receipt
from forecourt.vehicles import catalogue
from forecourt.web import forms
from tests.people.test_raw_dump import dump, is_in

LENDER = "https://intake.tern-credit.example/leads"
FORM = "/programs/financial-services/form/"


def wish(now, *, contact="ada.brightwater@post.example", nonce="") -> finance.Wish:
    nonce = nonce or forms.new_nonce("credit", now)
    return finance.Wish(
        program=pack.of_kind("finance"),
        car=catalogue.line("pipit"),
        amount=Decimal("18431.70"),
        months=48,
        name="Ada Brightwater",
        address=contacts.read(contact),
        nonce=forms.read_nonce("credit", nonce, now).id,
    )


def fields(now, **more) -> dict[str, str]:
    return {
        "nonce": forms.new_nonce("credit", now),
        "car": "pipit",
        "amount": "18,431.70",
        "months": "48",
        "name": "Ada Brightwater",
        "contact": "ada.brightwater@post.example",
    } | more


@pytest.fixture
def asked(db, at) -> CreditRequest:
    return finance.ask(wish(at.now), at.now)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_its_own_notice_stands_before_the_first_field(db, client, at):
    page = text(client.get(FORM))
    before = page.partition('name="car"')[0]

    assert all(words in before for _, words in pack.of_kind("finance").notice)
    assert all(
        words in text(client.get("/programs/financial-services/")) for _, words in pack.of_kind("finance").notice
    )
    assert "ssn" not in page.lower().replace("lesson", "")


@pytest.mark.parametrize(
    ("day", "told"), [(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), False), (datetime(2027, 1, 1, tzinfo=UTC), True)]
)
def test_from_2027_on_it_is_told_before_the_form_that_software_may_decide(db, client, at, day, told):
    at.now = day
    before = text(client.get(FORM)).partition('name="car"')[0]

    assert [words in before for _, words in pack.of_kind("finance").automated] == [told] * 3


def test_it_goes_to_the_lender_alone_with_a_receipt_and_the_figures_are_destroyed(asked, at, client):
    key = figures.of(asked.lead).pk

    lead = handoff.deliver(asked.lead_id, at.now)
    jobs_done = figures.destroy_settled()

    (sent,) = kept.kept_about(str(lead.pk))
    xml = etree.fromstring(sent.content)
    adf.validate(sent.content)
    assert (lead.state, sent.recipient) == ("left", LENDER)
    assert xml.findtext("./prospect/vehicle/finance/amount") == "18431.70"
    assert xml.findtext("./prospect/vehicle/comments") == "Over 48 months"
    assert xml.findtext("./prospect/customer/contact/name") == "Ada Brightwater"
    assert set(Receipt.objects.get(lead=lead).fields) == {
        "user.name",
        "user.contact.email",
        "vehicle.interest",
        "user.financial",
    }
    assert (jobs_done, subjects.is_erased(key), Figures.objects.count()) == (1, True, 0)
    assert Opening.objects.filter(subject=key, who="sharing", purpose="credit-request-lead").exists()
    page = text(client.get(f"/requests/{claims.token_of(asked.nonce)}/"))
    assert "Tern Credit has it" in page
    assert asked.reference in page
    assert "the sum and the months" in page


def test_what_the_visitor_sends_there_is_no_sale(at):
    policy = policies.in_force(at.now)
    use = policy.uses[finance.SEND]

    assert sales.disclosure(policy, use, at.now) is sales.Disclosure.DIRECTED
    assert sales.switches(policy, use, use.data, at.now) == frozenset()


def test_a_no_to_sale_does_not_stop_what_somebody_sends_themselves_and_travels_after_it(asked, at):
    assert handoff.deliver(asked.lead_id, at.now).state == "left"

    switches.say([asked.contact_id], Switch.SALE, Answer.NO, "page", at.now)
    optouts.tell([asked.contact_id], [Switch.SALE], at.now)
    notice = Lead.objects.get(says_no=True)

    assert (notice.use, notice.recipient_id) == ("opt-out-notice-lender", "tern-credit")
    assert handoff.deliver(notice.pk, at.now).state == "left"
    assert "user.financial" not in Receipt.objects.get(lead=notice).fields


def test_no_use_of_the_policy_reads_figures_and_each_try_is_kept(asked, at):
    uses = set(policies.in_force(at.now).uses)

    for use in uses:
        with pytest.raises(MayNotRead):
            figures.read(asked.lead, use, at.now, who="marketing")

    assert set(RefusedReading.objects.filter(who="marketing").values_list("use", flat=True)) == uses
    assert not Opening.objects.filter(who="marketing").exists()


def test_an_ad_network_could_not_get_figures_even_if_a_use_named_them(at):
    from dataclasses import replace

    from forecourt.policy.decide import Facts, decide

    policy = policies.in_force(at.now)
    wider = replace(policy.uses["murmur-audience"], data=("user.financial",))
    facts = Facts(data=frozenset({"user.financial"}), said_yes=frozenset(Switch))

    decision = decide(replace(policy, uses={wider.id: wider}), wider.id, facts, at.now)

    assert (decision.reason, decision.promise) == ("forbidden", "S-20")


def test_a_lender_without_a_contract_gets_nothing(asked, at, monkeypatch):
    from dataclasses import replace

    policy = policies.in_force(at.now)
    ended = replace(policy.recipients["tern-credit"], ends=at.now - timedelta(days=1))
    monkeypatch.setattr(
        policies, "in_force", lambda now: replace(policy, recipients={**policy.recipients, "tern-credit": ended})
    )

    lead = handoff.deliver(asked.lead_id, at.now)

    assert (lead.state, lead.reason) == ("waiting", "contract-expired")
    assert not kept.kept_about(str(lead.pk))


def test_taken_back_before_it_left_it_never_leaves(asked, at, client):
    page = f"/requests/{claims.token_of(asked.nonce)}/"

    client.post(f"{page}withdrawal/")
    lead = handoff.deliver(asked.lead_id, at.now)

    assert (lead.state, lead.reason) == ("refused", "interaction-over")
    assert not Figures.objects.exists()
    assert "never got it" in text(client.get(page))


def test_taken_back_after_it_left_the_lender_is_told(asked, at):
    handoff.deliver(asked.lead_id, at.now)

    finance.withdraw(asked, at.now)
    finance.withdraw(asked, at.now)

    told = Lead.objects.get(change=1)
    assert told.wish.startswith("Cancelled")
    assert handoff.deliver(told.pk, at.now).state == "left"


def test_a_form_pressed_twice_is_one_request(db, at, client):
    sent = fields(at.now)

    first, second = client.post(FORM, sent), client.post(FORM, sent)
    other = client.post(FORM, sent | {"contact": "bruno@post.example"})

    assert first["Location"] == second["Location"]
    assert not first.cookies
    assert CreditRequest.objects.count() == 1
    assert (other.status_code, "bruno@post.example" in text(other)) == (409, True)


def test_two_requests_a_day_are_enough(db, at):
    for _ in range(2):
        finance.ask(wish(at.now), at.now)

    with pytest.raises(claims.TooMany):
        finance.ask(wish(at.now), at.now)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"amount": "60000.01"}, "at most $60,000"),
        ({"amount": "12"}, "$1,000 or more"),
        ({"amount": "a lot"}, "dollars and cents"),
        ({"months": "7"}, "Choose one of these"),
        ({"car": "ostrich"}, "Choose one of these"),
        ({"ssn": "000"}, "something that we do not ask for (ssn)"),
    ],
)
def test_a_mistake_is_told_kindly_and_nothing_typed_is_lost(db, at, client, more, says):
    answer = client.post(FORM, fields(at.now, **more))

    assert (answer.status_code, says in text(answer)) == (422, True)
    assert "ada.brightwater@post.example" in text(answer)
    assert not CreditRequest.objects.exists()


def test_whoever_said_that_they_are_under_13_is_asked_for_nothing(db, at, client):
    client.cookies["age"] = "under-13"

    assert client.get(FORM).status_code == client.post(FORM, fields(at.now)).status_code == 403


def test_after_its_day_only_the_receipt_is_left(asked, at):
    handoff.deliver(asked.lead_id, at.now)
    at.now = asked.forget_at

    finance.forget_past(at.now)

    assert not CreditRequest.objects.exists()
    assert subjects.is_erased(asked.submission_id)
    assert Receipt.objects.filter(lead=asked.lead_id).exists()


def test_a_stolen_dump_tells_no_figures(fresh_database, at):
    asked = finance.ask(wish(at.now), at.now)
    before = dump(fresh_database)
    handoff.deliver(asked.lead_id, at.now)
    figures.destroy_settled()

    secrets = ("18431.70", "18431", "brightwater")
    assert asked.reference.casefold() in before
    for copy in (before, dump(fresh_database)):
        assert [secret for secret in secrets if is_in(secret, copy)] == []
