"""The same questions, asked of a SAT solver: slower, known to be right, and able to say which rules stand in the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pysat.solvers import Solver

from forecourt.vehicles.rules.problem import Choice, Clause, Constraint, Literal, Problem

SOLVER = "glucose4"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why something cannot be had: none of these rules and none of these choices can be left out of the reason. Without choices,
    the rules alone forbid it."""

    rules: tuple[str, ...]
    choices: Mapping[str, str]


class Oracle:
    """Holds a solver; close it, or use it in a `with`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._next = 0
        self._number = {(name, value): self._new() for name, values in problem.values.items() for value in values}
        self._selector = {rule: self._new() for rule in dict.fromkeys(each.because for each in problem.constraints)}
        self._solver = Solver(name=SOLVER)
        for name, values in problem.values.items():
            numbers = [self._number[name, value] for value in values]
            self._solver.add_clause(numbers)
            for one, other in combinations(numbers, 2):
                self._solver.add_clause([-one, -other])
        for constraint in problem.constraints:
            for clause in self._clauses(constraint):
                self._solver.add_clause([-self._selector[constraint.because], *clause])

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    @cached_property
    def _all_rules(self) -> list[int]:
        return list(self._selector.values())

    def can(self, partial: Choice, also: Iterable[Iterable[Literal]] = ()) -> bool:
        """Whether some solution has these choices, and one literal at least of each group in `also`."""
        asked = [*self._all_rules, *self._numbers(partial)]
        groups = [[self._literal(literal) for literal in group] for group in also]
        if not groups:
            return bool(self._solver.solve(assumptions=asked))
        this_time = self._new()
        for group in groups:
            self._solver.add_clause([-this_time, *group])
        answer = bool(self._solver.solve(assumptions=[*asked, this_time]))
        self._solver.add_clause([-this_time])
        return answer

    def possible(self, partial: Choice) -> dict[str, frozenset[str]]:
        """As Diagram.possible: for each variable what can be had with everybody else's choice, one question a value."""
        return {
            name: frozenset(value for value in values if self.can({**partial, name: value}))
            for name, values in self.problem.values.items()
        }

    def why_not(self, partial: Choice, wanted: Choice) -> Explanation | None:
        """None where it can be had after all. The choice of what is wanted itself is set aside."""
        others = {name: value for name, value in partial.items() if name not in wanted}
        if self.can({**others, **wanted}):
            return None
        kept = list(others.items())
        rules = dict(self._selector)
        fixed = self._numbers(wanted)
        core = self._core([*rules.values(), *(self._number[each] for each in kept), *fixed])
        rules = {rule: number for rule, number in rules.items() if number in core}
        kept = [each for each in kept if self._number[each] in core]
        for each in list(kept):
            rest = [self._number[other] for other in kept if other != each]
            if not self._solver.solve(assumptions=[*rules.values(), *rest, *fixed]):
                kept.remove(each)
        choices = [self._number[each] for each in kept]
        for rule in list(rules):
            rest = [number for other, number in rules.items() if other != rule]
            if not self._solver.solve(assumptions=[*rest, *choices, *fixed]):
                del rules[rule]
        return Explanation(tuple(rules), dict(kept))

    def _core(self, assumptions: list[int]) -> set[int]:
        self._solver.solve(assumptions=assumptions)
        return set(self._solver.get_core() or ())

    def _numbers(self, choice: Choice) -> list[int]:
        return [self._number[each] for each in choice.items()]

    def _new(self) -> int:
        self._next += 1
        return self._next

    def _clauses(self, constraint: Constraint) -> Iterable[list[int]]:
        if isinstance(constraint, Clause):
            yield [self._literal(literal) for literal in constraint.literals]
            return
        rows = [[self._number[cell] for cell in zip(constraint.variables, row, strict=True)] for row in constraint.rows]
        if not constraint.allowed:
            yield from ([-number for number in row] for row in rows)
            return
        chosen = [self._new() for _ in rows]
        yield chosen
        by_cell: dict[int, list[int]] = {}
        for number, row in zip(chosen, rows, strict=True):
            for cell in row:
                yield [-number, cell]
                by_cell.setdefault(cell, []).append(number)
        for name in constraint.variables:
            for value in self.problem.values[name]:
                cell = self._number[name, value]
                yield [-cell, *by_cell.get(cell, [])]

    def _literal(self, literal: Literal) -> int:
        number = self._number[literal.variable, literal.value]
        return number if literal.positive else -number
