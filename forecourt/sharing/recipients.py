"""Who may get data, and under which contract."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from forecourt.adapters import clock
from forecourt.consent import contracts, policies
from forecourt.policy.policy import Kind
from forecourt.sharing.models import Lead, Recipient, Share

# Dealers are rows of the brand's network, each chosen by a visitor. Everybody else stands in the policy by name, or nowhere.
UNNAMED = (Kind.DEALER,)


class Undeclared(Exception):
    """The policy in force names no such recipient. The sentence says what to add before it can be one."""


def register(code: str, kind: str, name: str, endpoint: str, now: datetime | None = None) -> Recipient:
    """Whoever the policy in force does not name, in this role and at this address, gets no row and so nothing at all."""
    policy = policies.in_force(now or clock.now())
    declared = policy.recipients.get(code)
    if (declared is None and kind not in UNNAMED) or (declared and declared.kind != kind):
        raise Undeclared(
            f"The policy of {policy.version} names no {kind} {code}: add [recipients.{code}] with its kind, its contract and a "
            f"sentence to a version that is in force, before anything can be shared with it."
        )
    if declared and endpoint != declared.endpoint:
        raise Undeclared(
            f"The policy of {policy.version} names another address for {code}: change its endpoint there, and nowhere else."
        )
    recipient, _ = Recipient.objects.update_or_create(
        code=code, defaults={"kind": kind, "name": name, "endpoint": endpoint, "active": True}
    )
    return recipient


def of_policy(code: str, now: datetime) -> Recipient:
    """A recipient that the policy in force names, with a row to hang what is shared with it on."""
    declared = policies.in_force(now).recipients[code]
    return register(code, declared.kind, declared.name or code, declared.endpoint, now)


@transaction.atomic
def sign(code: str, version: str, terms: Collection[str], starts: datetime, ends: datetime, now: datetime) -> bool:
    """Record a signed contract and let what waited for one try again."""
    added = contracts.register(code, version, terms, starts, ends, now)
    if added:
        for model in (Lead, Share):
            model.objects.filter(recipient_id=code, state=model.State.WAITING).update(state=model.State.QUEUED, due=now)
    return added
