"""Tables that sort by links, so that they sort without scripts and a sorted table has an address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is what the database orders by; empty for a column that does not sort."""

    label: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    href: str = ""
    aria: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    heads: tuple[Head, ...]
    rows: Iterable[Any]


def table(
    request: HttpRequest, name: str, columns: Sequence[Column], rows: QuerySet, usual: str, most: int = 200
) -> Table:
    """Sorted as the address asks (`?messages=-due`), else as usual; an order that no column has is ignored."""
    known = {column.field for column in columns if column.field}
    asked = request.GET.get(name, usual)
    order = asked if asked.removeprefix("-") in known else usual
    heads = tuple(head(request, name, column, order) for column in columns)
    return Table(name, heads, rows.order_by(order, "pk")[:most])


def head(request: HttpRequest, name: str, column: Column, order: str) -> Head:
    if not column.field:
        return Head(column.label)
    sorted_by_this = order.removeprefix("-") == column.field
    turned = f"-{column.field}" if order == column.field else column.field
    query = request.GET.copy()
    query[name] = turned
    aria = ("descending" if order.startswith("-") else "ascending") if sorted_by_this else "none"
    return Head(column.label, f"?{query.urlencode()}#{name}", aria)
