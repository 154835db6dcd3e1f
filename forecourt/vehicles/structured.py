"""A model in the words of schema.org: what its page says, from the same record."""

from decimal import Decimal

from django.urls import reverse

from forecourt.vehicles import previews
from forecourt.vehicles.catalogue import Line, Power, Status, Trim
from forecourt.web.brand import brand
from forecourt.web.structured import Node, absolute, breadcrumbs, organization_id

FUEL = {Power.ELECTRIC: "Electricity", Power.GASOLINE: "Gasoline"}


def model(line: Line) -> Node:
    address = absolute(line.get_absolute_url())
    prices = [trim.price for trim in line.trims]
    return {
        "@type": ["Product", "Car"],
        "@id": car_id(line),
        "name": f"{line.year} {brand().name} {line.name}",
        "description": line.sentence,
        "url": address,
        "image": absolute(previews.of(line).href),
        "brand": {"@type": "Brand", "name": brand().name},
        "manufacturer": {"@type": "Organization", "@id": organization_id(), "name": brand().legal_name},
        "model": line.name,
        "vehicleModelDate": str(line.year),
        "bodyType": line.body,
        "vehicleEngine": {"@type": "EngineSpecification", "fuelType": FUEL[line.power]},
        "itemCondition": "https://schema.org/NewCondition",
        "additionalProperty": [
            {"@type": "PropertyValue", "name": figure.label, "value": figure.value, "unitText": figure.unit}
            for figure in line.figures
        ],
        "offers": {
            "@type": "AggregateOffer",
            "lowPrice": dollars(min(prices)),
            "highPrice": dollars(max(prices)),
            "priceCurrency": "USD",
            "offerCount": len(prices),
            "offers": [version(line, trim) for trim in line.trims],
        },
    }


def car_id(line: Line) -> str:
    return f"{absolute(line.get_absolute_url())}#car"


def version(line: Line, trim: Trim) -> Node:
    """What the manufacturer suggests for it; dealers set their own prices."""
    return {
        "@type": "Offer",
        "name": trim.name,
        "description": line.price_basis,
        "url": f"{absolute(line.get_absolute_url())}#prices",
        "price": dollars(trim.price),
        "priceCurrency": "USD",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "priceType": "https://schema.org/MSRP",
            "price": dollars(trim.price),
            "priceCurrency": "USD",
        },
        "itemCondition": "https://schema.org/NewCondition",
        "availability": f"https://schema.org/{'InStock' if line.is_current else 'LimitedAvailability'}",
    }


def nodes(line: Line) -> list[Node]:
    steps = [("Models", reverse("vehicles:models")), (line.name, reverse("vehicles:line", args=[line.slug]))]
    if line.status is Status.PREVIOUS:
        steps.append((str(line.year), line.get_absolute_url()))
    return [model(line), breadcrumbs(*steps)]


def dollars(amount: Decimal) -> str:
    return f"{amount:.2f}"
