"""What partners were told of whoever takes the tour, as our receipts have it: the newest words, each with its answer."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.people import browsers
from forecourt.sharing.models import Receipt, Share

WHAT = {
    Share.Kind.JOIN: ("Yes", "{} may count you among those who see our ads."),
    Share.Kind.EVENT: ("Yes", "{} may know that you booked a drive."),
    Share.Kind.REMOVAL: ("No", "{} has to take you off its list."),
    Share.Kind.NOTICE: ("No", "{} has to forget what it got of you."),
}


@dataclass(frozen=True, slots=True)
class Word:
    """`answer` is the partner's own number for it, empty where it has not answered."""

    verb: str
    what: str
    answer: str
    at: datetime


def newest_words(token: str) -> list[Word]:
    """Of the browser with this cookie, and of the addresses that it left with us."""
    browser = browsers.find(token)
    if browser is None:
        return []
    newest = Share.objects.filter(contact__in=browsers.linked(browser.pk)).select_related("recipient")
    newest = newest.order_by("-requested_at")[:4]
    answers = dict(Receipt.objects.filter(share__in=[share.pk for share in newest]).values_list("share", "provider_id"))
    found = []
    for share in newest:
        verb, what = WHAT[Share.Kind(share.kind)]
        found.append(Word(verb, what.format(share.recipient.name), answers.get(share.pk, ""), share.requested_at))
    return found
