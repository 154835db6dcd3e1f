"""Free words: which cars somebody means by them, also where a letter is wrong. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from forecourt.dealers.places import plain
from forecourt.vehicles.stock.shelf import Cars, Shelf

MOST = 8
LONGEST = 24
LIKE = 0.74  # of the letters of two words, as difflib counts them
PASSED_OVER = frozenset(
    "a an and at by car cars for from i in me my near of on or please show that the to want with".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """`cars` that `typed` means; `read_as` where we took it for another word; no cars where it means nothing to us."""

    typed: str
    cars: Cars
    read_as: str = ""


class Vocabulary:
    """Every word of every name that a car of the shelf bears."""

    def __init__(self, shelf: Shelf, names: Iterable[tuple[str, str, str]]) -> None:
        """`names`: facet, value, and what people call it."""
        self.shelf = shelf
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for facet, value, name in names:
            if value in shelf.by_value[facet]:
                for word in plain(name).split():
                    found[word].add((facet, value))
        self.meanings: Mapping[str, frozenset[tuple[str, str]]] = {
            word: frozenset(those) for word, those in found.items()
        }
        self.like = lru_cache(maxsize=512)(self._like)

    def read(self, text: str, passed_over: Iterable[str] = ()) -> tuple[Word, ...]:
        leave = PASSED_OVER | set(passed_over)
        words = [word[:LONGEST] for word in plain(text).split() if word not in leave]
        return tuple(map(self.word, dict.fromkeys(words[:MOST])))

    def word(self, typed: str) -> Word:
        """A whole word, else how words begin, else the end of a VIN, else what looks most like it."""
        if typed in self.meanings:
            return Word(typed, self._cars([typed]))
        if len(typed) > 2 and (longer := [word for word in self.meanings if word.startswith(typed)]):
            return Word(typed, self._cars(longer))
        if (serial := typed.upper()[-6:]) in self.shelf.by_serial:
            cars = self.shelf.by_serial[serial]
            named = [entry for entry in self.shelf.members(cars) if entry.vin.endswith(typed.upper())]
            if named:
                return Word(typed, cars)
        return next((Word(typed, self._cars([word]), word) for word in self.like(typed)), Word(typed, 0))

    def _like(self, typed: str) -> list[str]:
        return get_close_matches(typed, self.meanings, n=1, cutoff=LIKE) if len(typed) > 3 else []

    def _cars(self, words: Iterable[str]) -> Cars:
        found = 0
        for facet, value in {meaning for word in words for meaning in self.meanings[word]}:
            found |= self.shelf.by_value[facet][value]
        return found
