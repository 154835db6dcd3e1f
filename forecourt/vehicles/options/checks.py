"""What has to hold of a range beside its grammar: something can be ordered, everything that is named can be, and everything that is
ordered has a price, in every state and on every day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from forecourt.vehicles.options.ranges import Option, PriceRow, Range, Start, literal
from forecourt.vehicles.rules.diagram import Diagram
from forecourt.vehicles.rules.oracle import Explanation, Oracle

Complaint = tuple[int, str]
DAY = timedelta(days=1)


def complaints(found: Range, diagram: Diagram) -> Iterator[Complaint]:
    """Each with the line that it is about."""
    yield from circles(found)
    with Oracle(found.problem) as oracle:
        if not diagram.count():
            rules, line = told(found, oracle.why_not({}, {}))
            yield line, f"nothing can be ordered at all: {rules}. Take one of these rules away"
            return
        can = diagram.possible({})
        for option in found.options.values():
            if option.value not in can[option.variable]:
                rules, _ = told(found, oracle.why_not({}, {option.variable: option.value}))
                yield (
                    option.line,
                    f"nobody can ever order {option.slug}: {rules}. Take one of these rules away",
                )
            for gap in unpriced(option, found, oracle):
                yield option.line, gap
    for start in found.starts:
        if begun(found, diagram, start) is None:
            yield 1, f"the popular build {start.slug} cannot be ordered: its options do not go together"


def told(found: Range, why: Explanation | None) -> tuple[str, int]:
    rules = [found.rule(id) for id in why.rules] if why else []
    return "; ".join(f"{rule.says} (line {rule.line})" for rule in rules), min((rule.line for rule in rules), default=1)


def circles(found: Range) -> Iterator[Complaint]:
    """What includes itself by way of others is free for everybody."""
    seen: set[str] = set()
    for option in found.options.values():
        if option.slug in seen:
            continue
        if path := way_back(found, option):
            seen |= set(path)
            chain = "; ".join(
                f"{found.options[one].name} comes with {found.options[other].name} (line {found.options[one].line})"
                for one, other in zip(path, [*path[1:], path[0]], strict=True)
            )
            yield option.line, f"{option.slug} includes itself: {chain}. Nobody would pay for it: take one away"


def way_back(found: Range, option: Option) -> list[str]:
    """Along what each includes, the shortest way from an option back to it; empty where there is none."""
    came: dict[str, str] = {}
    todo = [option.slug]
    for slug in todo:
        for other in found.options[slug].includes:
            if other == option.slug:
                path = [slug]
                while path[-1] != option.slug:
                    path.append(came[path[-1]])
                return path[::-1]
            if other not in came:
                came[other] = slug
                todo.append(other)
    return []


def unpriced(option: Option, found: Range, oracle: Oracle) -> Iterator[str]:
    """Where and when it can be ordered, without anything that includes it, and no price of its counts."""
    bringers = [each for each in found.options.values() if option.slug in each.includes]
    asked: set[tuple[PriceRow, ...]] = set()
    for words, rows in cases(option):
        if rows in asked or any(not row.having for row in rows):
            continue
        asked.add(rows)
        also = [
            *([~literal(each)] for each in bringers),
            *([~literal(found.options[slug]) for slug in row.having] for row in rows),
        ]
        if oracle.can({option.variable: option.value}, also):
            yield (
                f"{option.slug} can be ordered where no price of its counts{words}: "
                'add price = "…", which holds where no other does'
            )
            return


def cases(option: Option) -> Iterator[tuple[str, tuple[PriceRow, ...]]]:
    """For each state that a price names and all others, and each stretch of days between which prices begin and end: which count."""
    begins = {row.since for row in option.prices if row.since}
    begins |= {row.until + DAY for row in option.prices if row.until and row.until < date.max}
    days = [date.min, *sorted(begins - {date.min})]
    for state in ("", *sorted({state for row in option.prices for state in row.states})):
        for place, on in enumerate(days):
            since = f" from {on}" if place else ""
            until = f" until {days[place + 1] - DAY}" if place + 1 < len(days) else ""
            where = f" in {state}" if state else ""
            yield (
                f"{where}{since}{until}",
                tuple(row for row in option.prices if row.counts(frozenset(row.having), state, on)),
            )


def begun(found: Range, diagram: Diagram, start: Start) -> dict[str, str] | None:
    wanted = {found.options[slug].variable: found.options[slug].value for slug in start.options}
    return diagram.complete(wanted, [found.defaults])
