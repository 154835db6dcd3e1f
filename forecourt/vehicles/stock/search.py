"""From a question in an address to what the page says."""

from collections.abc import Iterator
from dataclasses import dataclass

from forecourt.dealers import places
from forecourt.dealers.locator import miles_between
from forecourt.dealers.network import network
from forecourt.dealers.places import NoPlace, Place
from forecourt.vehicles.stock import naming
from forecourt.vehicles.stock.asked import Asked
from forecourt.vehicles.stock.shelf import FACETS, WITHIN, Page, Question
from forecourt.vehicles.stock.store import Kept, entry_of
from forecourt.vehicles.stock.words import Word
from forecourt.web.brand import brand

DEALERS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of a facet: how many cars it shows beside all that else is asked for."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """`more` are choices behind a fold."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()

    @property
    def is_chosen(self) -> bool:
        return any(choice.chosen for choice in (*self.choices, *self.more))


@dataclass(frozen=True, slots=True)
class Part:
    """Something that can be taken back, and the address without it; `count` of the cars that would show then, where it is said."""

    words: str
    href: str
    count: int = 0


@dataclass(frozen=True)
class Search:
    """`trouble` is about the place, with `meant` to choose from; `words` as we read them."""

    asked: Asked
    kept: Kept
    question: Question
    words: tuple[Word, ...]
    place: Place | None = None
    trouble: str = ""
    meant: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.kept.shelf.matching(self.question).bit_count()

    @property
    def read_as(self) -> list[Word]:
        return [word for word in self.words if word.read_as]

    @property
    def sort(self) -> str:
        return self.question.sort

    def page(self) -> tuple[Page, bool]:
        """And whether the place in the list was lost, so that it starts anew."""
        after = entry_of(self.asked.after) if self.asked.after else None
        found = self.kept.shelf.page(self.question, after)
        if self.asked.after and (after is None or not found.slugs) and found.total:
            return self.kept.shelf.page(self.question), True
        return found, False

    def miles(self, dealer: str) -> float | None:
        return self.question.miles.get(dealer) if self.question.miles else None

    def facets(self) -> Iterator[Facet]:
        for name in FACETS:
            choices = self._choices(name)
            if not choices:
                continue
            if name == "dealer":
                choices.sort(key=lambda choice: (not choice.chosen, *self._nearest(choice)))
                shown = max(DEALERS_SHOWN, sum(choice.chosen for choice in choices))
                yield Facet(name, naming.TITLES[name], tuple(choices[:shown]), tuple(choices[shown:]))
            else:
                yield Facet(name, naming.TITLES[name], tuple(choices))

    def _nearest(self, choice: Choice) -> tuple[float, str]:
        far = self.miles(choice.value)
        return (-choice.count if far is None else far), choice.name

    def _choices(self, facet: str) -> list[Choice]:
        chosen = self.asked.chosen.get(facet, ())
        counts = dict.fromkeys(chosen, 0) | self.kept.shelf.counts(self.question, facet)
        found = [
            Choice(value, naming.shown(facet, value, self.kept.names), count, value in chosen)
            for value, count in counts.items()
        ]
        if facet == "price":
            return sorted(found, key=lambda choice: (len(choice.value), choice.value))
        if facet == "year":
            return sorted(found, key=lambda choice: choice.value, reverse=True)
        order = {value: place for place, (of, value) in enumerate(self.kept.names) if of == facet}
        return sorted(found, key=lambda choice: order.get(choice.value, len(order)))

    def within(self) -> list[tuple[int, int, bool]]:
        counts = self.kept.shelf.counts_within(self.question)
        return [(most, counts[most], self.asked.within == most) for most in WITHIN if counts]

    def parts(self) -> list[Part]:
        """All that was asked for, each to be taken back by itself."""
        asked, names = self.asked, self.kept.names
        found = [
            Part(naming.shown(facet, value, names), asked.without(facet, value).address)
            for facet, values in asked.chosen.items()
            for value in values
        ]
        found += [Part(f"“{word.typed}”", self._less(word).address) for word in self.words]
        if self.place and asked.within is not None:
            found.append(Part(self._distance, asked.having(within=None).address))
        elif self.place:
            left = asked.having(near="", sort="" if asked.sort == "near" else asked.sort)
            found.append(Part(f"near {self.place.label}", left.address))
        return found

    def looser(self) -> list[Part]:
        """What to take back so that some cars show, first what helps most; where no one thing does, what there is of each alone."""
        asked, without = self.asked, self.kept.shelf.without
        parts = [
            Part(f"any {naming.TITLES[facet].lower()}", asked.without(facet).address, without(self.question, facet))
            for facet in asked.chosen
        ]
        parts += [
            Part(f"without “{word.typed}”", self._less(word).address, without(self.question, f"word {place}"))
            for place, word in enumerate(self.words)
        ]
        if self.question.within is not None:
            parts.append(
                Part(f"not only {self._distance}", asked.having(within=None).address, without(self.question, "within"))
            )
        found = [part for part in parts if part.count] or self._alone()
        return sorted(found, key=lambda part: (-part.count, part.words))

    @property
    def _distance(self) -> str:
        return f"within {self.asked.within} miles of {self.place.label if self.place else self.asked.near}"

    def _less(self, word: Word) -> Asked:
        return self.asked.having(text=" ".join(each.typed for each in self.words if each is not word))

    def _alone(self) -> list[Part]:
        """Each value and word that was asked for, with nothing beside it."""
        shelf = self.kept.shelf
        values = [
            Part(
                f"only {naming.shown(facet, value, self.kept.names)}",
                Asked(chosen={facet: (value,)}).address,
                shelf.any_of(facet, [value]).bit_count(),
            )
            for facet, values in self.asked.chosen.items()
            for value in values
        ]
        words = [
            Part(f"only “{word.typed}”", Asked(text=word.typed).address, word.cars.bit_count()) for word in self.words
        ]
        return [part for part in (*values, *words) if part.count]


def search(asked: Asked, kept: Kept) -> Search:
    place, trouble, meant = placed(asked.near)
    words = kept.vocabulary.read(asked.text, passed_over=brand().name.casefold().split())
    miles = None
    if place:
        miles = {dealer.slug: miles_between(place, dealer) for dealer in network().dealers}
    question = Question(
        chosen=asked.chosen,
        words=tuple(word.cars for word in words),
        miles=miles,
        within=asked.within if miles else None,
        sort=asked.sort or ("near" if miles else "newest"),
    )
    return Search(asked, kept, question, words, place, trouble, meant)


def placed(near: str) -> tuple[Place | None, str, tuple[str, ...]]:
    """What somebody typed as where they are; what to type instead; what could have been meant."""
    if not near:
        return None, "", ()
    try:
        place = places.find(near)
    except NoPlace as error:
        return None, error.sentence, error.choices
    unknown = "We know no place of that name. Enter a ZIP code, or a city and its state."
    return (place, "", ()) if place else (None, unknown, tuple(places.like(near)))
