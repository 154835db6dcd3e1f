"""Ad choices: our own no first, then who gets data for ads, and the industry's page for everybody else's ads."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.adapters.links import There
from forecourt.consent import policies
from forecourt.policy.policy import Kind, Need, Policy, Recipient, Switch, Use
from forecourt.policy.sales import Disclosure, disclosure
from forecourt.rights import choice_views
from forecourt.sharing import coop, outside_pages, sightings
from forecourt.web.private import private

PRINCIPLES = "P-10E-1"
FOR_ADS = (Kind.AD_NETWORK, Kind.COOP, Kind.THIRD_PARTY)
LAW_SAYS = {
    Disclosure.SALE: "The law calls it a sale.",
    Disclosure.SHARING: "The law calls it a sale and sharing.",
}
ELSEWHERE = {
    There.YES: "It answered when we last looked",
    There.GONE: "It did not answer as it should when we last looked",
    There.UNKNOWN: "We do not know whether it works now: our weekly look could not reach it",
}


@dataclass(frozen=True, slots=True)
class Vendor:
    """One company that gets data for ads: what for, after a yes and after a no; `seen` is when a walk of ours met its hosts."""

    of: Recipient
    name: str
    gets: tuple[str, ...]
    gets_anyway: tuple[str, ...]
    hears: tuple[str, ...]
    law: str
    seen: datetime | None


def vendors(policy: Policy, now: datetime) -> list[Vendor]:
    found = [one for one in policy.recipients.values() if is_for_ads(policy, one, now)]
    return [vendor(policy, one, now) for one in sorted(found, key=lambda one: one.name or one.code)]


def is_for_ads(policy: Policy, recipient: Recipient, now: datetime) -> bool:
    """By its role, or because what it gets is a sale or sharing all the same, whatever we call it."""
    return recipient.kind in FOR_ADS or any(
        disclosure(policy, use, now) in LAW_SAYS for use in uses_of(policy, recipient)
    )


def vendor(policy: Policy, recipient: Recipient, now: datetime) -> Vendor:
    uses = uses_of(policy, recipient)
    worst = max((disclosure(policy, use, now) for use in uses), key=tuple(Disclosure).index, default=Disclosure.NONE)
    return Vendor(
        recipient,
        recipient.name or recipient.code,
        tuple(use.purpose for use in uses if use.needs is Need.YES),
        tuple(use.purpose for use in uses if use.needs not in (Need.YES, Need.OPT_OUT)),
        tuple(use.purpose for use in uses if use.needs is Need.OPT_OUT),
        LAW_SAYS.get(worst, "It works for us alone."),
        sightings.last_seen(recipient.hosts),
    )


def uses_of(policy: Policy, recipient: Recipient) -> list[Use]:
    return [use for use in policy.uses.values() if recipient.code in (use.to, use.through)]


@private
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    policy, now = policies.in_force(request.now), request.now
    chooser = choice_views.Chooser(request)
    panel = choice_views.panel_of(chooser, chooser.state())
    there, looked = outside_pages.state(outside_pages.INDUSTRY, now)
    context = {
        **choice_views.shown(chooser),
        "rows": [row for row in panel.rows if row.which in (Switch.SALE, Switch.ADS)],
        "vendors": vendors(policy, now),
        "coops": coop.named(policy),
        "principles": policy.sentences.get(PRINCIPLES),
        "industry": outside_pages.INDUSTRY,
        "elsewhere": ELSEWHERE[there],
        "looked": looked,
    }
    return render(request, "rights/ads.html", context)
