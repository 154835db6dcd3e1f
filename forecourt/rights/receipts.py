"""Which dealers got somebody's data from us: read from the receipts, so that it is what left and not what was meant to."""

from dataclasses import dataclass
from datetime import datetime

from forecourt.dealers.models import Dealer
from forecourt.people.models import Contact
from forecourt.sharing.fields import WORDS
from forecourt.sharing.models import Receipt


@dataclass(frozen=True, slots=True)
class DealerReceipt:
    dealer: Dealer
    at: datetime
    fields: tuple[str, ...]


def receipts_of(contact: Contact) -> list[DealerReceipt]:
    """Newest first; a dealer stands here once for each thing that it got."""
    receipts = Receipt.objects.filter(lead__contact=contact).order_by("-at")
    dealers = Dealer.objects.in_bulk({receipt.recipient for receipt in receipts})
    return [
        DealerReceipt(
            dealers[receipt.recipient], receipt.at, tuple(WORDS.get(field, field) for field in receipt.fields)
        )
        for receipt in receipts
        if receipt.recipient in dealers
    ]
