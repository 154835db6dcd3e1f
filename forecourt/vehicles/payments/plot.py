"""A few bars as SVG, each with its figure and its words; the page has the same as a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from forecourt.web.templatetags.web import money

WIDTH, HEIGHT, HEAD, FOOT = 360, 190, 24, 26
FILLED = Decimal("0.72")  # of the room that each bar has


@dataclass(frozen=True, slots=True)
class Point:
    """`more` are further cells of the table's row."""

    words: str
    amount: Decimal
    more: tuple[Decimal, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    point: Point
    left: Decimal
    top: Decimal
    width: Decimal
    height: Decimal

    @property
    def middle(self) -> Decimal:
        return self.left + self.width / 2

    @property
    def above(self) -> Decimal:
        return self.top - 6


@dataclass(frozen=True, slots=True)
class Plot:
    title: str
    heads: tuple[str, ...]
    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    foot: int = HEIGHT - 8

    @property
    def said(self) -> str:
        return f"{self.title}: " + ", ".join(f"{bar.point.words} {money(bar.point.amount)}" for bar in self.bars)


def plot(title: str, heads: tuple[str, ...], points: Iterable[Point]) -> Plot:
    """Bars from nothing, so that twice as high is twice as much."""
    points = tuple(points)
    highest = max(point.amount for point in points)
    room = Decimal(WIDTH) / len(points)
    bars = []
    for nth, point in enumerate(points):
        height = round((HEIGHT - HEAD - FOOT) * point.amount / highest, 1)
        left, width = round(room * nth + room * (1 - FILLED) / 2, 1), round(room * FILLED, 1)
        bars.append(Bar(point, left, HEIGHT - FOOT - height, width, height))
    return Plot(title, heads, tuple(bars))
