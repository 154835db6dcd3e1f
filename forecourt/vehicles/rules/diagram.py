"""All solutions of a problem as one small graph, and the questions that a visitor's clicks ask of it.

A part has one level a variable. A path from its root to its end, one edge a level, is a solution of that part, and each part has
nothing to do with the others. Numbers: nodes by level, root first; edges by node; so one run forward over the edges says what can
be reached, one run backward what can be completed. `static/web/rules.js` reads the same bytes and asks the same questions.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from forecourt.vehicles.rules.problem import Choice, Variable

MAGIC = b"FCR1"
FAR = 1 << 60


class BadDiagram(ValueError):
    """These bytes are no diagram, or one of another version."""


class Unknown(LookupError):
    """A choice names a variable or a value that the diagram has not."""


@dataclass(frozen=True)
class Part:
    """`first[node]` is its first edge, `starts[level]` the level's first node; `value` and `child` of each edge. The last node, one
    past all levels, is the end; a part without solution has no edge at all."""

    variables: tuple[str, ...]
    starts: "array[int]"
    first: "array[int]"
    value: "array[int]"
    child: "array[int]"

    @classmethod
    def of_levels(cls, variables: Sequence[str], levels: Sequence[Sequence[Sequence[tuple[int, int]]]]) -> "Part":
        """For each level its nodes, for each node its edges as (value, number of the child in the next level)."""
        starts, first, value, child = array("I", [0]), array("I"), array("H"), array("I")
        node = 0
        for level in levels:
            below = node + len(level)
            for edges in level:
                first.append(len(value))
                for code, number in edges:
                    value.append(code)
                    child.append(below + number)
            node = below
            starts.append(node)
        first.append(len(value))
        return cls(tuple(variables), starts, first, value, child)

    def emptied(self) -> "Part":
        return Part.of_levels(self.variables, [[[]], *([] for _ in self.variables[1:])])

    @property
    def end(self) -> int:
        return self.starts[-1]

    def edges(self, level: int) -> Iterator[tuple[int, int, int]]:
        """Each of that level's edges as (node, value, child)."""
        for node in range(self.starts[level], self.starts[level + 1]):
            for edge in range(self.first[node], self.first[node + 1]):
                yield node, self.value[edge], self.child[edge]

    def counts(self) -> list[int]:
        """From each node to the end."""
        found = [0] * self.end + [1]
        for level in reversed(range(len(self.variables))):
            for node, _, child in self.edges(level):
                found[node] += found[child]
        return found

    def possible(self, chosen: Sequence[int | None]) -> tuple[list[set[int]], bool]:
        """For each level the values that some solution has which agrees with every other level's choice; and whether the choices
        agree with one another."""
        reached, alive = bytearray(self.end + 1), bytearray(self.end + 1)
        reached[0] = alive[self.end] = 1
        for level, own in enumerate(chosen):
            for node, value, child in self.edges(level):
                if reached[node] and (own is None or own == value):
                    reached[child] = 1
        answer: list[set[int]] = [set() for _ in chosen]
        for level in reversed(range(len(chosen))):
            own = chosen[level]
            for node, value, child in self.edges(level):
                if alive[child]:
                    if reached[node]:
                        answer[level].add(value)
                    if own is None or own == value:
                        alive[node] = 1
        return answer, bool(alive[0])

    def cheapest(self, costs: Sequence[Sequence[int]]) -> list[int] | None:
        """The solution with the smallest sum of `costs[level][value]`; FAR forbids a value. Of equals, the first values win."""
        best = [FAR] * self.end + [0]
        taken = [-1] * self.end
        for level in reversed(range(len(costs))):
            for node in range(self.starts[level], self.starts[level + 1]):
                for edge in range(self.first[node], self.first[node + 1]):
                    cost = costs[level][self.value[edge]] + best[self.child[edge]]
                    if cost < best[node]:
                        best[node], taken[node] = cost, edge
        if best[0] >= FAR:
            return None
        path, node = [], 0
        for _ in costs:
            path.append(self.value[taken[node]])
            node = self.child[taken[node]]
        return path


@dataclass(frozen=True)
class Diagram:
    """`variables` in the problem's own order; `parts` cover each of them once."""

    variables: tuple[Variable, ...]
    parts: tuple[Part, ...]

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        return {variable.name: variable.values for variable in self.variables}

    @cached_property
    def _codes(self) -> dict[str, dict[str, int]]:
        return {name: {value: code for code, value in enumerate(values)} for name, values in self.values.items()}

    @property
    def nodes(self) -> int:
        return sum(part.end for part in self.parts)

    @property
    def edges(self) -> int:
        return sum(len(part.value) for part in self.parts)

    def count(self) -> int:
        """How many complete choices are allowed."""
        product = 1
        for part in self.parts:
            product *= part.counts()[0]
        return product

    def allows(self, choice: Choice) -> bool:
        """Whether a complete choice is a solution; Unknown where it names what is not there, or leaves something out."""
        if missing := next((name for name in self.values if name not in choice), ""):
            raise Unknown(f"{missing} is not chosen")
        return all(self._walk(part, codes) for part, codes in self._by_part(choice))

    def possible(self, partial: Choice) -> dict[str, frozenset[str]]:
        """For each variable the values that can still be had without changing any other choice. Empty sets everywhere mean
        that the choices contradict one another."""
        answers = [(part, *part.possible(codes)) for part, codes in self._by_part(partial)]
        at_odds = [part for part, _, agree in answers if not agree]
        found: dict[str, frozenset[str]] = {}
        for part, levels, _ in answers:
            nothing = any(other is not part for other in at_odds)
            for name, allowed in zip(part.variables, levels, strict=True):
                found[name] = frozenset() if nothing else frozenset(self.values[name][code] for code in allowed)
        return {name: found[name] for name in self.values}

    def complete(self, partial: Choice, prefer: Sequence[Choice] = ()) -> dict[str, str] | None:
        """A solution that keeps the partial choice, and of the preferences as many as it can, earlier ones first; None where none
        does."""
        return self._solved([(partial, FAR), *self._weighed(prefer)])

    def nearest(self, wanted: Choice, keep: Choice, prefer: Sequence[Choice] = ()) -> dict[str, str] | None:
        """A solution that has what is wanted and changes the fewest of the choices to keep; None where nothing has it."""
        return self._solved([(wanted, FAR), *self._weighed([keep, *prefer])])

    def _weighed(self, prefer: Sequence[Choice]) -> Iterator[tuple[Choice, int]]:
        """One of an earlier preference outweighs all of the later ones together."""
        weight = 1
        weights = []
        for choice in reversed(prefer):
            weights.append((choice, weight))
            weight *= len(choice) + 1
            if weight >= FAR // max(1, len(self.variables)):
                raise ValueError("too many preferences to weigh against one another")
        return reversed(weights)

    def _solved(self, weighed: Sequence[tuple[Choice, int]]) -> dict[str, str] | None:
        costs = {name: [0] * len(values) for name, values in self.values.items()}
        for choice, weight in weighed:
            for name, wanted in self._known(choice).items():
                costs[name] = [
                    cost if code == wanted else min(FAR, cost + weight) for code, cost in enumerate(costs[name])
                ]
        found: dict[str, str] = {}
        for part in self.parts:
            path = part.cheapest([costs[name] for name in part.variables])
            if path is None:
                return None
            found |= {name: self.values[name][code] for name, code in zip(part.variables, path, strict=True)}
        return {name: found[name] for name in self.values}

    def _by_part(self, choice: Choice) -> Iterator[tuple[Part, list[int | None]]]:
        codes = self._known(choice)
        for part in self.parts:
            yield part, [codes.get(name) for name in part.variables]

    def _known(self, choice: Choice) -> dict[str, int]:
        try:
            return {name: self._codes[name][value] for name, value in choice.items()}
        except KeyError as error:
            raise Unknown(f"the rules know no {error.args[0]}") from error

    @staticmethod
    def _walk(part: Part, codes: Iterable[int | None]) -> bool:
        node = 0
        for code in codes:
            for edge in range(part.first[node], part.first[node + 1]):
                if part.value[edge] == code:
                    node = part.child[edge]
                    break
            else:
                return False
        return True

    def to_bytes(self) -> bytes:
        """MAGIC, the length of the names, the names as JSON, then each part's numbers as varints: per level its nodes, per node
        its edges, per edge the value (less the one before) and the child (its number in the next level)."""
        place = {variable.name: number for number, variable in enumerate(self.variables)}
        names = {
            "variables": [[variable.name, *variable.values] for variable in self.variables],
            "parts": [[place[name] for name in part.variables] for part in self.parts],
        }
        head = json.dumps(names, separators=(",", ":"), ensure_ascii=False).encode()
        numbers = bytearray()
        for part in self.parts:
            for level in range(len(part.variables)):
                start, below = part.starts[level], part.starts[level + 1]
                varint(numbers, below - start)
                for node in range(start, below):
                    varint(numbers, part.first[node + 1] - part.first[node])
                    before = 0
                    for edge in range(part.first[node], part.first[node + 1]):
                        varint(numbers, part.value[edge] - before)
                        varint(numbers, part.child[edge] - below)
                        before = part.value[edge]
        return MAGIC + len(head).to_bytes(4, "little") + head + bytes(numbers)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Diagram":
        """BadDiagram for anything that to_bytes did not make, before it is believed."""
        if data[:4] != MAGIC:
            raise BadDiagram("these bytes do not begin as a diagram of this version")
        length = int.from_bytes(data[4:8], "little")
        try:
            names = json.loads(data[8 : 8 + length])
            variables = tuple(Variable(name, tuple(values)) for name, *values in names["variables"])
            scopes = [tuple(variables[place] for place in part) for part in names["parts"]]
            numbers = Numbers(data, 8 + length)
            parts = tuple(numbers.part(scope) for scope in scopes)
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise BadDiagram(f"these bytes are cut off or were changed: {error}") from error
        if sorted(variable.name for scope in scopes for variable in scope) != sorted(each.name for each in variables):
            raise BadDiagram("the parts do not cover each variable once")
        if not numbers.is_at_the_end:
            raise BadDiagram("there is more behind the diagram")
        return cls(variables, parts)


def varint(out: bytearray, number: int) -> None:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


class Numbers:
    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    @property
    def is_at_the_end(self) -> bool:
        return self.at == len(self.data)

    def next(self) -> int:
        number, shift = 0, 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
            if shift > 28:
                raise ValueError("a number is too long")

    def part(self, scope: Sequence[Variable]) -> Part:
        levels: list[list[list[tuple[int, int]]]] = []
        most = 0
        for variable in scope:
            # Every node costs a byte, so these bytes cannot ask for more memory than their own length allows.
            nodes = self.next()
            if nodes != most + 1:
                raise ValueError("a level has another number of nodes than edges lead to")
            most = -1
            level: list[list[tuple[int, int]]] = []
            for _ in range(nodes):
                edges: list[tuple[int, int]] = []
                value = 0
                for _ in range(self.next()):
                    value += self.next()
                    child = self.next()
                    if value >= len(variable.values) or child > most + 1:
                        raise ValueError("an edge leads nowhere")
                    most = max(most, child)
                    edges.append((value, child))
                level.append(edges)
            levels.append(level)
        if most > 0:
            raise ValueError("a part has more than one end")
        return Part.of_levels([variable.name for variable in scope], levels)
