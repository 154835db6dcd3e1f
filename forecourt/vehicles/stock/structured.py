"""A car at a dealer in the words of schema.org, and the pages that search engines may list."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from forecourt.dealers.structured import auto_dealer
from forecourt.vehicles.previews import Preview
from forecourt.vehicles.stock import store
from forecourt.vehicles.stock.shown import Shown
from forecourt.vehicles.structured import FUEL, dollars
from forecourt.web.brand import brand
from forecourt.web.structured import Node, absolute, breadcrumbs

# A sitemap holds 50,000 addresses, and the rest of the site wants some.
MOST_LISTED = 40_000


def addresses(now: datetime) -> Iterator[str]:
    for entry in store.kept().shelf.entries[:MOST_LISTED]:
        yield reverse("stock:car", args=[entry.slug])


def preview(this: Shown) -> Preview:
    return Preview(reverse("machines:car_preview", args=[this.car.slug]), f"The {this.name} in {this.paint}, drawn")


def condition(this: Shown) -> str:
    return f"https://schema.org/{'UsedCondition' if this.is_certified else 'NewCondition'}"


def car(this: Shown) -> Node:
    address = absolute(this.car.get_absolute_url())
    return {
        "@type": ["Product", "Car"],
        "@id": f"{address}#car",
        "name": f"{this.car.year} {brand().name} {this.trim}",
        "url": address,
        "image": absolute(preview(this).href),
        "vehicleIdentificationNumber": this.car.vin,
        "brand": {"@type": "Brand", "name": brand().name},
        "model": this.known.record.name,
        "vehicleConfiguration": this.trim,
        "vehicleModelDate": str(this.car.year),
        "bodyType": this.known.record.body,
        "vehicleEngine": {"@type": "EngineSpecification", "fuelType": FUEL[this.known.record.power]},
        "color": this.paint,
        "mileageFromOdometer": {"@type": "QuantitativeValue", "value": this.car.mileage, "unitCode": "SMI"},
        "itemCondition": condition(this),
        "offers": {
            "@type": "Offer",
            "url": address,
            "price": dollars(this.car.price),
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStoreOnly",
            "itemCondition": condition(this),
            "seller": auto_dealer(this.car.dealer),
        },
    }


def nodes(this: Shown) -> list[Node]:
    steps = (("Cars at dealers", reverse("stock:search")), (this.name, this.car.get_absolute_url()))
    return [car(this), breadcrumbs(*steps)]
