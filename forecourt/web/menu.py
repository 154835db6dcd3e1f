"""What the menu and the footer lead to, and nothing that is not built.

A room adds an entry with one line in ENTRIES. Whatever comes from a room's own data (model lines, editors' pages) it adds with
`add_source` when it starts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from forecourt.web.brand import brand

TITLES = {
    "models": "Models",
    "shopping": "Shopping tools",
    "community": "Community",
    "company": "Company",
    "legal": "Legal",
    "social": "Elsewhere",
}
# Where editors may put a page of theirs.
PLACES = ("models", "shopping", "community", "company", "legal")
# The group, the words, the address's name. A page leaves out what no room has yet; tests/web/test_menu.py does not.
ENTRIES = (
    ("bar", "Models", "vehicles:models"),
    ("bar", "Find a dealer", "dealers:find"),
    ("bar", "Book a test drive", "interactions:book"),
    ("models", "All models", "vehicles:models"),
    ("shopping", "Find a dealer", "dealers:find"),
    ("shopping", "Book a test drive", "interactions:book"),
    ("company", "Contact us", "inquiries:contact"),
    ("legal", "Privacy policy", "proof:policy"),
    ("legal", "How we keep it", "proof:checks"),
    ("legal", "California privacy notice", "proof:california"),
    ("legal", "Cookies", "rights:cookies"),
    ("legal", "Ad choices", "rights:ads"),
    ("legal", "Children", "minors:parents"),
    ("legal", "Where our links lead", "where_links_lead"),
    ("choices", "Your Privacy Choices", "rights:choices"),
)


# From looking to having; whatever else stands in the bar comes after these.
BAR = ("vehicles:models", "builds:start", "offers:all", "stock:search", "dealers:find", "interactions:book")
ICONS = {"rights:ads": "adchoices"}


@dataclass(frozen=True, slots=True)
class Link:
    """`under` is a heading within the group (a model year). `current` is "page", or "true" for a page below it."""

    words: str
    href: str
    under: str = ""
    icon: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str
    links: tuple[Link, ...]


Source = Callable[[], Iterable[tuple[str, Link]]]
_sources: list[tuple[Source, bool]] = []


def add_source(source: Source, *, asks_database: bool = False) -> None:
    """`source` yields the group and the link, each time that a page is made. A page that says that something is broken may not
    depend on the database, so it leaves those out that do."""
    _sources.append((source, asks_database))


def groups(links: Iterable[tuple[str, Link]], names: Iterable[str] = (), path: str | None = None) -> list[Group]:
    """The named groups, or all with a title, in order and without the empty ones."""
    found: dict[str, list[Link]] = {}
    for group, link in links:
        found.setdefault(group, []).append(at(link, path, group))
    if "bar" in found:
        order = [address_of(name) for name in BAR]
        found["bar"].sort(key=lambda link: order.index(link.href) if link.href in order else len(order))
    wanted = [name for name in names or TITLES if name in found]
    return [Group(name, TITLES.get(name, ""), tuple(found[name])) for name in wanted]


def all_links(*, broken: bool = False) -> Iterator[tuple[str, Link]]:
    for group, words, name in ENTRIES:
        if href := address_of(name):
            yield group, Link(words, href, icon=ICONS.get(name, ""))
    for source, asks_database in _sources:
        if not (asks_database and broken):
            yield from source()
    if brand().international:
        yield "company", Link(brand().international["name"], brand().international["address"])
    for network in brand().social:
        yield "social", Link(network["name"], network["address"], icon=network["icon"])


def at(link: Link, path: str | None, group: str) -> Link:
    """Marked where its page is open, and in the bar also where a page below it is."""
    if path == link.href:
        return replace(link, current="page")
    below = group == "bar" and path is not None and path.startswith(link.href)
    return replace(link, current="true") if below else link


def address_of(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
