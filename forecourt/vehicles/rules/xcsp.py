"""Other people's rule sets: the part of XCSP 2.1 that car makers' instances use (domains, relations as tuples, constraints on them),
and lists of real sales over some of their variables.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lxml import etree

from forecourt.vehicles.rules.problem import BadProblem, Problem, Table, Variable

Kind = TypeVar("Kind")
WHOLE = re.compile(r"-?\d{1,9}")
MOST_VALUES = 10_000


class BadInstance(ValueError):
    """Says the file, the line and the mend."""


@dataclass(frozen=True, slots=True)
class Relation:
    rows: tuple[tuple[str, ...], ...]
    allowed: bool


def read(path: Path) -> Problem:
    try:
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise BadInstance(f"{path}: {error}. Give an XCSP 2.1 file.") from error
    domains = {name(path, each): words(path, each) for each in root.iterfind("domains/domain")}
    variables = tuple(
        Variable(name(path, each), looked_up(path, each, "domain", domains))
        for each in root.iterfind("variables/variable")
    )
    if not variables:
        raise BadInstance(f"{path}: there is no variable. Give an XCSP 2.1 file, with <domains> and <variables>.")
    relations = {name(path, each): relation(path, each) for each in root.iterfind("relations/relation")}
    constraints = tuple(table(path, each, relations) for each in root.iterfind("constraints/constraint"))
    try:
        return Problem(variables, constraints)
    except BadProblem as error:
        raise BadInstance(f"{path}: {error}.") from error


def table(path: Path, found: etree._Element, relations: dict[str, Relation]) -> Table:
    relation = looked_up(path, found, "reference", relations)
    return Table(tuple(found.get("scope", "").split()), relation.rows, name(path, found), relation.allowed)


def relation(path: Path, found: etree._Element) -> Relation:
    semantics = found.get("semantics")
    if semantics not in ("supports", "conflicts"):
        raise complaint(path, found, f"semantics is “{semantics}”: only “supports” and “conflicts” are known")
    rows = tuple(tuple(row.split()) for row in (found.text or "").split("|") if row.strip())
    stated = found.get("nbTuples")
    if stated is not None and stated != str(len(rows)):
        raise complaint(path, found, f"nbTuples says {stated} and there are {len(rows)}: the file may be cut off")
    return Relation(rows, semantics == "supports")


def words(path: Path, found: etree._Element) -> tuple[str, ...]:
    """ "0 1 4..7" as its values."""
    values: list[str] = []
    for word in (found.text or "").split():
        low, dots, high = word.partition("..")
        if not dots:
            values.append(word)
        elif WHOLE.fullmatch(low) and WHOLE.fullmatch(high) and 0 <= int(high) - int(low) < MOST_VALUES:
            values += map(str, range(int(low), int(high) + 1))
        else:
            raise complaint(
                path, found, f"“{word}” is no range: write two whole numbers, the smaller first, such as 4..7"
            )
    return tuple(values)


def name(path: Path, found: etree._Element) -> str:
    said = found.get("name")
    if not said:
        raise complaint(path, found, f"this {found.tag} has no name")
    return said


def looked_up(path: Path, found: etree._Element, key: str, known: Mapping[str, Kind]) -> Kind:
    said = found.get(key, "")
    if said not in known:
        raise complaint(path, found, f"{key} “{said}” is not defined in this file")
    return known[said]


def complaint(path: Path, found: etree._Element, says: str) -> BadInstance:
    return BadInstance(f"{path}:{found.sourceline}: {says}.")


def sales(path: Path, problem: Problem) -> Iterator[dict[str, str]]:
    """One sale a line, under a first line of variables; it need not name them all."""
    try:
        with path.open(encoding="utf-8") as lines:
            yield from read_sales(path, lines, problem)
    except UnicodeDecodeError:
        raise BadInstance(
            f"{path}: this is no text. Give sales as lines of values under a line of variables."
        ) from None


def read_sales(path: Path, lines: Iterator[str], problem: Problem) -> Iterator[dict[str, str]]:
    columns = next(lines, "").split()
    unknown = [column for column in columns if column not in problem.values]
    if unknown or not columns:
        listed = ", ".join(unknown) or "nothing"
        raise BadInstance(f"{path}:1: the first line names variables of the instance; {listed} is none.")
    for number, line in enumerate(lines, 2):
        values = line.split()
        if not values:
            continue
        if len(values) != len(columns):
            raise BadInstance(f"{path}:{number}: {len(values)} values under {len(columns)} names.")
        sale = dict(zip(columns, values, strict=True))
        for column, value in sale.items():
            if value not in problem.values[column]:
                raise BadInstance(f"{path}:{number}: {column} cannot be {value}.")
        yield sale
