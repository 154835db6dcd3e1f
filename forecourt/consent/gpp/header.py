"""The header: which sections follow, as a range of their ids.

Source: Global Privacy Platform String 1.0, "Header Encoding" and the type Range (Fibonacci): twelve bits for the count of
items, then for each a bit (0 one id, 1 a run of ids), the distance from the last id, and for a run its length less one.
"""

from collections.abc import Sequence

from forecourt.consent.gpp.bits import Reader, fibonacci, to_text
from forecourt.consent.gpp.trouble import GppError

TYPE, VERSION = 3, 1
MOST_ITEMS = 2**12 - 1


def read(text: str, sections: int) -> list[int]:
    """The ids, in order, of the `sections` that follow."""
    reader = Reader(text, "The header")
    if (found := reader.number(6, "its type")) != TYPE:
        raise GppError(f"The header has type {found}, and a GPP string's is {TYPE} (it begins with D).")
    if (found := reader.number(6, "its version")) != VERSION:
        raise GppError(f"The header has version {found}, and {VERSION} is known.")
    ids: list[int] = []
    last = 0
    for item in range(1, reader.number(12, "the count of section ids") + 1):
        is_run = reader.number(1, f"item {item} of its section ids")
        first = last + reader.fibonacci(f"item {item} of its section ids")
        last = first + (reader.fibonacci(f"the length of item {item}") if is_run else 0)
        if len(ids) + last - first >= sections:
            raise GppError(f"The header names more sections than follow it, {sections} in all.")
        ids.extend(range(first, last + 1))
    reader.finish("the list of section ids")
    if len(ids) < sections:
        raise GppError(
            f"The header names section ids {listed(ids)}, {len(ids)} in all, and what follows it is {sections}."
        )
    return ids


def write(ids: Sequence[int]) -> str:
    """`ids` ascend, each once."""
    runs: list[list[int]] = []
    for number in ids:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    if len(runs) > MOST_ITEMS:
        raise GppError(f"A header holds {MOST_ITEMS} runs of section ids at the most, and these are {len(runs)}.")
    bits, last = f"{TYPE:06b}{VERSION:06b}{len(runs):012b}", 0
    for run in runs:
        bits += ("1" if len(run) > 1 else "0") + fibonacci(run[0] - last)
        bits += fibonacci(len(run) - 1) if len(run) > 1 else ""
        last = run[-1]
    return to_text(bits)


def listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids)) or "none"
