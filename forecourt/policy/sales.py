"""What a disclosure is, by the recipient's role and contract and never by the words that we find for it.

Source: Cal. Civ. Code 1798.140(ad) sale, (ah) sharing, (ag) service provider; 11 CCR 7051 and 7053 (R-CA-13): without the
required terms a service provider is a third party, and handing it data is a sale. What somebody directs us to disclose is
neither (1798.140(ad)(2)(A)), nor is telling somebody that they opted out (1798.140(ad)(2)(B), (ah)(2)(B)).
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from forecourt.policy import limits
from forecourt.policy.categories import is_sensitive
from forecourt.policy.policy import Kind, Need, Policy, Recipient, Switch, Use


class Disclosure(StrEnum):
    NONE = "stays with us"
    SERVICE = "works for us alone"
    DIRECTED = "goes where you send it"
    SALE = "sale"
    SHARING = "sale and sharing"


OUTSIDE = frozenset({Disclosure.SALE, Disclosure.SHARING})
# What an opt-out preference signal turns off, and what nobody under 13 can turn on.
SIGNALLED = frozenset({Switch.SALE, Switch.ADS})
GROWN_UP = SIGNALLED


def disclosure(policy: Policy, use: Use, now: datetime) -> Disclosure:
    """What happens to data under `use`, at `now` (aware): its worst recipient counts."""
    codes = [code for code in (use.to, use.through) if code]
    found = [_to(policy.recipients[code], use, now) for code in codes]
    return max(found, key=tuple(Disclosure).index, default=Disclosure.NONE)


def _to(recipient: Recipient, use: Use, now: datetime) -> Disclosure:
    if use.needs is Need.OPT_OUT:
        return Disclosure.DIRECTED
    match recipient.kind:
        case Kind.AD_NETWORK | Kind.COOP:
            return Disclosure.SHARING
        case Kind.SERVICE_PROVIDER:
            return Disclosure.SERVICE if works_for_us_alone(recipient, now) else Disclosure.SALE
        case Kind.DEALER if recipient.chosen and use.needs is Need.REQUEST:
            return Disclosure.DIRECTED
        case Kind.LENDER if use.needs is Need.REQUEST:
            return Disclosure.DIRECTED
        case _:
            return Disclosure.SALE


def works_for_us_alone(provider: Recipient, now: datetime) -> bool:
    """Whether its contract holds every term that the law wants of a service provider, today."""
    if provider.starts is None or provider.ends is None or not provider.starts <= now < provider.ends:
        return False
    return limits.required_terms(Kind.SERVICE_PROVIDER, now) <= provider.terms


def switches(policy: Policy, use: Use, data: Collection[str], now: datetime) -> frozenset[Switch]:
    """Everything by which somebody can refuse this use of `data`: what its row names, and what follows from what it is.

    Sensitive data count as limited only where they serve us and not what the person asked for.
    """
    found = set(use.switches)
    what = disclosure(policy, use, now)
    if what in OUTSIDE:
        found.add(Switch.SALE)
    if what is Disclosure.SHARING:
        found.add(Switch.ADS)
    if found and any(is_sensitive(category) for category in data):
        found.add(Switch.SENSITIVE)
    return frozenset(found)
