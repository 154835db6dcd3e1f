"""Reads the files of a brand pack's owners/ folder, and keeps every problem with its line."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from forecourt.policy import problems as pack
from forecourt.policy.problems import Problems
from forecourt.vehicles.sheet import Sheet

Row = Mapping[str, Any]


class OwnersFile(Sheet):
    def __init__(self, path: Path, keys: set[str]) -> None:
        super().__init__(path)
        self.found = self.read()
        self.only(self.found, keys)

    def rows(self, table: str, keys: set[str]) -> Iterator[tuple[int, Row]]:
        rows = self.found.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self.problem(self.place(table), f"{table} is no list of tables: write [[{table}]]")
            return
        for nth, row in enumerate(rows):
            self.only(row, keys, table, nth)
            yield nth, row

    def day(self, row: Row, key: str, table: str = "", nth: int = 0) -> date:
        value = row.get(key)
        if type(value) is not date:
            says = f"{key} is {value!r}: write a day without quotation marks, such as 2026-11-02"
            self.problem(self.place(key, table, nth), says)
            return date.min
        return value


def lines_of_csv(path: Path, columns: tuple[str, ...], problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that has as many as the first, with its number."""
    # Spreadsheets begin a file with a byte order mark.
    reader = csv.reader(io.StringIO(pack.read(path).removeprefix("\ufeff")), strict=True)
    try:
        if tuple(next(reader, [])) != columns:
            problems.add(1, f"the first line must be: {','.join(columns)}")
            return
        for cells in filter(None, reader):
            if len(cells) == len(columns):
                yield reader.line_num, [cell.strip() for cell in cells]
            else:
                says = f"there are {len(cells)} cells for {len(columns)} columns: add or take out commas"
                problems.add(reader.line_num, says)
    except csv.Error as error:
        problems.add(reader.line_num, f"this is not CSV ({error}): mend its quotation marks")
