"""What the law asks of an offer before anybody may see it: companion terms beside what triggers them, and figures that agree.

Regulation Z, 12 CFR 1026.24; Regulation M, 12 CFR 1013.7; total price: California's CARS Act (SB 766). Where they differ, the
stricter holds everywhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from forecourt.vehicles.offers import said
from forecourt.vehicles.offers.deal import Credit, Kind, Leasing, Offer, Price
from forecourt.vehicles.offers.said import Statement, Term
from forecourt.vehicles.payments.maths import ZERO, apr, cents, finance

CREDIT_TRIGGERS = ("down", "months", "payment")
CREDIT_COMPANIONS = ("apr", "can_rise", "down", "months", "payment")
LEASE_TRIGGERS = ("payment", "due_at_signing", "down", "deposit", "acquisition", "months")
LEASE_COMPANIONS = (
    *("payment", "months", "due_at_signing", "deposit", "down", "acquisition", "disposition"),
    *("residual", "money_factor", "miles", "extra_mile", "total"),
)
Complaint = tuple[str, str]  # where (the words, or a key), what to do


def companions(kind: Kind, words: Iterable[str], table: Mapping[str, object]) -> Iterator[Complaint]:
    """Which terms are missing beside what the words or the table state. `table` is [finance] or [lease] as it stands in the file."""
    stated = [(text, each) for text in words for each in said.statements(text)]
    triggers = [(text, each) for text, each in stated if each.term is not Term.RATE]
    if kind is Kind.CASH:
        for text, each in stated:
            yield (
                text,
                f"“{each.words}” states {each.term}: an offer of cash cannot; make it finance or lease, with its terms",
            )
        return
    keys, needed = (CREDIT_TRIGGERS, CREDIT_COMPANIONS) if kind is Kind.FINANCE else (LEASE_TRIGGERS, LEASE_COMPANIONS)
    missing = [key for key in needed if key not in table]
    named = next((key for key in keys if key in table), "")
    if missing and triggers:
        text, each = triggers[0]
        yield text, f"“{each.words}” states {each.term}: then [{kind}] has to say {', '.join(missing)} too"
    elif missing and named:
        yield named, f"{named} cannot stand alone: [{kind}] has to say {', '.join(missing)} too"


def headline(kind: Kind, name: str, words: str) -> Iterator[Complaint]:
    """What may stand where no terms stand beside it, and what may be set large."""
    if each := next(said.statements(name), None):
        yield (
            name,
            f"“{each.words}” states {each.term}: the name stands alone in menus and titles; say it in the headline",
        )
    found = list(said.statements(words))
    if kind is not Kind.LEASE:
        return
    parts = [each for each in found if each.term in (Term.DOWN, Term.DEPOSIT)]
    if parts and not any(each.term is Term.SIGNING and each.amount is not None for each in found):
        yield (
            words,
            f"“{parts[0].words}” is part of what is due at signing: say the whole sum in the headline as well, or neither",
        )
    if each := next((each for each in found if each.term is Term.RATE), None):
        yield words, f"“{each.words}” would stand larger than its caution: a lease says a rate in its text only"


def rates(kind: Kind, words: Iterable[str]) -> Iterator[Complaint]:
    """A rate of credit is called APR; a rate of a lease never is."""
    for text in words:
        percents = [each for each in said.statements(text) if each.term is Term.RATE and each.is_percent]
        if kind is Kind.LEASE and said.calls_it_apr(text):
            yield text, "a lease has no APR and no interest rate: take the word out, or say “percentage”"
        if kind is Kind.FINANCE and percents and not said.names_apr(text):
            yield text, f"“{percents[0].words}” is a rate: call it APR in the same sentence"


def credit_figures(credit: Credit, price: Price) -> Iterator[Complaint]:
    found = credit.reckoned(price) if credit.down is None or credit.down < price.total else None
    if found is None or credit.payment is None:
        if credit.down is not None and credit.down >= price.total:
            yield "down", f"down is {credit.down}: it has to stay below the total price, {price.total}"
        return
    if found.payment != credit.payment:
        says = f"payment is {credit.payment}: {found.months} payments at {credit.apr}% on {found.amount} are {found.payment} each"
        yield "payment", says
        return
    computed = apr.rounded(finance.rate_of(found.amount, [credit.payment] * found.months))
    if computed != credit.apr:
        yield "apr", f"apr is {credit.apr}: these payments come to {computed}%"


def lease_figures(leasing: Leasing, price: Price) -> Iterator[Complaint]:
    if leasing.agreed > price.total:
        yield "agreed", f"agreed is {leasing.agreed}: it cannot be above the total price, {price.total}"
    try:
        found = leasing.reckoned()
    except ValueError as error:
        yield "residual", f"residual is {leasing.residual}: {error}"
        return
    for key, stated, reckoned, how in (
        ("payment", leasing.payment, found.payment, "depreciation and rent come to"),
        (
            "due_at_signing",
            leasing.due_at_signing,
            found.due_at_signing,
            "first payment, down, acquisition and deposit are",
        ),
        ("total", leasing.total, found.total_of_payments, "what is paid until the end comes to"),
    ):
        if stated != reckoned:
            yield key, f"{key} is {stated}: {how} {reckoned}"


def agreement(offer: Offer) -> Iterator[Complaint]:
    """Whether the figures in the words are the figures of the terms."""
    known = figures(offer)
    for text in offer.words:
        for each in said.statements(text):
            if each.term is Term.PERIOD and each.amount is None:
                yield text, f"“{each.words}”: say the period in months, so that it can be held against the terms"
            elif each.amount is not None and each.term in known and not same(each, known[each.term], offer):
                yield text, f"“{each.words}” says {each.amount}, and the terms say {known[each.term]}"


def figures(offer: Offer) -> dict[Term, Decimal]:
    if offer.leasing:
        return {
            Term.PAYMENT: offer.leasing.payment,
            Term.DOWN: offer.leasing.down,
            Term.PERIOD: Decimal(offer.leasing.months),
            Term.SIGNING: offer.leasing.due_at_signing,
            Term.DEPOSIT: offer.leasing.deposit,
        }
    if offer.credit is None:
        return {}
    found = offer.credit.reckoned(offer.price)
    known = {Term.RATE: offer.credit.apr}
    if found:
        known |= {
            Term.PAYMENT: found.payment,
            Term.DOWN: found.down,
            Term.PERIOD: Decimal(found.months),
            Term.SIGNING: found.due_at_signing,
            Term.CHARGE: found.finance_charge,
        }
    return known


def same(each: Statement, stands: Decimal, offer: Offer) -> bool:
    if each.term is Term.DOWN and each.is_percent:
        return cents(stands / offer.price.total * 100) == cents(each.amount or ZERO)
    return each.amount == stands
