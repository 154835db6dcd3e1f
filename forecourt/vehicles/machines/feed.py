"""The cars at dealers for listing services: one row a car, as CSV and as XML, in the words of Google's specification of vehicle
listings, which others read too. What the site does not show (sold, or under a stop-sale recall) is in neither.
"""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from lxml import etree

from forecourt.dealers.models import Dealer
from forecourt.vehicles import catalogue
from forecourt.vehicles.stock import shown, store, structured
from forecourt.vehicles.stock.models import Basis
from forecourt.vehicles.stock.shown import Shown
from forecourt.web.brand import brand
from forecourt.web.structured import absolute

COLUMNS = (
    "vin", "id", "store_code", "dealership_name", "dealership_address", "tracking_phone_number", "condition",
    "certified_pre_owned", "make", "model", "trim", "year", "mileage", "price", "vehicle_msrp", "availability",
    "date_in_stock", "exterior_color", "fuel_type", "body_style", "title", "link", "image_link", "legal_disclaimer",
)  # fmt: skip
FUEL = {catalogue.Power.ELECTRIC: "electric", catalogue.Power.GASOLINE: "gasoline"}

Row = dict[str, str]


def rows(now: datetime) -> Iterator[Row]:
    slugs = [entry.slug for entry in store.kept().shelf.entries]
    for this in shown.all_of(store.cars(slugs), now):
        yield row(this)


def row(this: Shown) -> Row:
    """`vehicle_msrp` is empty where the price is the dealer's own."""
    car = this.car
    price = amount(car.price)
    return dict(
        zip(
            COLUMNS,
            (
                car.vin,
                car.slug,
                car.dealer_id,
                car.dealer.name,
                whole_address(car.dealer),
                car.dealer.phone,
                "used" if this.is_certified else "new",
                "yes" if this.is_certified else "no",
                brand().name,
                this.known.record.name,
                this.trim,
                str(car.year),
                f"{car.mileage} miles",
                price,
                price if car.basis == Basis.SUGGESTED and not this.is_certified else "",
                "in stock",
                car.since.isoformat(),
                this.paint,
                FUEL[this.known.record.power],
                this.known.record.body,
                f"{car.year} {brand().name} {this.trim}",
                absolute(car.get_absolute_url()),
                absolute(structured.preview(this).href),
                this.known.record.disclaimer,
            ),
            strict=True,
        )
    )


def amount(price: Decimal) -> str:
    return f"{price:.2f} USD"


def whole_address(dealer: Dealer) -> str:
    return f"{dealer.street}, {dealer.city}, {dealer.state} {dealer.postal_code}, US"


def as_csv(now: datetime) -> str:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    writer.writerows(rows(now))
    return written.getvalue()


def as_xml(now: datetime) -> bytes:
    """What is empty has no element."""
    root = etree.Element("listings")
    for found in rows(now):
        listing = etree.SubElement(root, "listing")
        for name, value in found.items():
            if value:
                etree.SubElement(listing, name).text = value
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
