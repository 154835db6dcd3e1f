"""Where both the law and the brand have a say: the stricter of the two."""

from datetime import datetime, time
from typing import Literal, NamedTuple

from forecourt.policy import law
from forecourt.policy.policy import Kind, Policy

StopScope = Literal["type", "all"]

TERMS = {
    Kind.SERVICE_PROVIDER: "service_provider_terms",
    Kind.DEALER: "dealer_terms",
    Kind.LENDER: "lender_terms",
    Kind.AD_NETWORK: "third_party_terms",
    Kind.COOP: "third_party_terms",
    Kind.THIRD_PARTY: "third_party_terms",
}


class Window(NamedTuple):
    """Texts may leave at or after `opens` and before `closes`, local time."""

    opens: time
    closes: time


def stop_scope(policy: Policy, now: datetime) -> StopScope:
    """What one STOP ends at `now`: texts of the interaction's type, or all. The ledger's scope is made from it."""
    return "all" if policy.brand.stop_scope == "all" or law.value("stop_scope", now) == "all" else "type"


def text_hours(policy: Policy, now: datetime) -> Window:
    """Later opening and earlier closing win."""
    opens, closes = law.value("quiet_before", now), law.value("quiet_after", now)
    return Window(max(opens, policy.brand.quiet_before or opens), min(closes, policy.brand.quiet_after or closes))


def required_terms(kind: Kind, now: datetime) -> frozenset[str]:
    """What the law (and our promise of confidentiality) wants in a contract with such a recipient."""
    return frozenset(law.value(TERMS[kind], now))
