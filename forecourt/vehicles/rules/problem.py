"""A configuration problem: variables that take exactly one of their values each, and what may not stand together.

Nothing here knows cars. `vehicles.options` makes such a problem of a brand's option files, `xcsp` of other people's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

Choice = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Variable:
    """Takes exactly one of `values`, which are at least one and all different."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """`variable` has `value`, or where `positive` is false has another."""

    variable: str
    value: str
    positive: bool = True

    def __invert__(self) -> "Literal":
        return Literal(self.variable, self.value, not self.positive)


@dataclass(frozen=True, slots=True)
class Clause:
    """At least one of the literals holds. `because` is the id of the rule that says so."""

    literals: tuple[Literal, ...]
    because: str

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(literal.variable for literal in self.literals))

    def holds(self, choice: Choice) -> bool:
        return any((choice[literal.variable] == literal.value) is literal.positive for literal in self.literals)


@dataclass(frozen=True)
class Table:
    """The variables together take one of `tuples`, or where `allowed` is false none of them."""

    variables: tuple[str, ...]
    tuples: tuple[tuple[str, ...], ...]
    because: str
    allowed: bool = True

    @cached_property
    def rows(self) -> frozenset[tuple[str, ...]]:
        return frozenset(self.tuples)

    def holds(self, choice: Choice) -> bool:
        return (tuple(choice[name] for name in self.variables) in self.rows) is self.allowed


Constraint = Clause | Table


class BadProblem(ValueError):
    """The problem contradicts its own variables: an unknown name or value, a row of the wrong length."""


@dataclass(frozen=True)
class Problem:
    variables: tuple[Variable, ...]
    constraints: tuple[Constraint, ...]

    def __post_init__(self) -> None:
        for complaint in self._complaints():
            raise BadProblem(complaint)

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        return {variable.name: variable.values for variable in self.variables}

    def allows(self, choice: Choice) -> bool:
        """Whether a complete choice obeys every constraint, read one by one."""
        return all(constraint.holds(choice) for constraint in self.constraints)

    def solutions(self) -> Iterator[dict[str, str]]:
        """All of them, by trying everything: for small problems and for tests."""
        names = list(self.values)
        for values in product(*self.values.values()):
            choice = dict(zip(names, values, strict=True))
            if self.allows(choice):
                yield choice

    def _complaints(self) -> Iterator[str]:
        seen: set[str] = set()
        for variable in self.variables:
            if variable.name in seen:
                yield f"{variable.name} is there twice"
            seen.add(variable.name)
            if not variable.values or len(set(variable.values)) < len(variable.values):
                yield f"{variable.name} needs at least one value, and each once"
        known = {variable.name: frozenset(variable.values) for variable in self.variables}
        for constraint in self.constraints:
            yield from self._of(constraint, known)

    @staticmethod
    def _of(constraint: Constraint, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
        for name in constraint.variables:
            if name not in known:
                yield f"{constraint.because} speaks of {name}, which is no variable"
                return
        if isinstance(constraint, Clause):
            cells: Iterable[tuple[str, str]] = ((each.variable, each.value) for each in constraint.literals)
        else:
            width = len(constraint.variables)
            if len(set(constraint.variables)) < width:
                yield f"{constraint.because} names a variable twice"
            if any(len(row) != width for row in constraint.tuples):
                yield f"{constraint.because} has a row that is not {width} values long"
                return
            cells = {(name, row[at]) for row in constraint.tuples for at, name in enumerate(constraint.variables)}
        for name, value in cells:
            if value not in known[name]:
                yield f"{constraint.because} speaks of {name} = {value}, which it cannot be"
