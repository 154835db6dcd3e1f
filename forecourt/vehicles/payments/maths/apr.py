"""The annual percentage rate, by the actuarial method of Regulation Z (12 CFR 1026, Appendix J). Numbers in parentheses are its paragraphs."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from forecourt.vehicles.payments.maths import cents

PRECISION = 40
CLOSE = Decimal("1e-24")  # of the rate per unit-period
STEEPEST = Decimal(1_000_000)
MONTHS_A_YEAR, WEEKS_A_YEAR, DAYS_A_YEAR = 12, 52, 365


class NoRate(ValueError):
    """These advances and payments have no rate, and the message says why."""


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    SEMIMONTH = "semimonth"
    MONTH = "month"


DAYS = {Kind.DAY: 1, Kind.WEEK: 7, Kind.SEMIMONTH: 15, Kind.MONTH: 30}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit-period, or the time between two payments: so many days, weeks or months, or one semimonth."""

    kind: Kind
    times: int = 1

    def __post_init__(self) -> None:
        if self.times < 1 or (self.kind is Kind.SEMIMONTH and self.times > 1):
            raise ValueError(f"there is no unit-period of {self.times} {self.kind}s")

    @property
    def days(self) -> int:
        """For comparing lengths, with all months equal, (b)(3)(iv)."""
        return DAYS_A_YEAR if self == YEAR else DAYS[self.kind] * self.times

    @property
    def a_year(self) -> Fraction:
        """How many there are in a year, (b)(5)(ii) to (vii)."""
        whole = {
            Kind.DAY: DAYS_A_YEAR,
            Kind.WEEK: WEEKS_A_YEAR,
            Kind.SEMIMONTH: 2 * MONTHS_A_YEAR,
            Kind.MONTH: MONTHS_A_YEAR,
        }
        return Fraction(whole[self.kind], self.times)


DAY, WEEK, SEMIMONTH, MONTH = (Unit(kind) for kind in Kind)
BIWEEK, QUARTER, HALF_YEAR, YEAR = Unit(Kind.WEEK, 2), Unit(Kind.MONTH, 3), Unit(Kind.MONTH, 6), Unit(Kind.MONTH, 12)


@dataclass(frozen=True, slots=True)
class Flow:
    """Dollars on a day: an advance to the borrower, or a payment by them."""

    on: date
    amount: Decimal


def series(amount: Decimal, times: int, first: date, every: Unit) -> Iterator[Flow]:
    """So many equal flows. Every other one of a semimonthly series falls fifteen days after the one before it, in the same month."""
    for nth in range(times):
        yield Flow(step(first, every, nth), amount)


def step(first: date, every: Unit, nth: int) -> date:
    """The nth date of a series, counted from 0. A day that a month has not becomes its last one, (b)(3)(iv)."""
    if every.kind in (Kind.DAY, Kind.WEEK):
        return first + timedelta(days=every.days * nth)
    if every.kind is Kind.MONTH:
        return in_month(first, every.times * nth, first.day)
    half, rest = divmod(nth, 2)
    here = in_month(first, half, first.day)
    if not rest:
        return here
    if first.day <= 15:
        return date(here.year, here.month, min(first.day + 15, last_day(here)))
    return in_month(here, 1, first.day - 15)


def rate(
    advances: Iterable[Flow], payments: Iterable[Flow], *, begins: date | None = None, unit: Unit | None = None
) -> Decimal:
    """The annual percentage rate in percent, unrounded: the rate per unit-period that makes both sides of the general equation
    (b)(8) equal, times the unit-periods a year. `begins` is the day from which the finance charge is earned (the first advance
    where it is not said): what was advanced before it counts as advanced on it, (b)(2). `unit` is the unit-period (found by
    (b)(4) where it is not said). NoRate where there is none."""
    out, back = list(advances), list(payments)
    if not out or not back:
        raise NoRate("there have to be an advance and a payment")
    if any(flow.amount < 0 for flow in (*out, *back)):
        raise NoRate("amounts cannot be negative")
    start = begins or min(flow.on for flow in out)
    if any(flow.on < start for flow in back):
        raise NoRate("nothing can be paid before the term begins")
    out = [Flow(max(flow.on, start), flow.amount) for flow in out]
    unit = unit or unit_period(start, [flow.on for flow in out], [flow.on for flow in back])
    anchor = monthly_day([flow.on for flow in back])
    with localcontext(prec=PRECISION):
        terms = [(flow.amount, *times(unit, start, flow.on, anchor)) for flow in back]
        terms += [(-flow.amount, *times(unit, start, flow.on, anchor)) for flow in out]
        return solved(terms) * unit.a_year.numerator * 100 / unit.a_year.denominator


def rounded(percent: Decimal) -> Decimal:
    """To two decimals, as rates are disclosed."""
    return cents(percent)


def solved(terms: Sequence[tuple[Decimal, int, Decimal]]) -> Decimal:
    """The unit-period rate at which the present values of all flows cancel: a secant that keeps the root between its two ends
    (the Illinois method)."""

    def value(of: Decimal) -> Decimal:
        return sum((amount / ((1 + part * of) * (1 + of) ** whole) for amount, whole, part in terms), Decimal(0))

    low, high = Decimal(0), Decimal("0.01")
    at_low = value(low)
    if at_low < 0:
        raise NoRate("less is paid back than was advanced")
    if at_low == 0:
        return low
    while (at_high := value(high)) > 0:
        low, at_low, high = high, at_high, high * 4
        if high > STEEPEST:
            raise NoRate("no rate is steep enough: what is paid on the first day has to be less than what is advanced")
    side = 0
    while abs(high - low) > CLOSE * (1 + high) and at_high:
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            middle = (low + high) / 2
        at_middle = value(middle)
        if at_middle > 0:
            low, at_low = middle, at_middle
            at_high = at_high / 2 if side == 1 else at_high
            side = 1
        elif at_middle < 0:
            high, at_high = middle, at_middle
            at_low = at_low / 2 if side == -1 else at_low
            side = -1
        else:
            return middle
        if abs(at_middle) < CLOSE:
            return middle
    return high


def unit_period(start: date, advances: Iterable[date], payments: Iterable[date]) -> Unit:
    """By (b)(4): the common period that occurs most often, of several the shortest; without one, what is nearest to the average.
    Of one advance and one payment it is the term, a year at most."""
    out, back = sorted(set(advances)), sorted(set(payments))
    if len(out) == 1 and len(back) == 1 and out[0] == start:
        return term(start, back[0])
    gaps = [*gaps_between([start, *out]), *gaps_between([start, *back])]
    if not gaps:
        raise NoRate("everything is advanced and paid on one day")
    seen = Counter(period for gap in gaps for period in periods(*gap))
    common = {period: often for period, often in seen.items() if often > 1}
    if common:
        most = max(common.values())
        shortest = min((period for period, often in common.items() if often == most), key=lambda period: period.days)
        return min(shortest, YEAR, key=lambda period: period.days)
    average = Fraction(sum((later - earlier).days for earlier, later in gaps), len(gaps))
    return min(standard_intervals(), key=lambda period: (abs(period.days - average), period.days))


def term(start: date, end: date) -> Unit:
    """The unit-period of a single advance that a single payment ends, (b)(4)(ii), (b)(5)(vi) and (vii)."""
    months, days = months_back(start, end, end.day)
    if months >= MONTHS_A_YEAR:
        return YEAR
    if end <= start:
        raise NoRate("the payment has to come after the advance")
    return Unit(Kind.DAY, (end - start).days) if days or not months else Unit(Kind.MONTH, months)


def gaps_between(dates: Iterable[date]) -> Iterator[tuple[date, date]]:
    yield from pairwise(sorted(set(dates)))


def periods(earlier: date, later: date) -> Iterator[Unit]:
    """What a stretch between two dates can be: standard intervals, (b)(3)(iii), and where it is none of them its days."""
    days = (later - earlier).days
    found = False
    months = (later.year - earlier.year) * MONTHS_A_YEAR + later.month - earlier.month
    if months >= 1 and is_same_day(earlier, later):
        found = True
        yield Unit(Kind.MONTH, months)
    if is_half_month(earlier, later):
        found = True
        yield SEMIMONTH
    if days % 7 == 0 and days // 7 <= WEEKS_A_YEAR:
        found = True
        yield Unit(Kind.WEEK, days // 7)
    if not found:
        yield Unit(Kind.DAY, days)


def is_same_day(earlier: date, later: date) -> bool:
    """The same day of two months, or where one of them has not so many days, its last."""
    day = max(earlier.day, later.day)
    return all(one.day == min(day, last_day(one)) for one in (earlier, later))


def is_half_month(earlier: date, later: date) -> bool:
    """1st to 16th, 16th to 1st, 10th to 25th, 15th to the last, and the like."""
    if (earlier.year, earlier.month) == (later.year, later.month):
        return later.day - earlier.day == 15 or (earlier.day == 15 and later.day == last_day(later))
    follows = (later.year - earlier.year) * MONTHS_A_YEAR + later.month - earlier.month == 1
    from_last = earlier.day == last_day(earlier) and later.day == 15
    return follows and (earlier.day - later.day == 15 or from_last)


def standard_intervals() -> Iterator[Unit]:
    yield DAY
    yield SEMIMONTH
    yield from (Unit(Kind.WEEK, times) for times in range(1, WEEKS_A_YEAR + 1))
    yield from (Unit(Kind.MONTH, times) for times in range(1, MONTHS_A_YEAR + 1))


def times(unit: Unit, start: date, on: date, anchor: int) -> tuple[int, Decimal]:
    """Full unit-periods from the start to that day, and the fraction of one that remains, (b)(5). `anchor` is the day of the month
    on which a series falls, for months that are shorter."""
    if unit.kind in (Kind.DAY, Kind.WEEK):
        whole, rest = divmod((on - start).days, unit.days)
        return whole, Decimal(rest) / unit.days
    months, days = months_back(start, on, anchor)
    if unit == MONTH:
        return months, Decimal(days) / DAYS[Kind.MONTH]
    if unit == YEAR:
        years, over = divmod(months, MONTHS_A_YEAR)
        if not days:
            return years, Decimal(over) / MONTHS_A_YEAR
        return years, Decimal((back(on, years * MONTHS_A_YEAR, anchor) - start).days) / DAYS_A_YEAR
    whole, rest = divmod(DAYS[Kind.MONTH] * months + days, unit.days)
    return whole, Decimal(rest) / unit.days


def months_back(start: date, on: date, anchor: int) -> tuple[int, int]:
    """Full months measured back from the later date, and the days before the first of them."""
    months = max(0, (on.year - start.year) * MONTHS_A_YEAR + on.month - start.month)
    while months and back(on, months, anchor) < start:
        months -= 1
    return months, (back(on, months, anchor) - start).days


def back(on: date, months: int, anchor: int) -> date:
    day = anchor if on.day == min(anchor, last_day(on)) else on.day
    return in_month(on, -months, day)


def monthly_day(dates: Sequence[date]) -> int:
    """The day of the month that a series keeps to, though February cuts it short."""
    return max(on.day for on in dates)


def in_month(on: date, after: int, day: int) -> date:
    """That day of the month so many months later (or earlier), or its last one."""
    years, month = divmod(on.month - 1 + after, MONTHS_A_YEAR)
    first = date(on.year + years, month + 1, 1)
    return first.replace(day=min(day, last_day(first)))


def last_day(on: date) -> int:
    return monthrange(on.year, on.month)[1]
