"""An offer in the words of schema.org, and the pages that search engines may list.

No figure of a credit or a lease is in it: whoever showed it would leave out the terms that have to stand beside it.
"""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from forecourt.dealers.places import STATES
from forecourt.vehicles import offers
from forecourt.vehicles.offers.deal import Kind, Offer
from forecourt.vehicles.structured import car_id, dollars
from forecourt.web.structured import Node, absolute, breadcrumbs, organization_id


def addresses(now: datetime) -> Iterator[str]:
    for offer in offers.running(now):
        yield offer.get_absolute_url()


def special_offer(offer: Offer) -> Node:
    price = {} if offer.kind is Kind.LEASE else {"price": dollars(offer.price.total), "priceCurrency": "USD"}
    return {
        "@type": "OfferForLease" if offer.kind is Kind.LEASE else "Offer",
        "name": offer.name,
        "url": absolute(offer.get_absolute_url()),
        "itemOffered": {"@type": "Car", "@id": car_id(offer.line), "name": offer.line.name},
        "offeredBy": {"@id": organization_id()},
        "availability": "https://schema.org/InStock",
        "validFrom": offer.starts.isoformat(),
        "validThrough": offer.ends.isoformat(),
        "eligibleRegion": [{"@type": "State", "name": STATES[code]} for code in sorted(offer.states)]
        or {"@type": "Country", "name": "US"},
        **price,
    }


def nodes(offer: Offer) -> list[Node]:
    return [
        special_offer(offer),
        breadcrumbs(("Offers", reverse("offers:all")), (offer.name, offer.get_absolute_url())),
    ]
