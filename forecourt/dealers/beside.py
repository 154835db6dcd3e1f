"""Where a dealer's page leads on to: rooms above this one add what they have there when they start."""

from collections.abc import Callable

from forecourt.web.menu import Link

Source = Callable[[str], Link | None]
_sources: list[Source] = []


def add_source(source: Source) -> None:
    """`source` takes a dealer's slug and gives the link, or None where it has nothing there."""
    _sources.append(source)


def links(slug: str) -> list[Link]:
    return [link for source in _sources if (link := source(slug))]
