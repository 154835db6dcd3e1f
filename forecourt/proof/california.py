"""The California privacy notice: a version of the policy as its law wants it told. Everything here is made from that version and
from law.toml, so that it cannot say anything else than what our software obeys."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forecourt.consent import policies
from forecourt.policy import california, law
from forecourt.policy.california import Category
from forecourt.policy.policy import Policy
from forecourt.policy.sales import OUTSIDE, Disclosure
from forecourt.proof import page, views, wording
from forecourt.requests import offer

# Which of the policy's sentences tell about what the notice has to tell; those that a version lacks are left out.
HOW_TO_ASK = ("S-31", "P-12-1", "S-26", "P-3-2", "P-3A-2", "P-3E-1", "P-3E-2", "P-3B-1", "L-02", "P-6-2")
SIGNALS = ("P-11-1",)
MINORS = ("P-3G-1", "P-3G-2", "P-3G-3", "P-3G-4", "P-3G-5", "P-10D-1", "P-10B-2")
DISCLOSED = {
    Disclosure.SERVICE: "works for us, and may use it for nothing else",
    Disclosure.DIRECTED: "you send it there, or we tell it of your no",
    Disclosure.SALE: "a sale, only after your yes",
    Disclosure.SHARING: "a sale and sharing, only after your yes",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who it is, what that is in law, and for what it gets it."""

    who: str
    what: str
    purposes: tuple[str, ...]
    outside: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of data as the page shows it."""

    category: Category
    anchor: str
    data: tuple[str, ...]
    sensitive: tuple[str, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    id: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Notice:
    policy: Policy
    categories: tuple[Told, ...]
    rights: tuple[str, ...]
    how_to_ask: tuple[Quoted, ...]
    signals: tuple[Quoted, ...]
    minors: tuple[Quoted, ...]
    minors_law: str
    agents_law: str
    agents_entry: str
    opt_out_days: int
    acknowledge_days: int
    answer_days: int
    extension_days: int
    record_months: int
    ask_again_months: int


@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    return show(request, policies.in_force(request.now))


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """Every version keeps its own address."""
    return show(request, views.find(version))


def show(request: HttpRequest, policy: Policy) -> HttpResponse:
    live = policies.in_force(request.now).version == policy.version
    context = {"notice": of(policy, request.now), "live": live, **views.about_versions(request)}
    return render(request, "proof/california.html", context)


def of(policy: Policy, now: datetime) -> Notice:
    """A version that is over is told with the law of today, which is what somebody who reads it now needs."""
    return Notice(
        policy=policy,
        categories=tuple(told(policy, category) for category in california.categories(policy, now)),
        rights=law.value("california_rights", now),
        how_to_ask=quoted(policy, HOW_TO_ASK),
        signals=quoted(policy, SIGNALS),
        minors=quoted(policy, MINORS),
        minors_law=law.article("sale_of_minors_data").says,
        agents_law=law.article("california_agents").says,
        agents_entry=reverse("agents:discovery") if offer.USE in policy.uses else "",
        opt_out_days=law.value("opt_out_business_days", now),
        acknowledge_days=law.value("request_acknowledge_business_days", now),
        answer_days=law.value("request_answer_days", now),
        extension_days=law.value("request_extension_days", now),
        record_months=law.value("request_record_months", now),
        ask_again_months=law.value("ask_again_months", now),
    )


def told(policy: Policy, category: Category) -> Told:
    return Told(
        category=category,
        anchor=category.name.lower().replace(" ", "-"),
        data=tuple(page.DATA_WORDS.get(one, one) for one in category.data),
        sensitive=tuple(page.DATA_WORDS.get(one, one) for one in category.sensitive),
        recipients=tuple(recipients(policy, category)),
    )


def recipients(policy: Policy, category: Category) -> list[Recipient]:
    """Each once for each thing that it is in law: a network that hears of a no is not buying."""
    found: dict[tuple[str, Disclosure], list[str]] = {}
    for one in category.given:
        found.setdefault((one.to, one.what), []).append(one.purpose)
    return [
        Recipient(page.who(policy.recipients[code]), DISCLOSED[what], tuple(purposes), what in OUTSIDE)
        for (code, what), purposes in found.items()
    ]


def quoted(policy: Policy, promises: tuple[str, ...]) -> tuple[Quoted, ...]:
    return tuple(
        Quoted(promise, wording.inline(policy.sentences[promise].text))
        for promise in promises
        if promise in policy.sentences
    )
