# /// script
# requires-python = ">=3.11"
# dependencies = ["timezonefinder", "zipcodes>=3"]
# ///
"""Write brands/wren/dealers.csv, contracts.csv and closed_days.csv: invented dealers at the centroids of real ZIP codes.

`uv run tools/make_wren_dealers.py` gives the same files every time. Names and streets are invented, numbers are of the
555-01xx range, hosts end in .example. Time zones come from the place itself, not from its state.
"""

import csv
import random
import unicodedata
from pathlib import Path

import zipcodes
from timezonefinder import TimezoneFinder

PACK = Path(__file__).resolve().parent.parent / "brands" / "wren"
CITIES = """
AL: Birmingham, Huntsville, Mobile
AK: Anchorage, Fairbanks, Juneau
AZ: Phoenix, Tucson, Flagstaff
AR: Little Rock, Fayetteville
CA: Los Angeles, San Diego, San Francisco, Sacramento, Fresno, San Jose, Oakland, Long Beach, Bakersfield, Eureka
CO: Denver, Colorado Springs, Grand Junction, Fort Collins
CT: Hartford, New Haven
DE: Wilmington, Dover
DC: Washington, Washington
FL: Miami, Orlando, Tampa, Jacksonville, Tallahassee, Pensacola, Key West
GA: Atlanta, Savannah, Columbus
HI: Honolulu, Hilo
ID: Boise, Coeur D Alene, Idaho Falls
IL: Chicago, Chicago, Springfield, Peoria
IN: Indianapolis, Fort Wayne, Evansville, Gary
IA: Des Moines, Dubuque
KS: Wichita, Goodland
KY: Louisville, Lexington, Paducah
LA: New Orleans, Baton Rouge, Shreveport
ME: Portland, Bangor
MD: Baltimore, Frederick
MA: Boston, Worcester, Springfield
MI: Detroit, Grand Rapids, Ann Arbor, Marquette, Ironwood
MN: Minneapolis, Saint Paul, Duluth, Rochester
MS: Jackson, Gulfport
MO: Kansas City, Saint Louis, Springfield
MT: Billings, Missoula
NE: Omaha, Lincoln, Scottsbluff
NV: Las Vegas, Reno, Elko
NH: Manchester, Concord
NJ: Newark, Princeton, Atlantic City
NM: Albuquerque, Santa Fe
NY: New York, New York, Brooklyn, Buffalo, Rochester, Albany, Ithaca
NC: Charlotte, Raleigh, Asheville
ND: Fargo, Bismarck, Dickinson
OH: Columbus, Cleveland, Cincinnati, Toledo
OK: Oklahoma City, Tulsa
OR: Portland, Eugene, Bend, Ontario
PA: Philadelphia, Pittsburgh, Erie, Scranton
RI: Providence, Newport
SC: Charleston, Greenville
SD: Sioux Falls, Rapid City
TN: Nashville, Memphis, Knoxville, Chattanooga
TX: Houston, Dallas, Austin, San Antonio, El Paso, Lubbock, Fort Worth, Amarillo
UT: Salt Lake City, Provo, Saint George
VT: Burlington, Montpelier
VA: Richmond, Norfolk, Roanoke
WA: Seattle, Spokane, Tacoma, Bellingham
WV: Charleston, Morgantown
WI: Milwaukee, Madison, Green Bay
WY: Cheyenne, Casper
PR: San Juan, Ponce
"""
FIRST = (
    "Alder Bramble Clover Copper Harbor Hazel Juniper Kestrel Lantern Larch Linden Lowland Maple Meadow Millrace Mistral "
    "Northlight Orchard Pebble Plum Quarry Quince Redwing Rowan Saddle Sandbar Sorrel Sparrow Stonefield Sundial Tamarack "
    "Thistle Tidewater Upland Willow Winterberry Yarrow"
).split()
SHAPES = ("Wren of {city}", "{city} Wren", "{first} Wren", "{first} Motors Wren", "{first} Small Cars")
STREETS = (
    "Bellwether Avenue, Buttonwood Street, Cartwheel Road, Dovecote Lane, Foxglove Avenue, Half Moon Street, Lamplighter Way, "
    "Marigold Avenue, Nightjar Road, Pocketwatch Lane, Ropewalk Street, Signal Mill Road, Tinsmith Avenue, Windlass Way"
).split(", ")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = {
    "plain": ["09:00-18:00"] * 5 + ["09:00-17:00", "closed"],
    "late Thursday": ["09:00-18:00"] * 3 + ["09:00-20:00", "09:00-18:00", "09:00-17:00", "closed"],
    "all week": ["09:00-19:00"] * 6 + ["11:00-17:00"],
    "lunch": ["08:30-12:00 13:00-18:00"] * 5 + ["09:00-13:00", "closed"],
    "Tuesday on": ["closed"] + ["10:00-18:30"] * 5 + ["closed"],
}
SERVICES = (
    "sales service test-drive charging",
    "sales service test-drive certified charging",
    "sales service test-drive",
    "sales test-drive charging",
    "sales service test-drive certified",
)
TERMS = "confidentiality named-purposes those-purposes-only privacy-law our-checks notice-of-failure stop-and-repair"
# What the demo and the tests lean on; the pack's README says the same.
NAMES = {
    ("Bismarck", "ND"): (
        "northern-plains-bismarck",
        "The Original Northern Plains and Upper Missouri Valley Wren Sales, Service, Charging and Small-Car Company of Bismarck",
    ),
    ("Santa Fe", "NM"): ("zoe-ohara-pena-santa-fe", "Zoë O’Hara-Peña’s Wren"),
}
APPOINTMENT = ("Key West", "FL")
NO_TEST_DRIVES = {("Ontario", "OR"), ("Goodland", "KS"), ("Elko", "NV")}
EXPIRED = ("Fargo", "ND")
LACKS_A_TERM = ("Pensacola", "FL")
CLOSED_DAYS = (
    ("2026-11-26", "Thanksgiving"),
    ("2026-12-25", "Christmas Day"),
    ("2027-01-01", "New Year’s Day"),
    ("2027-05-31", "Memorial Day"),
    ("2027-07-04", "Independence Day"),
    ("2027-09-06", "Labor Day"),
    ("2027-11-25", "Thanksgiving"),
    ("2027-12-25", "Christmas Day"),
    ("2028-01-01", "New Year’s Day"),
)
MEMPHIS_FAIR = ("2027-06-11", "The street is closed for the fair", "memphis")


def places() -> list[tuple[str, str]]:
    return [
        (city.strip(), line[:2]) for line in CITIES.strip().splitlines() for city in line.partition(":")[2].split(",")
    ]


def standard_zips(city: str, state: str) -> list[dict]:
    found = [
        row
        for row in zipcodes.filter_by(city=city, state=state, zip_code_type="STANDARD", active=True)
        if float(row["lat"]) and row["area_codes"]
    ]
    if not found:
        raise SystemExit(f"There is no ZIP code with a place for {city}, {state}: choose another city.")
    return sorted(found, key=lambda row: row["zip_code"])


def plain(words: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in ascii_only).split())


def dealers() -> list[dict]:
    dice = random.Random(20261101)  # noqa: S311 - the same dealers every time
    zones, made, slugs = TimezoneFinder(), [], set()
    for number, (city, state) in enumerate(places()):
        at = dice.choice(standard_zips(city, state))
        first, shape = FIRST[number % len(FIRST)], dice.choice(SHAPES)
        if f"wren-{plain(city)}-{state.lower()}" in slugs:
            shape = "{first} Wren"
        own = plain(first) if "{first}" in shape else "wren"
        slug, name = NAMES.get(
            (city, state), (f"{own}-{plain(city)}-{state.lower()}", shape.format(city=city, first=first))
        )
        assert slug not in slugs
        slugs.add(slug)
        hours = ["appointment"] * 7 if (city, state) == APPOINTMENT else HOURS[dice.choice([*HOURS, "plain"])]
        services = "service charging" if (city, state) in NO_TEST_DRIVES else dice.choice(SERVICES)
        made.append(
            {
                "slug": slug,
                "name": name,
                "street": f"{dice.randrange(100, 9900)} {dice.choice(STREETS)}",
                "city": at["city"],
                "state": state,
                "zip": at["zip_code"],
                "phone": f"{dice.choice(at['area_codes'])}-555-{dice.randrange(100, 200):04}",
                "zone": zones.timezone_at(lat=float(at["lat"]), lng=float(at["long"])),
                **dict(zip(WEEKDAYS, hours, strict=True)),
                "services": services,
                "capacity": dice.choice((1, 1, 2, 2, 3)),
                "policy_url": f"https://{slug}.example/privacy",
                "lead_endpoint": f"https://{slug}.example/leads",
            }
        )
    return made


def contracts(network: list[dict]) -> list[dict]:
    made = []
    for dealer in network:
        place = (dealer["city"], dealer["state"])
        made.append(
            {
                "dealer": dealer["slug"],
                "version": "2025-1" if place == EXPIRED else "2026-1",
                "starts": "2025-10-01" if place == EXPIRED else "2026-01-01",
                "ends": "2026-09-30" if place == EXPIRED else "2029-12-31",
                "terms": TERMS.replace("our-checks ", "") if place == LACKS_A_TERM else TERMS,
            }
        )
    return made


def write(name: str, rows: list[dict]) -> None:
    with (PACK / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    network = dealers()
    fair = next(dealer["slug"] for dealer in network if dealer["city"].lower() == MEMPHIS_FAIR[2])
    write("dealers.csv", network)
    write("contracts.csv", contracts(network))
    write(
        "closed_days.csv",
        [{"day": day, "why": why, "dealers": "all"} for day, why in CLOSED_DAYS]
        + [{"day": MEMPHIS_FAIR[0], "why": MEMPHIS_FAIR[1], "dealers": fair}],
    )
    print(f"{len(network)} dealers in {len({dealer['state'] for dealer in network})} states and territories.")
