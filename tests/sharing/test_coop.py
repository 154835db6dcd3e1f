"""The matching co-op: off, until a policy in force names one with its page of choices and a use."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from forecourt.consent import policies
from forecourt.people import browsers
from forecourt.people.models import Contact
from forecourt.policy.policy import Kind, Switch
from forecourt.policy.sales import Disclosure, disclosure
from forecourt.rights import choosing
from forecourt.sharing import coop, handoff, outbox, recipients
from forecourt.sharing.models import Membership, Share

BOTH = (Switch.SALE, Switch.ADS)
CODE = "hedgematch"


def with_coop(policy, *, preferences="https://hedgematch.example/choices/", uses=("audience", "removal")):
    """The policy as a brand might write it that takes part in one."""
    murmur = policy.recipients["murmur"]
    one = replace(murmur, code=CODE, kind=Kind.COOP, name="Hedgematch", preferences=preferences)
    rows = {f"{CODE}-{what}": replace(policy.uses[f"murmur-{what}"], id=f"{CODE}-{what}", to=CODE) for what in uses}
    return replace(
        policy,
        recipients=MappingProxyType({**policy.recipients, CODE: one}),
        uses=MappingProxyType({**policy.uses, **rows}),
    )


@pytest.fixture
def named(monkeypatch, now):
    policy = with_coop(policies.in_force(now))
    monkeypatch.setattr(policies, "in_force", lambda moment: policy)
    return policy


def test_wren_takes_part_in_none_and_makes_no_list_of_devices(phone, now):
    choosing.allow(phone[0].pk, BOTH, "test", now)

    with pytest.raises(coop.Off, match="names no matching co-op"):
        coop.export_devices(CODE, now)
    with pytest.raises(recipients.Undeclared):
        recipients.register(CODE, "matching co-op", "Hedgematch", "https://hedgematch.example/", now)
    assert not Share.objects.filter(recipient=CODE).exists()


@pytest.mark.parametrize("lacking", [{"preferences": ""}, {"uses": ("removal",)}])
def test_a_co_op_without_a_page_of_choices_or_without_a_use_stays_off(now, lacking):
    assert coop.named(with_coop(policies.in_force(now), **lacking)) == {}


def test_what_a_co_op_gets_is_a_sale_and_sharing_by_its_role(named, now):
    assert disclosure(named, named.uses[f"{CODE}-audience"], now) is Disclosure.SHARING


def test_an_ad_network_is_no_co_op(named, now):
    with pytest.raises(coop.Off):
        coop.export_devices("murmur", now)


def test_only_devices_with_a_yes_are_told_of_and_a_no_takes_them_back(ada, phone, desk, network, named, now):
    browsers.link(desk[0], ada, "interaction:1", now)
    choosing.allow(phone[0].pk, BOTH, "test", now)
    choosing.refuse([desk[0].pk], BOTH, "test", now)
    Share.objects.all().update(state="refused")  # what the yes itself had queued
    Membership.objects.all().update(left_at=now)

    joined = coop.export_devices(CODE, now)
    assert {one.contact_id for one in joined} == {phone[0].pk}

    choosing.refuse([phone[0].pk], BOTH, "test", now)
    for share in Share.objects.filter(state__in=outbox.UNSENT):
        handoff.deliver_share(share.pk, now)
    assert network.members == set()
    assert not Membership.objects.filter(left_at=None).exists()


def test_somebody_who_was_erased_stands_on_no_list_and_keeps_nobody_else_from_it(ada, phone, desk, network, named, now):
    choosing.allow(phone[0].pk, BOTH, "test", now)
    Share.objects.all().update(state="refused")
    Membership.objects.all().update(left_at=now)
    Contact.objects.filter(pk=desk[0].pk).update(erased_at=now)

    assert {one.contact_id for one in coop.export_devices(CODE, now)} == {phone[0].pk}
