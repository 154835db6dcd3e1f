"""One TOML file of the brand pack, read with the problems of all its lines kept, so that they are mended in one go."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from forecourt.policy import problems as pack
from forecourt.policy.problems import Problems

Choice = TypeVar("Choice", bound=StrEnum)


class Sheet:
    """Each method answers with what the file says, or notes a problem and answers with something of the same kind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems = Problems(path)
        self.problem = self.problems.add
        self.source = ""

    def read(self) -> dict[str, Any]:
        self.source = pack.read(self.path)
        return pack.tables(self.source, self.path)

    def place(self, key: str, table: str = "", nth: int = 0) -> int:
        """The number of the source line that gives the key in the nth such table, or the table's own where it does not."""
        here, seen, head = "", -1, 1
        for number, text in enumerate(self.source.splitlines(), 1):
            if opening := re.match(r"\s*\[+\s*([\w-]+)\s*\]+", text):
                here = opening[1]
                seen += here == table
                if here == table and seen == nth:
                    head = number
            elif here == table and seen == (nth if table else -1) and re.match(rf"\s*{re.escape(key)}\s*=", text):
                return number
        return head

    def words(self, found: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> str:
        value = found.get(key)
        if not isinstance(value, str) or not value.strip():
            self.problem(self.place(key, table, nth), f"{key} is {value!r}: write some words between quotation marks")
            return ""
        return value.strip()

    def list_of_words(self, found: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        value = found.get(key)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(each, str) and each.strip() for each in value)
        ):
            self.problem(
                self.place(key, table, nth), f'{key} needs a list of words, such as ["Heat pump", "Glass roof"]'
            )
            return ()
        return tuple(value)

    def whole(self, found: Mapping[str, Any], key: str, least: int, most: int, table: str = "", nth: int = 0) -> int:
        value = found.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.problem(
                self.place(key, table, nth), f"{key} is {value!r}: write a whole number from {least} to {most}"
            )
            return least
        return value

    def one_of(
        self, found: Mapping[str, Any], key: str, choices: type[Choice], table: str = "", nth: int = 0
    ) -> Choice:
        try:
            return choices(str(found.get(key)))
        except ValueError:
            self.problem(self.place(key, table, nth), f"{key} is {found.get(key)!r}: write one of {', '.join(choices)}")
            return next(iter(choices))

    def amount(
        self,
        found: Mapping[str, Any],
        key: str,
        table: str = "",
        nth: int = 0,
        *,
        least: Decimal = Decimal("0.01"),
        most: Decimal = Decimal(1_000_000),
        places: int = 2,
        such_as: str = "0",
    ) -> Decimal:
        """A number between quotation marks, since numbers without them are not exact."""
        value = found.get(key)
        try:
            amount = Decimal(value) if isinstance(value, str) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not least <= amount <= most or amount != round(amount, places):
            says = f'{key} is {value!r}: write a number from {least} to {most} between quotation marks, such as "{such_as}"'
            self.problem(self.place(key, table, nth), says)
            return least
        return amount

    def table(self, found: Mapping[str, Any], name: str, keys: set[str]) -> Mapping[str, Any]:
        row = found.get(name)
        if not isinstance(row, dict):
            self.problem(1, f"there is no [{name}]: add it, with {', '.join(sorted(keys))}")
            return {}
        self.only(row, keys, name)
        return row

    def only(self, found: Mapping[str, Any], keys: set[str], table: str = "", nth: int = 0) -> None:
        for key in sorted(set(found) - keys):
            self.problem(
                self.place(key, table, nth),
                f"{key} means nothing here: take it out, or name one of {', '.join(sorted(keys))}",
            )
