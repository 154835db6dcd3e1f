"""The sentence about estimating a payment."""

import re
from decimal import Decimal
from fractions import Fraction
from urllib.parse import urlencode

from forecourt.consent import policies
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.vehicles.payments import terms
from forecourt.vehicles.payments.maths import cents
from forecourt.web import cookies

DOLLARS = re.compile(r"\$([\d,]+\.\d\d)")
# What the form may ask, and nothing of it is about a person.
ASKED = {"car", "price", "down", "trade_in", "state", "tax", "months", "apr", "lease_months", "miles"}
CASES = (
    {"price": "23400", "down": "2000", "apr": "5.9", "months": "60", "state": ""},
    {"price": "31234.56", "down": "0", "apr": "0", "months": "48", "state": "MN", "trade_in": "4000"},
    {
        "price": "61000",
        "down": "9500.50",
        "apr": "11.25",
        "months": "84",
        "state": "CA",
        "lease_months": "24",
        "miles": "15000",
    },
)


@probe("S-19")
def an_estimate_is_the_formulas_and_asks_nothing(visitor):
    """Asks for a few payments, without cookies and without a script, and reckons each anew from the sums on the page, by fractions,
    which round nothing. Looks for the rate, the term and each line of what is due at signing, and for anything that the form asks
    beside the car and its terms."""
    if terms.terms() is None:
        raise CouldNotRun("this brand has no estimates")
    for case in CASES:
        page = visitor.sees(f"/payments/?{urlencode(case)}").must_be_fine()
        visitor.world.look()
        if {name for form in page.forms() if "/payments/" in form.action for name in form.asked} - ASKED:
            yield "the form asks for more than the car and its terms"
        yield from loan(page, case)
        yield from lease(page)
    if visitor.browser.offered_cookies:
        yield "an estimate sets a cookie"


def loan(page, case):
    section = part(page, "loan")
    sums = rows(section)
    amount, months = sums["Amount financed"], int(case["months"])
    rate = Fraction(case["apr"]) / 1200
    exact = amount * rate / (1 - (1 + rate) ** -months) if rate else amount / months
    if month(section) != half_up(exact):
        yield "a payment on credit is not the formula's"
    if amount != sums["Price with delivery"] + sums["Tax, lent with it"] - sums["Down payment"] - sums.get(
        "Trade-in", 0
    ):
        yield "the amount financed is not the sum of its lines"
    words = " ".join(section.text_content().split())
    if f"{float(case['apr']):.2f}% APR" not in words or f"{months} monthly payments" not in words:
        yield "a payment is shown without its rate or its term"


def lease(page):
    section = part(page, "lease")
    sums, words = rows(section), " ".join(section.text_content().split())
    term = re.search(r"This is a lease: (\d+) monthly payments, \$([\d,]+\.\d\d) due at signing", words)
    factor = re.search(r"× (0\.\d+) =", words)
    if not term or not factor:
        yield "a payment is shown without its rate or its term"
        return
    months = int(term[1])
    both = sums["Adjusted capitalized cost"] + sums["Residual value, at the end"]
    base = half_up(sums["Depreciation"] / months + both * Fraction(factor[1]))
    taxed = re.search(r"\+ \$([\d,]+\.\d\d) tax =", words)
    if month(section) != base + (number(taxed[1]) if taxed else 0):
        yield "a payment of a lease is not the formula's"
    due = [
        number(cell)
        for cell in section.xpath(".//h3[.='Due at signing']/following::table[1]//td/text()")
        if "$" in cell
    ]
    if sum(due[:-1]) != due[-1] or due[-1] != number(term[2]):
        yield "what is due at signing is not the sum of its lines"


def part(page, name: str):
    found = page.tree.xpath(f"//section[@aria-labelledby='{name}']")
    if not found or not found[0].xpath(".//table"):
        raise CouldNotRun(f"the page shows no {name}")
    return found[0]


def month(section) -> Fraction:
    return number(section.xpath("string(.//*[contains(@class, 'pay-month')]/strong)"))


def rows(section) -> dict[str, Fraction]:
    """The lines of the first table: what each is called, and its sum. A loan of no trade-in has no line for it."""
    found = {}
    for row in section.xpath(".//table[1]//tr"):
        name, value = row.xpath("string(th)"), row.xpath("string(td)")
        if name not in found and DOLLARS.search(value):
            found[" ".join(name.split())] = number(value)
    return found


def number(words: str) -> Fraction:
    found = DOLLARS.search(words if "$" in words else f"${words}")
    if not found:
        raise CouldNotRun("the page shows a sum that cannot be read")
    return Fraction(found[1].replace(",", ""))


def half_up(exact: Fraction) -> Fraction:
    return Fraction(int(exact * 100 + Fraction(1, 2)), 100)


@mutant("S-19", seam="forecourt.vehicles.payments.maths.finance.payment", finding="on credit is not the formula's")
def a_cent_is_added(payment):
    return lambda *args: payment(*args) + Decimal("0.01")


@mutant(
    "S-19", seam="forecourt.vehicles.payments.maths.lease.Lease.base_payment", finding="of a lease is not the formula's"
)
def the_residual_bears_no_rent(base_payment):
    return property(lambda self: cents(self.depreciation / self.months + self.capitalized * self.money_factor))


@mutant(
    "S-19", seam="forecourt.vehicles.payments.maths.lease.Lease.due_at_signing", finding="due at signing is not the sum"
)
def a_fee_is_not_told(due_at_signing):
    return property(lambda self: due_at_signing.fget(self) + self.disposition)


@mutant("S-19", seam="forecourt.vehicles.payments.views.render", finding="without its rate or its term")
def the_rate_is_left_out(render):
    def without_rate(*args, **kwargs):
        response = render(*args, **kwargs)
        response.content = response.content.replace(b"% APR", b"%")
        return response

    return without_rate


@mutant("S-19", seam="forecourt.vehicles.payments.views.render", finding="asks for more than the car and its terms")
def an_email_address_is_asked_for(render):
    def curious(*args, **kwargs):
        response = render(*args, **kwargs)
        response.content = response.content.replace(b"</fieldset>", b'<input type="email" name="email"></fieldset>', 1)
        return response

    return curious


@mutant("S-19", seam="forecourt.vehicles.payments.views.render", finding="an estimate sets a cookie")
def what_was_typed_is_remembered(render):
    def remembering(request, *args, **kwargs):
        response = render(request, *args, **kwargs)
        cookies.set_declared(response, "my_dealer", "estimate", policies.in_force(request.now))
        return response

    return remembering
