"""From a problem to its diagram, by OxiDD: binary diagrams over the bits of the values, conjoined up the elimination tree, then read
out as one level a variable.
"""

from collections import defaultdict
from collections.abc import Sequence

from oxidd.bdd import BDDFunction, BDDManager

from forecourt.vehicles.rules import order
from forecourt.vehicles.rules.diagram import Diagram, Part
from forecourt.vehicles.rules.problem import Clause, Constraint, Problem, Table

NODES = 1 << 22
CACHE = 1 << 20


def compile(problem: Problem) -> Diagram:
    """Raises MemoryError where the rules need more than some millions of nodes on the way."""
    graph = order.neighbours(problem.values, (constraint.variables for constraint in problem.constraints))
    groups = order.components(graph)
    home = {name: number for number, names in enumerate(groups) for name in names}
    constraints: dict[int, list[Constraint]] = defaultdict(list)
    contradicts_itself = False
    for constraint in problem.constraints:
        if constraint.variables:
            constraints[home[constraint.variables[0]]].append(constraint)
        else:
            contradicts_itself |= not constraint.holds({})
    # One for all parts: it takes its room when it is made.
    manager = BDDManager(NODES, CACHE, 1)
    parts = [
        Compiler(problem, order.min_fill(graph, names), manager).part(constraints[at])
        for at, names in enumerate(groups)
    ]
    if contradicts_itself:
        parts = [part.emptied() for part in parts]
    return Diagram(problem.variables, tuple(parts))


class Compiler:
    """Of one component."""

    def __init__(self, problem: Problem, tree: order.Tree, manager: BDDManager) -> None:
        self.tree = tree
        self.level = {name: number for number, name in enumerate(tree.order)}
        self.codes = {name: {value: code for code, value in enumerate(problem.values[name])} for name in tree.order}
        self.manager = manager
        self.bits: dict[str, list[BDDFunction]] = {}
        self.first_bit: dict[str, int] = {}
        for name in tree.order:
            width = max(1, (len(self.codes[name]) - 1).bit_length())
            added = self.manager.add_vars(width)
            self.first_bit[name] = added[0]
            self.bits[name] = [self.manager.var(bit) for bit in added]

    def part(self, constraints: Sequence[Constraint]) -> Part:
        buckets: dict[str, list[BDDFunction]] = defaultdict(list)
        for constraint in constraints:
            # The deepest of its variables is eliminated first.
            buckets[max(constraint.variables, key=self.level.__getitem__)].append(self.made(constraint))
        whole = self.manager.true()
        waiting: dict[str, BDDFunction] = {}
        for name in reversed(self.tree.order):
            found = self.domain(name)
            for function in sorted(buckets[name], key=BDDFunction.node_count):
                found &= function
            if name in waiting:
                found &= waiting.pop(name)
            above = self.tree.parent[name]
            if above:
                waiting[above] = waiting[above] & found if above in waiting else found
            else:
                whole &= found
        return self.read_out(whole)

    def made(self, constraint: Constraint) -> BDDFunction:
        if isinstance(constraint, Clause):
            return self.clause(constraint)
        found = self.table(constraint)
        return found if constraint.allowed else ~found

    def clause(self, clause: Clause) -> BDDFunction:
        found = self.manager.false()
        for literal in clause.literals:
            has = self.cases(literal.variable, {literal.value: self.manager.true()})
            found |= has if literal.positive else ~has
        return found

    def table(self, table: Table) -> BDDFunction:
        """A trie of the rows, deepest variable last, folded from its leaves."""
        places = sorted(range(len(table.variables)), key=lambda at: self.level[table.variables[at]])
        names = [table.variables[at] for at in places]
        rows = sorted({tuple(row[at] for at in places) for row in table.tuples})
        known: dict[tuple[tuple[str, ...], ...], BDDFunction] = {}

        def folded(depth: int, rows: Sequence[tuple[str, ...]]) -> BDDFunction:
            if depth == len(names):
                return self.manager.true()
            rest = tuple(row[depth:] for row in rows)
            if rest not in known:
                groups: dict[str, list[tuple[str, ...]]] = defaultdict(list)
                for row in rows:
                    groups[row[depth]].append(row)
                known[rest] = self.cases(names[depth], {value: folded(depth + 1, own) for value, own in groups.items()})
            return known[rest]

        return folded(0, rows) if rows else self.manager.false()

    def domain(self, name: str) -> BDDFunction:
        return self.cases(name, dict.fromkeys(self.codes[name], self.manager.true()))

    def cases(self, name: str, then: dict[str, BDDFunction]) -> BDDFunction:
        """What follows for each value; false for those that are not named."""
        bits = self.bits[name]
        false = self.manager.false()
        row = [false] * (1 << len(bits))
        for value, function in then.items():
            row[self.codes[name][value]] = function
        for bit in reversed(bits):
            row = [low if low == high else bit.ite(high, low) for low, high in zip(row[0::2], row[1::2], strict=True)]
        return row[0]

    def read_out(self, whole: BDDFunction) -> Part:
        """One level a variable: the same numbers of nodes whatever the bits, since each level is read as a whole."""
        false, here = self.manager.false(), [whole]
        levels: list[list[list[tuple[int, int]]]] = []
        for name in self.tree.order:
            numbers: dict[BDDFunction, int] = {}
            rows: list[list[tuple[int, int]]] = []
            for function in here:
                edges = []
                for code, child in enumerate(self.children(name, function)):
                    if child != false:
                        edges.append((code, numbers.setdefault(child, len(numbers))))
                rows.append(edges)
            levels.append(rows)
            here = list(numbers)
        return Part.of_levels(self.tree.order, levels)

    def children(self, name: str, function: BDDFunction) -> list[BDDFunction]:
        """By value: the function without this variable's bits."""
        row = [function]
        for bit in range(len(self.bits[name])):
            wanted = self.first_bit[name] + bit
            split: list[BDDFunction] = []
            for each in row:
                pair = each.cofactors() if each.node_var() == wanted else None
                split += (pair[1], pair[0]) if pair else (each, each)
            row = split
        return row[: len(self.codes[name])]
