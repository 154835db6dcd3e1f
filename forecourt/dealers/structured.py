"""A dealer in the words of schema.org, and the pages that search engines may list."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from forecourt.dealers.hours import WEEKDAYS
from forecourt.dealers.models import Dealer
from forecourt.dealers.network import network
from forecourt.web.brand import brand
from forecourt.web.structured import Node, absolute, breadcrumbs, postal_address


def addresses(now: datetime) -> Iterator[str]:
    for entry in network().dealers:
        yield reverse("dealers:dealer", args=[entry.slug])


def auto_dealer(dealer: Dealer) -> Node:
    """Hours are wall-clock times of the dealer; one that opens by appointment alone names none."""
    timetable = dealer.timetable
    hours = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{WEEKDAYS[weekday]}",
            "opens": f"{span.opens:%H:%M}",
            "closes": f"{span.closes:%H:%M}",
        }
        for weekday, spans in sorted(timetable.weekdays.items())
        for span in spans
    ]
    return {
        "@type": "AutoDealer",
        "@id": f"{absolute(dealer.get_absolute_url())}#dealer",
        "name": dealer.name,
        "url": absolute(dealer.get_absolute_url()),
        "image": absolute(reverse("machines:brand_preview")),
        "telephone": dealer.phone,
        "address": postal_address(street=dealer.street, city=dealer.city, state=dealer.state, zip=dealer.postal_code),
        "geo": {"@type": "GeoCoordinates", "latitude": dealer.latitude, "longitude": dealer.longitude},
        "brand": {"@type": "Brand", "name": brand().name},
        **({} if timetable.by_appointment else {"openingHoursSpecification": hours}),
    }


def nodes(dealer: Dealer) -> list[Node]:
    steps = (("Dealers", reverse("dealers:find")), (dealer.name, dealer.get_absolute_url()))
    return [auto_dealer(dealer), breadcrumbs(*steps)]
