"""A car at a dealer in the words of schema.org, and the pages that search engines may list."""

from collections.abc import Iterator

from django.urls import reverse

from forecourt.dealers.structured import auto_dealer
from forecourt.vehicles.stock import store
from forecourt.vehicles.stock.asked import Asked
from forecourt.vehicles.stock.shown import Shown
from forecourt.web.brand import brand
from forecourt.web.structured import Node, absolute, breadcrumbs

# A sitemap holds 50,000 addresses, and the rest of the site wants some.
MOST_LISTED = 40_000


def addresses() -> Iterator[str]:
    for entry in store.kept().shelf.entries[:MOST_LISTED]:
        yield reverse("stock:car", args=[entry.slug])


def car(this: Shown) -> Node:
    found = this.car
    address = absolute(found.get_absolute_url())
    condition = f"https://schema.org/{'UsedCondition' if this.is_certified else 'NewCondition'}"
    return {
        "@type": "Car",
        "@id": f"{address}#car",
        "name": f"{found.year} {brand().name} {this.trim}",
        "url": address,
        "vehicleIdentificationNumber": found.vin,
        "brand": {"@type": "Brand", "name": brand().name},
        "model": this.known.record.name,
        "vehicleModelDate": str(found.year),
        "bodyType": this.known.record.body,
        "color": this.paint,
        "itemCondition": condition,
        "mileageFromOdometer": {"@type": "QuantitativeValue", "value": found.mileage, "unitCode": "SMI"},
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": f"{found.price:.2f}",
            "priceCurrency": "USD",
            "itemCondition": condition,
            "availability": "https://schema.org/InStock",
            "seller": auto_dealer(found.dealer),
        },
    }


def nodes(this: Shown) -> list[Node]:
    return [car(this), breadcrumbs(("Cars at dealers", Asked().address), (this.name, this.car.get_absolute_url()))]
