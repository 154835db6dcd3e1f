"""What partners were told of whoever takes the tour, as our receipts have it: the newest words, each with its answer."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.people import browsers
from forecourt.policy.reasons import Reason
from forecourt.sharing.models import Share

WHAT = {
    Share.Kind.JOIN: ("Yes", "{} may count you among those who see our ads."),
    Share.Kind.EVENT: ("Yes", "{} may know that you booked a drive."),
    Share.Kind.REMOVAL: ("No", "{} has to take you off its list."),
    Share.Kind.NOTICE: ("No", "{} has to forget what it got of you."),
    Share.Kind.ERASURE: ("No", "{} has to erase all that it got of you."),
}


@dataclass(frozen=True, slots=True)
class Word:
    """`answer` is the partner's own number for it; where there is none, `waits` is a sentence about why."""

    verb: str
    what: str
    answer: str
    waits: str
    at: datetime


def newest_words(token: str) -> list[Word]:
    """Of the browser with this cookie, and of the addresses that it left with us."""
    browser = browsers.find(token)
    if browser is None:
        return []
    newest = Share.objects.filter(contact__in=browsers.linked(browser.pk)).select_related("recipient", "receipt")
    return [_word(share) for share in newest.order_by("-requested_at")[:4]]


def _word(share: Share) -> Word:
    verb, what = WHAT[Share.Kind(share.kind)]
    receipt = getattr(share, "receipt", None)
    answer = receipt.provider_id if receipt else ""
    return Word(verb, what.format(share.recipient.name), answer, "" if answer else _why(share), share.requested_at)


def _why(share: Share) -> str:
    if share.over or share.state == Share.State.REFUSED:
        return "It never left us: your no was there first."
    if share.reason in set(Reason):
        return Reason(share.reason).sentence
    return f"Not acknowledged: {share.reason}." if share.reason else "It is on its way."
