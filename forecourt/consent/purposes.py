"""What an opening in the vault may be for: a use of the policy in force that reads, sends or shares, and only the data that it names.

A use that came with a later version opens nothing that was given before, unless the person asked or said yes since: what people
knew when they gave it is what it serves (P-3B-6). Whoever wants more is refused, and it can be seen that they tried.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from itertools import takewhile

from forecourt.consent import policies
from forecourt.consent.models import Entry, RefusedReading, Verb
from forecourt.people import vault
from forecourt.people.models import Sealed
from forecourt.policy.book import PolicyBook
from forecourt.policy.categories import is_covered, is_known
from forecourt.policy.policy import Action, Need, Policy
from forecourt.policy.reasons import Reason

log = logging.getLogger(__name__)
# These take something in, or set something. What is kept already opens for them where the person is at it, or for
# an open case, and for nobody else.
TAKES_IN = (Action.COLLECT, Action.COOKIE)
THEIR_WORD = (Need.STOP, Need.START, Need.OPT_OUT)
SAID_YES = (Verb.ASKED, Verb.GRANTED, Verb.STARTED)


def guard(wanted: vault.Wanted) -> None:
    """Passes, or writes down what was wanted and raises NotForThis."""
    reason = refusal(wanted, policies.book())
    if reason is None:
        return
    note(wanted, reason)
    raise vault.NotForThis(reason.sentence, reason)


def refusal(wanted: vault.Wanted, book: PolicyBook) -> Reason | None:
    """Why not, if not."""
    policy = book.in_force(wanted.now)
    reason = judge(policy, wanted.purpose, wanted.fields, asked=was_asked(wanted))
    if reason is None and not knew_of_it(wanted, policy, book):
        return Reason.NOT_KNOWN_THEN
    return reason


def was_asked(wanted: vault.Wanted) -> bool:
    return wanted.who == vault.THEMSELVES or bool(wanted.case)


def judge(policy: Policy, purpose: str, fields: Collection[str], *, asked: bool = False) -> Reason | None:
    """What the policy alone has against it. Names of our own, such as a document's, have their data judged where they are opened."""
    use = policy.uses.get(purpose)
    if use is None:
        return Reason.NOT_IN_FORCE if purpose in policy.awaited else Reason.UNKNOWN_USE
    if use.action in TAKES_IN and not asked:
        return Reason.FORBIDDEN
    if any(is_known(field) and not is_covered(field, use.data) for field in fields):
        return Reason.UNDECLARED_DATA
    return None


def knew_of_it(wanted: vault.Wanted, policy: Policy, book: PolicyBook) -> bool:
    """Whether the person gave it, asked or said yes with a version beside them that names this use. Whoever looks at their own, or
    says no, asks for it in this very moment."""
    if wanted.who == vault.THEMSELVES or policy.uses[wanted.purpose].needs in THEIR_WORD:
        return True
    since = disclosed(wanted, policy, book)
    if since is None:
        return True
    said = Entry.objects.filter(contact=wanted.subject, verb__in=SAID_YES, at__gte=since)
    given = Sealed.objects.filter(subject=wanted.subject, field__in=wanted.fields, at__gte=since)
    return said.exists() or given.exists()


def disclosed(wanted: vault.Wanted, policy: Policy, book: PolicyBook) -> datetime | None:
    """Since when each version up to this one has named these data for this use; None: since the first there is."""
    versions = [one for one in book.versions if one.effective <= policy.effective]
    names_it = list(
        takewhile(
            lambda one: judge(one, wanted.purpose, wanted.fields, asked=was_asked(wanted)) is None, reversed(versions)
        )
    )
    return names_it[-1].effective if 0 < len(names_it) < len(versions) else None


def note(wanted: vault.Wanted, reason: Reason) -> None:
    """The log has it too, where a transaction is taken back."""
    fields = sorted(wanted.fields)
    log.warning(
        "%s was refused %s of %s for %s: %s", wanted.who, ", ".join(fields), wanted.subject, wanted.purpose, reason
    )
    RefusedReading.objects.create(
        contact=wanted.subject,
        use=wanted.purpose[:64],
        data=fields,
        reason=reason,
        who=wanted.who[:64],
        case=wanted.case[:32],
        at=wanted.now,
    )
