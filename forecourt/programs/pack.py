"""The brand's programs, each a file of the pack: what its page says and what its form asks. Read once and frozen.

A product without its price, or without what it does not cover, is none that we show (S-23).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from forecourt.policy import problems as pack
from forecourt.policy.problems import BrokenPack, Problem
from forecourt.vehicles.catalogue import SLUG, Reader
from forecourt.web.menu import Link

FOLDER = "programs"
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["replacements", "smartquotes"])
CENTS = re.compile(r"\d{1,7}(\.\d\d)?")


class Kind(StrEnum):
    """What a program is to our software: which form it has, and which uses of the policy it rests on."""

    MILITARY = "military"
    DIPLOMATIC = "diplomatic"
    MOBILITY = "mobility"
    PROTECTION = "protection"
    FINANCE = "finance"


# What somebody has to show, and whose form has a choice of answers.
SHOWN = (Kind.MILITARY, Kind.DIPLOMATIC, Kind.MOBILITY)
# What a program's file has beside its claim, where that is no list of choices.
TABLES = {Kind.PROTECTION: "product", Kind.FINANCE: "notice"}


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Product:
    """An extra that somebody can buy or leave. `price` is in dollars; `basis` says how often and for how long."""

    slug: str
    name: str
    price: Decimal
    basis: str
    covers: tuple[str, ...]
    excludes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the form asks, and how long its answers last: `decide` until they are destroyed undecided, `keep` for the yes or no.

    `proof` says what the document has to show; `most` is the largest sum that is paid back or lent, over one of `months`.
    """

    asks: str
    proof: str
    decide: timedelta
    keep: timedelta
    most: Decimal | None
    months: tuple[int, ...]


# What a notice says: each a term and the words about it.
Notice = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Program:
    slug: str
    kind: Kind
    order: int
    menu: str
    title: str
    lead: str
    button: str
    text: SafeString
    terms: Terms
    choices: tuple[Choice, ...]
    products: tuple[Product, ...]
    notice: Notice
    automated: Notice

    def get_absolute_url(self) -> str:
        return reverse("programs:program", args=[self.slug])

    @property
    def is_shown_proof(self) -> bool:
        return self.kind in SHOWN

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What the form lets choose from: slug and words."""
        return [(one.slug, one.name) for one in self.choices] + [(one.slug, one.name) for one in self.products]

    def choice(self, slug: str) -> str:
        """The words of an answer, or the answer itself where the brand has dropped it since."""
        return dict(self.answers).get(slug, slug)


def programs() -> tuple[Program, ...]:
    """In the brand's order; none where the pack has no such folder."""
    return _read_once(Path(settings.BRAND) / FOLDER)


def program(slug: str) -> Program | None:
    return next((found for found in programs() if found.slug == slug), None)


def of_kind(kind: str) -> Program | None:
    return next((found for found in programs() if found.kind == kind), None)


def menu_links() -> Iterator[tuple[str, Link]]:
    for found in programs():
        yield "shopping", Link(found.menu, found.get_absolute_url())


def form_addresses(now: datetime) -> Iterator[str]:
    for found in programs():
        yield reverse("programs:form", args=[found.slug])


@cache
def _read_once(folder: Path) -> tuple[Program, ...]:
    return read(folder)


def read(folder: Path) -> tuple[Program, ...]:
    """The programs of a pack, or BrokenPack with everything that is wrong in their files."""
    found: list[Program] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            found.append(ProgramReader(path, folder).program())
        except BrokenPack as error:
            problems += error.problems
    for one in found:
        for other in found:
            if other.slug < one.slug and (twin := says_the_same(one, other)):
                problems.append(Problem(str(folder / f"{one.slug}.toml"), 1, twin))
    if problems:
        raise BrokenPack(problems)
    return tuple(sorted(found, key=lambda one: one.order))


def says_the_same(one: Program, other: Program) -> str:
    if one.kind is other.kind:
        return f"{other.slug}.toml is the {one.kind} program already: keep one of the two"
    if one.order == other.order:
        return f"order {one.order} is taken by {other.slug}.toml: give each program a place of its own"
    return ""


class ProgramReader(Reader):
    """One program's file, every problem with its line."""

    def program(self) -> Program:
        self.source = pack.read(self.path)
        found = pack.tables(self.source, self.path)
        if not SLUG.fullmatch(self.path.stem):
            self.problem(1, "the file's name becomes the page's address: use lower-case letters, digits and hyphens")
        words = {key: self.words(found, key) for key in ("menu", "title", "lead", "button", "text")}
        kind = self.one_of(found, "kind", Kind)
        table = TABLES.get(kind, "choice")
        made = Program(
            slug=self.path.stem,
            kind=kind,
            order=self.whole(found, "order", 1, 999),
            **{**words, "text": mark_safe(MARKDOWN.render(words["text"]))},  # noqa: S308 (of the pack, without HTML)
            terms=self.terms(found.get("claim", {}), kind),
            choices=tuple(self.choice(row, nth) for nth, row in enumerate(self.rows(found, "choice")))
            if table == "choice"
            else (),
            products=tuple(self.product(row, nth) for nth, row in enumerate(self.rows(found, "product")))
            if table == "product"
            else (),
            notice=self.notice(found, "notice") if table == "notice" else (),
            automated=self.notice(found, "automated") if table == "notice" else (),
        )
        tables = {table, "automated"} if table == "notice" else {table}
        self.only(found, {"kind", "order", "claim", *tables, *words})
        self.twice([slug for slug, _ in made.answers], table)
        self.problems.stop_if_any()
        return made

    def terms(self, row: Mapping[str, Any], kind: Kind) -> Terms:
        known = {"asks", "decide_days", "keep_days"}
        if kind in SHOWN:
            known.add("proof")
        if kind in (Kind.MOBILITY, Kind.FINANCE):
            known.add("most")
        if kind is Kind.FINANCE:
            known.add("months")
        self.only(row, known, "claim")
        return Terms(
            asks=self.words(row, "asks", "claim"),
            proof=self.words(row, "proof", "claim") if "proof" in known else "",
            decide=self.days(row, "decide_days"),
            keep=self.days(row, "keep_days"),
            most=self.dollars(row, "most", "claim") if "most" in known else None,
            months=self.months(row) if "months" in known else (),
        )

    def months(self, row: Mapping[str, Any]) -> tuple[int, ...]:
        value = row.get("months")
        if not isinstance(value, list) or not value or not all(type(one) is int and 6 <= one <= 120 for one in value):
            says = f"months is {value!r}: write the months that somebody can choose, such as [24, 36, 48]"
            self.problem(self.place("months", "claim"), says)
            return ()
        return tuple(value)

    def notice(self, found: Mapping[str, Any], table: str) -> Notice:
        said = []
        for nth, row in enumerate(self.rows(found, table)):
            self.only(row, {"term", "words"}, table, nth)
            said.append((self.words(row, "term", table, nth), self.words(row, "words", table, nth)))
        return tuple(said)

    def choice(self, row: Mapping[str, Any], nth: int) -> Choice:
        self.only(row, {"slug", "name"}, "choice", nth)
        return Choice(self.slug(row, "choice", nth), self.words(row, "name", "choice", nth))

    def product(self, row: Mapping[str, Any], nth: int) -> Product:
        self.only(row, {"slug", "name", "price", "basis", "covers", "excludes"}, "product", nth)
        return Product(
            slug=self.slug(row, "product", nth),
            name=self.words(row, "name", "product", nth),
            price=self.dollars(row, "price", "product", nth),
            basis=self.words(row, "basis", "product", nth),
            covers=self.list_of_words(row, "covers", "product", nth),
            excludes=self.list_of_words(row, "excludes", "product", nth),
        )

    def slug(self, row: Mapping[str, Any], table: str, nth: int) -> str:
        slug = self.words(row, "slug", table, nth)
        if slug and not SLUG.fullmatch(slug):
            says = f"slug is {slug!r}: use lower-case letters, digits and hyphens"
            self.problem(self.place("slug", table, nth), says)
        return slug

    def days(self, row: Mapping[str, Any], key: str) -> timedelta:
        value = row.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 400:
            self.problem(self.place(key, "claim"), f"{key} is {value!r}: write a whole number of days from 1 to 400")
            return timedelta(days=1)
        return timedelta(days=value)

    def dollars(self, row: Mapping[str, Any], key: str, table: str, nth: int = 0) -> Decimal:
        price = row.get(key)
        amount = Decimal(price) if isinstance(price, str) and CENTS.fullmatch(price) else Decimal(0)
        if amount <= 0:
            says = f'{key} is {price!r}: write dollars between quotation marks, such as "480" or "480.50"'
            self.problem(self.place(key, table, nth), says)
        return amount

    def only(self, row: Mapping[str, Any], known: set[str], table: str = "", nth: int = 0) -> None:
        for key in sorted(set(row) - known):
            says = f"{key} means nothing here: take it out, or name one of {', '.join(sorted(known))}"
            self.problem(self.place(key, table, nth), says)

    def twice(self, slugs: list[str], table: str) -> None:
        for nth, slug in enumerate(slugs):
            if slug and slug in slugs[:nth]:
                self.problem(self.place("slug", table, nth), f"{slug} stands here twice: give each a slug of its own")
