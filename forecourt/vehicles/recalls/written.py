"""Reads the files of a brand pack's owners/ folder, and keeps every problem with its line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from forecourt.policy import problems as pack
from forecourt.policy.problems import Problems

Row = Mapping[str, Any]


class Toml:
    """`place` finds the line of a key in the nth table of that name, or the table's own line."""

    def __init__(self, path: Path, known: set[str]) -> None:
        self.path = path
        self.problems = Problems(path)
        self.source = pack.read(path)
        self.found = pack.tables(self.source, path)
        for key in sorted(set(self.found) - known):
            self.add(
                self.place(key), f"{key} means nothing here: take it out, or name one of {', '.join(sorted(known))}"
            )

    def add(self, line: int, says: str) -> None:
        self.problems.add(line, says)

    def place(self, key: str, table: str = "", nth: int = 0) -> int:
        here, seen, head = "", -1, 1
        for number, text in enumerate(self.source.splitlines(), 1):
            if opening := re.match(r"\s*\[+\s*([\w-]+)\s*\]+", text):
                here = opening[1]
                seen += here == table
                if seen == nth and (here == table or not table):
                    head = number
            if here == table and (not table or seen == nth) and re.match(rf"\s*{re.escape(key)}\s*=", text):
                return number
        return head if table else 1

    def rows(self, table: str, known: set[str]) -> Iterator[tuple[int, Row]]:
        rows = self.found.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.add(self.place(table), f"{table} is no list of tables: write [[{table}]]")
            return
        for nth, row in enumerate(rows):
            for key in sorted(set(row) - known):
                says = f"{key} means nothing here: take it out, or name one of {', '.join(sorted(known))}"
                self.add(self.place(key, table, nth), says)
            yield nth, row

    def words(self, row: Row, key: str, table: str = "", nth: int = 0, missing: str | None = None) -> str:
        """`missing` is what a row without the key means; None: it has to be there."""
        if key not in row and missing is not None:
            return missing
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            self.add(self.place(key, table, nth), f"{key} is {value!r}: write some words between quotation marks")
            return ""
        return value.strip()

    def list_of_words(self, row: Row, key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        value = row.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(each, str) and each for each in value):
            self.add(self.place(key, table, nth), f'{key} needs a list of words, such as ["PIPIT"]')
            return ()
        return tuple(value)

    def whole(self, row: Row, key: str, least: int, most: int, table: str = "", nth: int = 0) -> int:
        value = row.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.add(self.place(key, table, nth), f"{key} is {value!r}: write a whole number from {least} to {most}")
            return least
        return value

    def one_of(self, row: Row, key: str, choices: tuple[str, ...], table: str = "", nth: int = 0) -> str:
        value = row.get(key)
        if value not in choices:
            self.add(self.place(key, table, nth), f"{key} is {value!r}: write one of {', '.join(choices)}")
            return choices[0]
        return str(value)

    def day(self, row: Row, key: str, table: str = "", nth: int = 0) -> date:
        value = row.get(key)
        if type(value) is not date:
            self.add(
                self.place(key, table, nth),
                f"{key} is {value!r}: write a day without quotation marks, such as 2026-11-02",
            )
            return date.min
        return value

    def stop_if_any(self) -> None:
        self.problems.stop_if_any()


def lines_of_csv(path: Path, columns: tuple[str, ...], problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has as many as the first, with its number."""
    # Spreadsheets begin a file with a byte order mark.
    reader = csv.reader(io.StringIO(pack.read(path).removeprefix("\ufeff")), strict=True)
    try:
        if tuple(next(reader, [])) != columns:
            problems.add(1, f"the first line must be: {','.join(columns)}")
            return
        for cells in filter(None, reader):
            if len(cells) != len(columns):
                problems.add(
                    reader.line_num, f"there are {len(cells)} cells for {len(columns)} columns: add or take out commas"
                )
                continue
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        problems.add(reader.line_num, f"this is not CSV ({error}): mend its quotation marks")
