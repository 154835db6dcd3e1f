"""Estimate a payment: a question in the address, and its answer."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from forecourt.dealers.places import STATES
from forecourt.vehicles import catalogue
from forecourt.vehicles.payments import estimates
from forecourt.vehicles.payments import terms as brand_terms
from forecourt.vehicles.payments.estimates import Asked
from forecourt.vehicles.payments.forms import EstimateForm
from forecourt.vehicles.payments.maths import finance
from forecourt.vehicles.payments.maths.finance import Finance
from forecourt.vehicles.payments.maths.lease import Lease, Method
from forecourt.vehicles.payments.maths.taxes import StateTax
from forecourt.vehicles.payments.plot import Plot, Point, plot
from forecourt.vehicles.payments.terms import Terms
from forecourt.web.menu import Link
from forecourt.web.templatetags.web import money

Figures = TypeVar("Figures", Finance, Lease)
SHARES = (0, 10, 20, 30)  # percent of the price put down, for the plot
APART = 3  # percent of the price: nearer ones would be one bar twice
LINES = {
    "first-payment": "First monthly payment",
    "down": "Down payment",
    "acquisition": "Fee of the leasing company",
    "tax": "Tax",
    "deposit": "Security deposit",
}


@require_safe
def estimate(request: HttpRequest) -> HttpResponse:
    terms = brand_terms.terms()
    if terms is None:
        raise Http404("There are no estimates here. A dealer tells you what a car comes to.")
    form = EstimateForm(request.GET, terms)
    context: dict[str, object] = {"form": form, "terms": terms}
    if form.is_valid():
        context |= answered(form.asked(), terms, request.now.date()) | {"car": form.trim, "back": back_to(form)}
    return render(request, "payments/estimate.html", context)


def answered(asked: Asked, terms: Terms, today: date) -> dict[str, object]:
    tax = estimates.state_tax(asked, today)
    loan = attempt(estimates.financed, asked, terms, tax)
    lease = attempt(estimates.leased, asked, terms, tax)
    return {
        "asked": asked,
        "state": STATES.get(asked.state, ""),
        "tax": tax,
        "taxed": tax_words(asked, tax),
        "lease_tax": LEASE_TAX[tax.lease.method] if tax else "",
        "loan": loan,
        "r": loan and str(round(finance.monthly_rate(loan.percent), 10).normalize()),
        "loan_plots": plots(asked, terms, tax, loan) if loan else (),
        "lease": lease,
        "miles": asked.miles or terms.lease.miles,
        "lease_lines": [(LINES[item.of], item.amount) for item in lease.items] if lease else (),
        "lease_plots": plots(asked, terms, tax, lease) if lease else (),
    }


def attempt(
    reckon: Callable[[Asked, Terms, StateTax | None], Figures], asked: Asked, terms: Terms, tax: StateTax | None
) -> Figures | None:
    """None where down payment and trade-in leave nothing to be lent or leased."""
    with suppress(ValueError):
        return reckon(asked, terms, tax)
    return None


def plots(asked: Asked, terms: Terms, tax: StateTax | None, found: Finance | Lease) -> tuple[Plot, Plot]:
    """What another term does, and what another down payment does."""
    is_loan = isinstance(found, Finance)

    def reckoned(other: Asked) -> Finance | Lease | None:
        return (
            attempt(estimates.financed, other, terms, tax) if is_loan else attempt(estimates.leased, other, terms, tax)
        )

    def points(others: Iterator[tuple[str, Asked, bool]]) -> Iterator[Point]:
        for words, other, chosen in others:
            if this := reckoned(other):
                yield Point(words, this.payment, (cost(this),), chosen)

    def by_term() -> Iterator[tuple[str, Asked, bool]]:
        for months in terms.finance.terms if is_loan else sorted(terms.lease.residuals):
            other = replace(asked, months=months) if is_loan else replace(asked, lease_months=months)
            yield str(months), other, months == found.months

    def by_down() -> Iterator[tuple[str, Asked, bool]]:
        others = (round(asked.price * share / 100, -2) for share in SHARES)
        apart = [down for down in others if abs(down - found.down) > asked.price * APART / 100]
        for down in sorted([*apart, found.down]):
            yield money(down), replace(asked, down=down), down == found.down

    kind = "Interest" if is_loan else "Rent"
    return (
        plot("A month, by months", ("Months", "A month", f"{kind} in all"), points(by_term())),
        plot("A month, by down payment", ("Down payment", "A month", f"{kind} in all"), points(by_down())),
    )


def cost(found: Finance | Lease) -> Decimal:
    return found.finance_charge if isinstance(found, Finance) else found.rent_charge


def tax_words(asked: Asked, tax: StateTax | None) -> str:
    """Which tax is in the figures, or why none is."""
    state = STATES.get(asked.state, "")
    if tax is None:
        return (
            f"We do not know how {state} taxes cars, so no tax is in these figures. If you know the rate, enter it."
            if state
            else "No tax is in these figures. Name your state to see it with tax."
        )
    if asked.tax is not None:
        rate = f"The tax is the {tax.purchase.percent}% that you entered."
    elif tax.purchase.method is Method.NONE:
        return tax.note
    else:
        rate = f"The tax is {state}’s own {tax.purchase.percent}%; cities and counties may add theirs."
    return f"{rate} {tax.note}".strip()


LEASE_TAX = {
    Method.PAYMENTS: "It falls on each payment, and on what you put down.",
    Method.TOTAL: "On a lease it falls on all payments together, at signing.",
    Method.PRICE: "On a lease it falls on the price of the car, at signing.",
    Method.NONE: "",
    None: "How a lease is taxed there we do not know, so the lease is shown without tax.",
}


def back_to(form: EstimateForm) -> str:
    """The build that somebody came from."""
    slug, build = form.cleaned_data["line"], form.cleaned_data["b"]
    line = catalogue.line(slug) if slug else None
    if line is None or not line.is_current:
        return ""
    words = {key: word for key, word in (("b", build), ("state", form.cleaned_data["state"])) if word}
    return reverse("builds:build", args=[line.slug]) + (f"?{urlencode(words)}" if words else "")


def menu_links() -> Iterator[tuple[str, Link]]:
    if brand_terms.terms():
        yield "shopping", Link("Estimate a payment", reverse("payments:estimate"))
