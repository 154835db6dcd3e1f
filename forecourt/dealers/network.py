"""The network that this process keeps in memory, read anew when another load has made it old."""

from uuid import UUID

from forecourt.dealers.locator import Entry, Network
from forecourt.dealers.models import Dealer, Loading

_kept: tuple[UUID | None, Network] = (None, Network(()))


def network() -> Network:
    global _kept
    # The token first: a load that commits between the two reads makes the next question read again.
    token = Loading.objects.order_by("-pk").values_list("token", flat=True).first()
    if token is None or token != _kept[0]:
        _kept = token, Network(entry(dealer) for dealer in active())
    return _kept[1]


def active() -> "list[Dealer]":
    return list(Dealer.objects.filter(active=True).prefetch_related("hours", "closed_days"))


def entry(dealer: Dealer) -> Entry:
    return Entry(
        slug=dealer.slug,
        name=dealer.name,
        street=dealer.street,
        city=dealer.city,
        state=dealer.state,
        postal_code=dealer.postal_code,
        phone=dealer.phone,
        latitude=dealer.latitude,
        longitude=dealer.longitude,
        services=frozenset(dealer.services),
        timetable=dealer.timetable,
    )
