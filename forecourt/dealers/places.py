"""What somebody typed as the place where they are, made into a point on the map. Offline, and kind about what it cannot place."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from statistics import fmean
from typing import Any, NamedTuple

import zipcodes

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico", "RI": "Rhode Island", "SC": "South Carolina",
    "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia",
    "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "AS": "American Samoa", "GU": "Guam", "MP": "Northern Mariana Islands", "VI": "U.S. Virgin Islands",
    "FM": "Micronesia", "MH": "Marshall Islands", "PW": "Palau",
}  # fmt: skip
MILITARY = ("AA", "AE", "AP")
POST_OFFICES = ("Apo", "Dpo", "Fpo")
ZIP = re.compile(r"(\d{5})(?:[\s-]*\d{4})?", re.ASCII)
DIGITS = re.compile(r"[\d\s.-]*\d[\d\s.-]*")
LONGEST_CITY = 40
MOST_MEANT = 8
SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


@dataclass(frozen=True, slots=True)
class Place:
    """`label` says it back: "Duluth, MN 55802". Degrees, north and east positive."""

    label: str
    latitude: float
    longitude: float


class NoPlace(ValueError):
    """Says what to type instead. `choices` are places that could have been meant, ready to be typed."""

    def __init__(self, sentence: str, choices: Iterable[str] = ()) -> None:
        self.sentence = sentence
        self.choices = tuple(choices)
        super().__init__(sentence)


def find(typed: str) -> Place | None:
    """The place, NoPlace where it cannot be placed, or None where the words name no place that we know."""
    words = " ".join(unicodedata.normalize("NFKC", typed).split())
    if DIGITS.fullmatch(words):
        return at_zip(words)
    city, state = split_state(words)
    if not city:
        return None
    if state:
        return at_city(city, state)
    states = cities().get(key(city), {})
    if len(states) > 1:
        names = sorted(place.label for place in states.values())
        raise NoPlace(f"{city_name(names[0])} is in {len(names)} states. Add yours, as in “{names[0]}”.", names)
    return next(iter(states.values()), None)


def at_zip(typed: str) -> Place:
    whole = ZIP.fullmatch(typed)
    if whole is None:
        raise NoPlace("A ZIP code has five digits, such as 55802.")
    code = whole[1]
    row = rows().get(code)
    if row is None:
        raise NoPlace(
            f"There is no ZIP code {code}. Check the digits, or enter a city and state, such as “Duluth, MN”."
        )
    if row["zip_code_type"] == "MILITARY" or row["state"] in MILITARY or row["city"] in POST_OFFICES:
        raise NoPlace(
            f"{code} is a military or diplomatic post office, which has no place on the map. "
            "Enter the ZIP code or the city nearest to where you would drive."
        )
    label = f"{row['city']}, {row['state']} {code}"
    if has_place(row):
        return Place(label, float(row["lat"]), float(row["long"]))
    # A few offices have no coordinates of their own; their city stands for them.
    city = cities().get(key(row["city"]), {}).get(row["state"])
    if city is None:
        raise NoPlace(f"We do not know where {code} is. Enter a ZIP code or a city near you.")
    return Place(label, city.latitude, city.longitude)


@cache
def rows() -> dict[str, dict[str, Any]]:
    """By ZIP code: the table itself is looked through from its first row to its last."""
    return {row["zip_code"]: row for row in reversed(zipcodes.list_all())}


def at_city(city: str, state: str) -> Place:
    found = cities().get(key(city), {})
    if state in found:
        return found[state]
    if not found:
        unknown = f"We know no place called {city} in {STATES[state]}."
        if meant := like(city, state):
            raise NoPlace(f"{unknown} Did you mean one of these?", meant)
        raise NoPlace(f"{unknown} Check the spelling, or enter a ZIP code.")
    names = sorted(place.label for place in found.values())
    raise NoPlace(f"We know no {city_name(names[0])} in {STATES[state]}. Did you mean one of these?", names)


def like(city: str, state: str = "") -> list[str]:
    """Places that are written nearly so: the same first letter, and few others wrong."""
    wanted = key(city)[:LONGEST_CITY]
    fit = {
        name: places
        for name, places in cities().items()
        if name[:1] == wanted[:1] and abs(len(name) - len(wanted)) <= 2 and (not state or state in places)
    }
    names = get_close_matches(wanted, fit, n=3, cutoff=0.8)
    return [place.label for name in names for of, place in sorted(fit[name].items()) if state in ("", of)][:MOST_MEANT]


def split_state(words: str) -> tuple[str, str]:
    """("Duluth", "MN") from "duluth, mn", "Duluth MN" or "Duluth, Minnesota"; either is "" where it is not named."""
    if (state := state_code(words)) and key(words) not in cities():
        return "", state
    if state:
        return words, ""
    city, _, rest = words.rpartition(",")
    if city and (state := state_code(rest)):
        return city.strip(" ,"), state
    parts = words.split()
    for length in (3, 2, 1):
        if len(parts) > length and (state := state_code(" ".join(parts[-length:]))):
            return " ".join(parts[:-length]).strip(" ,"), state
    return words.strip(" ,"), ""


def state_code(words: str) -> str:
    """From "mn", "M.N." or "Minnesota" comes "MN", and from anything else nothing."""
    return state_codes().get(plain(words.replace(".", "")), "")


@cache
def state_codes() -> dict[str, str]:
    return {plain(written): code for code, name in STATES.items() for written in (code, name)}


def city_name(label: str) -> str:
    return label.rpartition(",")[0]


@cache
def cities() -> dict[str, dict[str, Place]]:
    """By key, then state: the middle of the city's ZIP codes. Names that the post office takes as well count too."""
    found: dict[str, dict[str, Place]] = defaultdict(dict)
    for state in STATES:
        own: dict[str, list[Spot]] = defaultdict(list)
        also: dict[str, list[Spot]] = defaultdict(list)
        labels: dict[str, str] = {}
        for row in zipcodes.filter_by_state(state):
            if not has_place(row) or row["city"] in POST_OFFICES:
                continue
            lived_in = row["active"] and row["zip_code_type"] == "STANDARD"
            spot = Spot(lived_in, float(row["lat"]), float(row["long"]))
            own[key(row["city"])].append(spot)
            labels[key(row["city"])] = row["city"]
            for name in row["acceptable_cities"]:
                also[key(name)].append(spot)
                # "Nyc" is how people write, not how a place is called.
                labels.setdefault(key(name), name if len(name) > 3 else row["city"])
        for name, spots in (also | own).items():
            found[name][state] = middle(f"{labels[name]}, {state}", spots)
    return dict(found)


class Spot(NamedTuple):
    lived_in: bool
    latitude: float
    longitude: float


def middle(label: str, spots: list[Spot]) -> Place:
    """Of the ZIP codes where people live, else (post office boxes alone) of all."""
    chosen = [spot for spot in spots if spot.lived_in] or spots
    return Place(label, fmean(spot.latitude for spot in chosen), fmean(spot.longitude for spot in chosen))


def has_place(row: dict[str, Any]) -> bool:
    return bool(float(row["lat"]) or float(row["long"]))


def key(city: str) -> str:
    """Coeur d'Alene, Coeur D Alene and coeur dalene are one."""
    return plain(city).replace(" ", "")


def plain(words: str) -> str:
    """For comparing: no case, accents, punctuation or short forms. "St. José" and "saint jose" are one."""
    spelled = unicodedata.normalize("NFKD", words.casefold()).replace("'", "").replace("’", "")
    letters = "".join(letter for letter in spelled if not unicodedata.combining(letter))
    return " ".join(SHORT.get(word, word) for word in re.sub(r"[^\w]+", " ", letters).split())
