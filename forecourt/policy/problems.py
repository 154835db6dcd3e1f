"""What is wrong with a file of the brand pack: each problem names its file, its line and what to do."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecourt.trouble import Trouble

ADD_IT = "the file is missing; add it"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


class BrokenPack(Trouble):
    """A pack that must not be shown. `problems` holds all that was found, in order, never none."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    @property
    def path(self) -> str:
        return self.problems[0].path

    @property
    def line(self) -> int:
        return self.problems[0].line

    @property
    def says(self) -> str:
        return self.problems[0].says


class Problems:
    """Collects the problems of one file, so that its author mends them all in one go."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.found: list[Problem] = []

    def add(self, line: int, says: str) -> None:
        self.found.append(Problem(self.path, line, says))

    def stop_if_any(self) -> None:
        if self.found:
            raise BrokenPack(self.found)


def broken(path: Path, line: int, says: str) -> BrokenPack:
    """The one thing that ends the reading of a file."""
    return BrokenPack([Problem(str(path), line, says)])


def read(path: Path, missing: str = ADD_IT) -> str:
    """The file's text, or BrokenPack where it cannot be read. `missing` says where to get one."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise broken(path, 1, missing) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise broken(path, line, "this is not UTF-8; save the file as UTF-8") from None


def tables(source: str, path: Path) -> dict[str, Any]:
    """What a TOML file says, or BrokenPack with the line that cannot be read."""
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(where[1]) if where else len(source.splitlines()) or 1
        raise broken(path, line, f"this is not TOML ({error}): mend that line") from None
