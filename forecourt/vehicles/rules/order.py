"""In which order variables stand in a diagram: by the elimination tree of a min-fill order, so that what belongs together is near.

Source: Dechter, Constraint Processing (2003), section 3.4 (min-fill); Koster, Hoos and others use it for the same end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """`order` runs from the root to the leaves, each subtree in one piece; `parent` is "" at the root."""

    order: tuple[str, ...]
    parent: Mapping[str, str]


def neighbours(names: Iterable[str], scopes: Iterable[Iterable[str]]) -> dict[str, set[str]]:
    graph: dict[str, set[str]] = {name: set() for name in names}
    for scope in scopes:
        members = set(scope)
        for name in members:
            graph[name] |= members - {name}
    return graph


def components(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Variables that have nothing to do with one another, apart; each in the order of the graph."""
    found: dict[str, int] = {}
    groups: list[list[str]] = []
    for start in graph:
        if start in found:
            continue
        number, todo = len(groups), [start]
        groups.append([])
        found[start] = number
        while todo:
            for other in graph[todo.pop()]:
                if other not in found:
                    found[other] = number
                    todo.append(other)
    for name in graph:
        groups[found[name]].append(name)
    return groups


def min_fill(graph: Mapping[str, set[str]], names: Iterable[str]) -> Tree:
    """Of one component: take out, again and again, the variable whose neighbours lack the fewest edges among themselves."""
    rest = {name: set(graph[name]) for name in names}
    place = {name: number for number, name in enumerate(rest)}
    fill = {name: missing(rest, name) for name in rest}
    eliminated: list[str] = []
    bags: dict[str, set[str]] = {}
    while rest:
        taken = min(rest, key=lambda name: (fill[name], len(rest[name]), place[name]))
        near = rest.pop(taken)
        bags[taken] = near
        eliminated.append(taken)
        touched = set(near)
        for name in near:
            rest[name].discard(taken)
            added = near - rest[name] - {name}
            rest[name] |= added
            if added:
                touched |= rest[name]
        for name in touched & rest.keys():
            fill[name] = missing(rest, name)
    when = {name: number for number, name in enumerate(eliminated)}
    parent = {name: min(bag, key=when.__getitem__) if bag else "" for name, bag in bags.items()}
    return Tree(root_first(eliminated, parent), parent)


def missing(graph: Mapping[str, set[str]], name: str) -> int:
    near = graph[name]
    return sum(len(near - graph[other]) - 1 for other in near)


def root_first(eliminated: list[str], parent: Mapping[str, str]) -> tuple[str, ...]:
    """Each subtree in one piece, the smallest first, so that few of them lie open at any depth."""
    below: dict[str, list[str]] = {name: [] for name in eliminated}
    size = dict.fromkeys(eliminated, 1)
    for name in eliminated:
        if parent[name]:
            below[parent[name]].append(name)
            size[parent[name]] += size[name]
    order: list[str] = []
    todo = sorted((name for name in eliminated if not parent[name]), key=lambda name: (-size[name], name))
    while todo:
        name = todo.pop()
        order.append(name)
        todo += sorted(below[name], key=lambda child: (-size[child], child))
    return tuple(order)
