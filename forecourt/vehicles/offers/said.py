"""What the free words of an offer state, with the law's eyes: the terms that make further terms necessary.

Regulation Z, 12 CFR 1026.24(d)(1) (down payment, number of payments or period of repayment, amount of a payment, finance charge) and
Regulation M, 12 CFR 1013.7(d)(1) (amount of a payment, anything due at signing, or that nothing is). Where the two differ, both hold:
"nothing down" counts as a statement too. Whatever reads like such a term counts as one; an author who means something else writes it
differently.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from forecourt.vehicles.payments.maths import ZERO


class Term(StrEnum):
    """The values are how a problem names it."""

    PAYMENT = "the amount of a payment"
    DOWN = "a down payment"
    PERIOD = "the number of payments or the period of repayment"
    CHARGE = "a finance charge"
    SIGNING = "what is due at signing"
    DEPOSIT = "a security deposit"
    RATE = "a rate"


@dataclass(frozen=True, slots=True)
class Statement:
    """`amount` is dollars, months or percent, None where the words give none; `words` is what was read."""

    term: Term
    words: str
    amount: Decimal | None = None
    is_percent: bool = False


ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBERS = {word: nth for nth, word in enumerate(ONES, 1)} | TENS
NUMBERS |= {f"{tens}-{one}": value + NUMBERS[one] for tens, value in TENS.items() for one in ONES[:9]}
NUMBER = rf"(?<![\w$,.])(?:\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
NOTHING = r"(?<![\w$,.])(?:zero|no|nothing|without(?: an?y?)?|0|free)"
SUM = r"(?:\$\s?(?P<sum>\d[\d,]*(?:\.\d+)?)|(?P<sum2>\d[\d,]*(?:\.\d+)?)\s(?:dollars|bucks|usd)|usd\s?(?P<sum3>\d[\d,]*(?:\.\d+)?))"
PERCENT = r"(?P<percent>\d+(?:\.\d+)?)\s?(?:%|percent|per cent|pct)"
EACH = r"(?:(?:/|per|an?|each|every|for each)\s?(?:calendar\s)?(?:mo\b|month|week|fortnight|quarter|year|day|paycheck|payday|two weeks|installment|payment)|monthly|weekly|biweekly|mo\b|p\.?\s?m\b)"
SPELLED = rf"\b(?:hundred|thousand|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})\s(?:dollars|bucks)"
LINK = r"(?::|\s(?:just|only|from|of|at|for|is|as low as|you pay))*\s?"
PAY = r"(?:payments?|installments?|pmts?)"
MONTHS = r"(?:-?\s?(?P<unit>months?|mos?\b|years?|yrs?|weeks?))\b(?!\s(?:[\w/-]+\s){0,2}(?:warranty|maintenance|coverage|service|roadside|anniversary|old)\b)"

PATTERNS: tuple[tuple[Term, str], ...] = (
    (Term.PAYMENT, rf"{SUM}\s?{EACH}"),
    (Term.PAYMENT, r"(?<![\w$,.])(?P<sum>\d[\d,]*(?:\.\d+)?)\s?(?:/|per|a|an|each|every)\s?(?:mo\b|month|week)"),
    (Term.PAYMENT, rf"{SPELLED}\s?{EACH}"),
    (Term.DOWN, rf"{SPELLED}\s(?:\w+\s)?down\b"),
    (Term.SIGNING, rf"{SPELLED}\s(?:\w+\s){{0,3}}?(?:at|on|upon)\s(?:lease\s)?(?:signing|delivery)"),
    (Term.PAYMENT, rf"(?<!down ){PAY}\s(?:\w+\s){{0,4}}?{SUM}"),
    (Term.PAYMENT, rf"{SUM}\s(?:(?!down)\w+\s)?{PAY}"),
    (Term.PAYMENT, rf"(?:per month|a month|each month|monthly){LINK}{SUM}"),
    (Term.PAYMENT, rf"(?:{NOTHING}|skip|we make|waive\w*)\s(?:\w+\s){{0,3}}{PAY}"),
    (Term.DOWN, rf"{SUM}\s(?:\w+\s)?(?:cash\s)?(?:money\s)?down\b"),
    (Term.DOWN, rf"{PERCENT}\s(?:\w+\s)?down\b"),
    (Term.DOWN, rf"down(?:\s?payments?)?\s(?:\w+\s){{0,3}}?(?:{SUM}|{PERCENT})"),
    (Term.DOWN, rf"(?P<none>{NOTHING})\s(?:\w+\s)?down\b"),
    (Term.DOWN, r"(?P<bare>down\s?-?payments?|money down|cash down|capitalized cost reduction)"),
    (Term.PERIOD, rf"(?P<count>{NUMBER})\s(?:(?!down)\w+\s){{0,2}}?{PAY}"),
    (Term.PERIOD, rf"(?P<count>{NUMBER}){MONTHS}"),
    (Term.CHARGE, rf"{SUM}\s(?:in|of|total)?\s?(?:interest|finance charges?|financing costs?)"),
    (Term.CHARGE, rf"(?:interest|finance charges?|financing costs?)\s(?:\w+\s){{0,3}}?{SUM}"),
    (Term.CHARGE, r"(?P<none>interest[- ]free|(?:no|zero|without) interest)"),
    (Term.CHARGE, r"(?P<bare>finance charges?|charges? for credit|credit charges?|cost of (?:the )?(?:credit|loan))"),
    (Term.SIGNING, rf"{SUM}\s(?:\w+\s){{0,3}}?(?:at|on|upon)\s(?:lease\s)?(?:signing|delivery|inception|consummation)"),
    (Term.SIGNING, rf"(?:at|on|upon)\s(?:lease\s)?(?:signing|delivery|inception){LINK}{SUM}"),
    (Term.SIGNING, rf"(?P<none>{NOTHING})\s(?:\w+\s){{0,3}}?(?:at|on|upon)\s(?:lease\s)?(?:signing|delivery|inception|consummation)"),
    (Term.SIGNING, r"(?P<bare>(?:at|on|upon) (?:lease )?signing|drive[- ]?off|out[- ]of[- ]pocket|(?:pay nothing|nothing to pay)|sign (?:and|&|then) (?:drive|go)|first (?:month|payment)(?:['’]s)?(?: payment)? (?:is )?(?:free|waived|on us))"),
    (Term.DEPOSIT, rf"(?P<none>{NOTHING})\s(?:\w+\s)?security deposit"),
    (Term.DEPOSIT, rf"{SUM}\s(?:\w+\s)?security deposit"),
    (Term.DEPOSIT, rf"security deposit\s(?:\w+\s){{0,2}}?{SUM}"),
    (Term.DEPOSIT, r"(?P<bare>security deposits?)"),
    (Term.RATE, PERCENT),
    (Term.RATE, r"(?P<bare>\bapr\b|a\.p\.r\.|annual percentage rate|annual lease rate|interest rate|lease rate|\brate of\b)"),
)  # fmt: skip
COMPILED = tuple((term, re.compile(pattern)) for term, pattern in PATTERNS)
APR = re.compile(r"\bapr\b|a\.p\.r\.|annual (?:percentage|lease) rate|interest rate|(?:lease|yearly) rate")
NAMED_APR = re.compile(r"\bapr\b|annual percentage rate")


def statements(text: str) -> Iterator[Statement]:
    """Each term that the words state, the same one perhaps twice."""
    plain = flattened(text)
    for term, pattern in COMPILED:
        for found in pattern.finditer(plain):
            parts = {key: value for key, value in found.groupdict().items() if value is not None}
            if term is Term.RATE and "percent" in parts and is_no_rate(parts["percent"], plain[found.end() :]):
                continue
            yield Statement(term, found[0].strip(), amount(parts), is_percent="percent" in parts)


def is_no_rate(percent: str, after: str) -> bool:
    """ "10% down", "5% off" and "100% electric" are no rates."""
    return percent == "100" or re.match(r"\s(?:\w+\s)?(?:down|off)\b|\s(?:more|less|of)\b", after) is not None


def calls_it_apr(text: str) -> bool:
    """What a lease may not say (12 CFR 1013.4(s)): APR, or whatever sounds like it."""
    return APR.search(flattened(text)) is not None


def names_apr(text: str) -> bool:
    """What a rate of finance has to be called (12 CFR 1026.24(c))."""
    return NAMED_APR.search(flattened(text)) is not None


def flattened(text: str) -> str:
    """Small letters, plain spaces, hyphens and digits, without Markdown's stars: "$0‑Down" reads "$0 down" here."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(r"[‐-―−]", "-", plain)
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")
    plain = re.sub(r"[*_~`]", "", plain)
    plain = re.sub(r"[()\[\]{}<>\"“”|]|\s-\s", " ", plain)
    return " ".join(re.sub(r"(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=down\b)", " ", plain).split())


def amount(parts: dict[str, str]) -> Decimal | None:
    if found := next((parts[key] for key in ("sum", "sum2", "sum3") if key in parts), None):
        return Decimal(found.replace(",", ""))
    if "percent" in parts:
        return Decimal(parts["percent"])
    if "none" in parts:
        return ZERO
    if "count" in parts:
        count = Decimal(NUMBERS.get(parts["count"], 0) or parts["count"])
        unit = parts.get("unit", "")
        return None if unit.startswith("week") else count * 12 if unit.startswith("y") else count
    return None
