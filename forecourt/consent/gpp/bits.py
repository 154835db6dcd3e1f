"""Bits as GPP writes them: the highest first, six to a character.

Source: Global Privacy Platform String 1.0, "Creating a GPP String" and "Fibonacci Encoding to Deal with String Length".
"""

from string import ascii_lowercase, ascii_uppercase, digits

from forecourt.consent.gpp.trouble import GppError

ALPHABET = ascii_uppercase + ascii_lowercase + digits + "-_"
SIX = {character: f"{value:06b}" for value, character in enumerate(ALPHABET)}
TERMS = [1, 2]
while len(TERMS) < 23:
    TERMS.append(TERMS[-1] + TERMS[-2])
LARGEST = sum(TERMS[::-2])  # what the terms can write without two in a row


def to_text(bits: str) -> str:
    """base64url without "=". Filled up to whole bytes before whole characters, as the reference encoder does."""
    bits += "0" * (-len(bits) % 8)
    bits += "0" * (-len(bits) % 6)
    return "".join(ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))


def fibonacci(number: int) -> str:
    """`number` (1 to LARGEST) as a sum of Fibonacci numbers, the lowest first, ended by "11"."""
    code = "1"
    for term in reversed([term for term in TERMS if term <= number]):
        code = ("1" if term <= number else "0") + code
        number -= term if term <= number else 0
    return code


class Reader:
    """Reads bits from left to right. `where` begins each sentence about what is wrong."""

    def __init__(self, text: str, where: str) -> None:
        text = padless(text)
        if not text:
            raise GppError(f"{where} is empty.")
        for place, character in enumerate(text, start=1):
            if character not in SIX:
                raise GppError(
                    f"{where} has {character!a} as its character {place}; it is written in A-Z, a-z, 0-9, - and _."
                )
        self.bits = "".join(map(SIX.__getitem__, text))
        self.where = where
        self.at = 0

    def number(self, width: int, name: str) -> int:
        if self.at + width > len(self.bits):
            raise GppError(
                f"{self.where} ends before {name}: bit {self.at + width} is needed, {len(self.bits)} are there."
            )
        self.at += width
        return int(self.bits[self.at - width : self.at], 2)

    def fibonacci(self, name: str) -> int:
        end = self.bits.find("11", self.at)
        if end < 0:
            raise GppError(f"{self.where} ends within {name}, which begins at bit {self.at + 1}.")
        code = self.bits[self.at : end + 1]
        if len(code) > len(TERMS):
            raise GppError(f"{self.where} has a number over {LARGEST} as {name}, at bit {self.at + 1}.")
        self.at = end + 2
        return sum(term for bit, term in zip(code, TERMS, strict=False) if bit == "1")

    def has_more(self) -> bool:
        """Whether anything but zeros follows: any number of those may fill a string up."""
        return "1" in self.bits[self.at :]

    def finish(self, last: str) -> None:
        if self.has_more():
            more = self.bits.index("1", self.at) + 1
            raise GppError(f"{self.where} goes on after {last}, its last field: bit {more} is not zero.")


def padless(text: str) -> str:
    """Without the "=" that some encoders add to fill up a group of four."""
    bare = text.rstrip("=")
    return bare if len(text) - len(bare) <= 3 else text
