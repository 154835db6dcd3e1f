"""Ad choices: our own no first, who gets data for ads, and the industry's page."""

from datetime import timedelta

import pytest
from lxml import html

from forecourt.adapters.links import There, judge
from forecourt.consent import policies, switches
from forecourt.people import browsers
from forecourt.policy.policy import Switch
from forecourt.rights import choosing
from forecourt.sharing import handoff, outside_pages, sightings
from forecourt.sharing.models import LinkCheck, Share

BOTH = (Switch.SALE, Switch.ADS)


def words(page) -> str:
    return " ".join(html.fromstring(page.content).xpath("//main")[0].text_content().split())


def test_the_own_no_stands_before_the_list_and_the_industrys_page(db, at, client):
    page = client.get("/privacy/ads/")
    said = words(page)

    assert said.index("No: Targeted advertising") < said.index("Who gets data for ads") < said.index("aboutads")
    assert "Your no here does the whole job for us without it." in said
    assert page.cookies == {}


def test_a_press_on_no_works_from_there(db, at, client):
    page = html.fromstring(client.get("/privacy/ads/").content)
    [no] = page.xpath("//form[contains(@action, '/ads/no/')]/@action")

    client.post(no, headers={"Sec-Fetch-Site": "same-origin"})

    assert "ads-no" in client.cookies["choices"].value


def test_each_vendor_stands_there_with_what_follows_from_its_role(db, at, client):
    sightings.seen(["tags.murmur.example"], at.now - timedelta(days=1))
    said = words(client.get("/privacy/ads/"))

    for fact in (
        "Murmur Ads", "Ad network", "Digital Advertising Alliance", "The law calls it a sale and sharing.",
        "November 30, 2026", "We take part in no co-op",
    ):  # fmt: skip
        assert fact in said
    assert "dealer" not in said.partition("Who gets data for ads")[2].partition("Other companies")[0].lower()
    assert "mail" not in said.partition("Who gets data for ads")[2].partition("Other companies")[0]


def test_a_service_provider_whose_contract_lacks_a_term_stands_on_the_list_as_a_sale(db, at, client, monkeypatch):
    from dataclasses import replace
    from types import MappingProxyType

    policy = policies.in_force(at.now)
    carrier = policy.recipients["mail-carrier"]
    lacking = replace(carrier, terms=carrier.terms - {"no-sale"})
    other = replace(policy, recipients=MappingProxyType({**policy.recipients, carrier.code: lacking}))
    monkeypatch.setattr(policies, "in_force", lambda now: other)

    assert "The law calls it a sale." in words(client.get("/privacy/ads/"))


@pytest.mark.parametrize(
    ("status", "found"),
    [(200, There.YES), (301, There.YES), (403, There.UNKNOWN), (404, There.GONE), (410, There.GONE), (503, There.GONE)],
)
def test_what_an_answer_says_about_a_page(status, found):
    assert judge(status) is found


def test_a_page_that_could_not_be_reached_is_never_called_there(db, at, client):
    policy = policies.in_force(at.now)
    assert "We do not know whether it works now" in words(client.get("/privacy/ads/"))

    outside_pages.check_all(policy, at.now, look=lambda address: There.UNKNOWN)
    assert "We do not know whether it works now" in words(client.get("/privacy/ads/"))

    outside_pages.check_all(policy, at.now, look=lambda address: There.YES)
    assert "It answered when we last looked, on December 1, 2026." in words(client.get("/privacy/ads/"))


def test_a_page_that_was_gone_stays_gone_until_it_is_seen_again(db, now):
    def found(what, days):
        LinkCheck.objects.create(address=outside_pages.INDUSTRY, found=what, at=now + timedelta(days=days))
        return outside_pages.state(outside_pages.INDUSTRY, now + timedelta(days=days))[0]

    assert found(There.GONE, 0) is There.GONE
    assert found(There.UNKNOWN, 7) is There.GONE
    assert found(There.YES, 8) is There.YES
    assert found(There.UNKNOWN, 9) is There.UNKNOWN
    assert outside_pages.state(outside_pages.INDUSTRY, now + timedelta(days=30))[0] is There.UNKNOWN


def test_whoever_said_no_sees_who_was_told_and_who_confirmed(db, at, client):
    browser, token = browsers.add(at.now)
    choosing.allow(browser.pk, BOTH, "browser", at.now)
    handoff.deliver_share(Share.objects.get().pk, at.now)
    client.cookies[browsers.COOKIE] = token

    client.post("/privacy/choices/ads/no/", headers={"Sec-Fetch-Site": "same-origin"})
    assert Switch.ADS in switches.of(browser.pk).said_no
    assert "Murmur Ads told on" in words(client.get("/privacy/choices/"))

    handoff.deliver_share(Share.objects.get(kind="removal").pk, at.now)
    assert "Murmur Ads confirmed on" in words(client.get("/privacy/choices/"))
