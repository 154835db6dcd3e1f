"""Vehicle identification numbers: what people type, and what is wrong with it in words that lead to the right one.

The check digit and the model year follow 49 CFR 565.15: each character has a value, each position a weight, and the sum's
remainder by 11 stands ninth, ten written as X. Two characters of equal value (A, J and 1) cannot be told apart by it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LENGTH = 17
CHECK = 8  # counted from nought, like every place in this file; people are told one more
YEAR = 9
VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Left out of every VIN because they look like these.
NEVER = {"I": "1", "O": "0", "Q": "0"}
# What is taken for one another on a windshield, in a photo or over the phone.
ALIKE = "0D 1L 17 2Z 38 3B 4A 5S 6G 68 8B 9G BD CG EF FP HN KX MN PR UV VY".split()
# The characters of the model year, from 1980 and again from 2010.
YEARS = "ABCDEFGHJKLMNPRSTVWXY123456789"
BETWEEN = " -.,:;/#*_'\"`()[]\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True, slots=True)
class Guess:
    """One slip that would explain a check digit that does not fit: `vin` is right, `says` is what would have been misread."""

    says: str
    vin: str


def normal(typed: str) -> str:
    """Upper case, without what plates, papers and people put between; a leading "VIN" is no part of it."""
    found = unicodedata.normalize("NFKC", typed).upper()
    found = "".join(each for each in found if each not in BETWEEN and not each.isspace())
    return found.removeprefix("VIN") if len(found) > LENGTH else found


def check_digit(vin: str) -> str:
    """What stands ninth, of 17 characters that a VIN may have; the ninth itself is not looked at."""
    total = sum(VALUES[each] * weight for each, weight in zip(vin, WEIGHTS, strict=True) if weight)
    return "0123456789X"[total % 11]


def with_check_digit(vin: str) -> str:
    return vin[:CHECK] + check_digit(f"{vin[:CHECK]}0{vin[CHECK + 1 :]}") + vin[CHECK + 1 :]


def model_year(vin: str) -> int | None:
    """Of a car or light truck: a letter in the seventh place means 2010 and later. None for a character that means no year."""
    if vin[YEAR] not in YEARS:
        return None
    return (2010 if vin[6].isalpha() else 1980) + YEARS.index(vin[YEAR])


def problem_of(typed: str) -> str | None:
    """None for a VIN that can be right, or what to look at, for the person who typed it."""
    vin = normal(typed)
    if not vin:
        return "Type the 17 letters and digits of the VIN."
    if says := odd_characters(vin):
        return says
    if len(vin) != LENGTH:
        return wrong_length(vin)
    if vin[YEAR] not in YEARS:
        return f"Character 10 tells the model year, and {vin[YEAR]} stands for none. Look at it again."
    if vin[CHECK] != (right := check_digit(vin)):
        found = guesses(vin)
        hint = f" It would fit if {either([guess.says for guess in found[:3]])}." if found else ""
        return (
            f"One character is not as it is on the car. The ninth checks the others: it is {vin[CHECK]}, and by the other "
            f"sixteen it would have to be {right}.{hint}"
        )
    return None


def either(words: list[str]) -> str:
    return ", or if ".join(words)


def odd_characters(vin: str) -> str:
    for place, each in enumerate(vin):
        if each in NEVER:
            return (
                f"Character {place + 1} is the letter {each}, which no VIN has. It is probably the digit {NEVER[each]}."
            )
    for place, each in enumerate(vin):
        if each not in VALUES:
            return (
                f"Character {place + 1} is {each}. A VIN has only the letters A to Z, without I, O and Q, and digits."
            )
    return ""


def wrong_length(vin: str) -> str:
    missing = LENGTH - len(vin)
    count = f"{abs(missing)} {'character' if abs(missing) == 1 else 'characters'}"
    if missing > 0:
        return f"A VIN has 17 characters, and this one has {len(vin)}: {count} too few."
    return f"A VIN has 17 characters, and this one has {len(vin)}: {count} too many."


def suggestion(typed: str) -> str | None:
    """The one VIN that was probably meant where `problem_of` finds fault, or None where several would do as well."""
    vin = normal(typed)
    read = "".join(NEVER.get(each, each) for each in vin)
    if len(read) != LENGTH or not set(read) <= set(VALUES):
        return None
    if read != vin:
        return read if problem_of(read) is None else None
    found = {guess.vin for guess in guesses(vin)}
    return found.pop() if len(found) == 1 else None


def guesses(vin: str) -> tuple[Guess, ...]:
    """The usual slips, each of which alone would make the check digit fit: one character taken for another, or two neighbors
    swapped. Of 17 characters that a VIN may have."""
    if vin[CHECK] == check_digit(vin):
        return ()
    return tuple(guess for guess in (*misread(vin), *swapped(vin)) if guess.vin[CHECK] == check_digit(guess.vin))


def misread(vin: str) -> Iterator[Guess]:
    for place, each in enumerate(vin):
        for pair in ALIKE:
            if each in pair:
                other = pair.replace(each, "")
                yield Guess(f"character {place + 1} is {other}, not {each}", vin[:place] + other + vin[place + 1 :])


def swapped(vin: str) -> Iterator[Guess]:
    for place in range(LENGTH - 1):
        one, two = vin[place], vin[place + 1]
        if one != two:
            says = f"characters {place + 1} and {place + 2} are {two}{one}, not {one}{two}"
            yield Guess(says, vin[:place] + two + one + vin[place + 2 :])
