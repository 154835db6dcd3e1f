"""What is wrong with a policy file: each problem names its file, its line and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from forecourt.trouble import Trouble


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


class BrokenPolicy(Trouble):
    """A policy that must not be published. `problems` holds all that was found in the file, in order, never none."""

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
            raise BrokenPolicy(self.found)


def read(path: Path) -> str:
    """The file's text, or BrokenPolicy where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BrokenPolicy([Problem(str(path), 1, "the file is missing; add it")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BrokenPolicy([Problem(str(path), line, "this is not UTF-8; save the file as UTF-8")]) from None
