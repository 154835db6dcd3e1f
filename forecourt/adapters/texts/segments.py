"""How many SMS a text costs: 160 GSM-7 characters in one and 153 in each of several, or 70 and 67 outside that alphabet."""

from dataclasses import dataclass

import smsutil


@dataclass(frozen=True, slots=True)
class Segments:
    count: int
    alphabet: str


def segments(body: str) -> Segments:
    split = smsutil.split(body)
    return Segments(max(1, len(split.parts)), "GSM-7" if smsutil.is_valid_gsm(body) else "UCS-2")
