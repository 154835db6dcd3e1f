"""What somebody types to see a payment: read kindly, kept nowhere."""

import re
from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.http import QueryDict

from forecourt.dealers.places import STATES
from forecourt.vehicles import catalogue
from forecourt.vehicles.catalogue import Line, Trim
from forecourt.vehicles.payments.estimates import Asked
from forecourt.vehicles.payments.maths import ZERO, cents
from forecourt.vehicles.payments.terms import Terms
from forecourt.web.templatetags.web import money

DOLLARS = re.compile(r"\$?\s*((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?)", re.ASCII)
PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%?", re.ASCII)
CHEAPEST, DEAREST = Decimal(5_000), Decimal(250_000)
STEEPEST = Decimal(36)
LONGEST_BUILD = 2_000


class Dollars(forms.Field):
    """ "24,900", "$24900" or "24900.00"; None where nothing was typed."""

    def __init__(self, *, least: Decimal = ZERO, most: Decimal = DEAREST, **kwargs) -> None:
        self.least, self.most = least, most
        super().__init__(required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def to_python(self, value: object) -> Decimal | None:
        typed = " ".join(str(value or "").split())
        if not typed:
            return None
        found = DOLLARS.fullmatch(typed)
        amount = Decimal(found[1].replace(",", "")) if found else Decimal(-1)
        if not self.least <= amount <= self.most:
            raise forms.ValidationError(
                f"Enter dollars from {money(self.least)} to {money(self.most)}, such as {money(max(self.least, Decimal(2500)))}."
            )
        return cents(amount)


class Percent(Dollars):
    """ "6.9" or "6.9%"."""

    def to_python(self, value: object) -> Decimal | None:
        typed = " ".join(str(value or "").split())
        if not typed:
            return None
        found = PERCENT.fullmatch(typed)
        if not found or Decimal(found[1]) > self.most:
            raise forms.ValidationError(f"Enter a percentage from 0 to {self.most}, such as 6.9.")
        return Decimal(found[1])


class EstimateForm(forms.Form):
    """No name, no contact and no nonce: a plain question in the address of the page."""

    car = forms.ChoiceField(label="Which car?", required=False)
    price = Dollars(
        least=CHEAPEST,
        label="Or another price",
        help_text="Before delivery and tax. It goes before the car’s own price.",
    )
    down = Dollars(label="Down payment", help_text="In cash. Left empty, a tenth of the price.")
    trade_in = Dollars(label="Trade-in", help_text="What your old car counts for, less what you still owe on it.")
    state = forms.ChoiceField(
        label="Your state", required=False, help_text="For the tax. We keep nothing of this page."
    )
    tax = Percent(
        most=Decimal(20),
        label="Sales tax, percent",
        help_text="If you know yours, with your city’s share. Else the state’s.",
    )
    months = forms.TypedChoiceField(label="Months of the loan", coerce=int)
    apr = Percent(most=STEEPEST, label="APR, percent", help_text="The yearly rate that a lender names to you.")
    lease_months = forms.TypedChoiceField(label="Months of the lease", coerce=int)
    miles = forms.TypedChoiceField(label="Miles a year, leased", coerce=int)
    # The build that somebody comes from, so that they can go back to it.
    line = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    b = forms.CharField(required=False, max_length=LONGEST_BUILD, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, terms: Terms, **kwargs) -> None:
        self.terms = terms
        self.cars = dict(cars())
        usual = {
            "car": "" if data.get("price") else next(iter(self.cars), ""),
            "months": str(terms.finance.months),
            "apr": str(terms.finance.apr),
            "lease_months": str(terms.lease.months),
            "miles": str(terms.lease.miles),
        }
        super().__init__(
            {**usual, **{key: data[key] for key in self.base_fields if key in data}}, label_suffix="", **kwargs
        )
        self.choose(
            "car", [(key, f"{trim.name}, {money(trim.price)}") for key, (_, trim) in self.cars.items()], "None of these"
        )
        self.choose("state", list(STATES.items()), "Not said")
        self.choose("months", [(months, str(months)) for months in terms.finance.terms])
        self.choose("lease_months", [(months, str(months)) for months in terms.lease.residuals])
        self.choose("miles", [(miles, f"{miles:,}") for miles in terms.lease.by_miles])

    def choose(self, name: str, choices: list[tuple], none: str = "") -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", none), *choices] if none else choices
        field.error_messages |= dict.fromkeys(("invalid_choice", "required"), "Choose one from the list.")

    def clean(self) -> dict:
        found = super().clean() or {}
        if self.errors.keys() & {"car", "price", "down", "trade_in"}:
            return found
        if self.asking is None:
            self.add_error("price", "Choose a car above, or enter a price here.")
        elif (found.get("down") or ZERO) + (found.get("trade_in") or ZERO) >= self.asking:
            self.add_error("down", f"Together with the trade-in it has to stay below the price, {money(self.asking)}.")
        return found

    @property
    def trim(self) -> tuple[Line, Trim] | None:
        """The car that is asked about; none where a price was typed."""
        return None if self.cleaned_data.get("price") else self.cars.get(self.cleaned_data.get("car", ""))

    @property
    def asking(self) -> Decimal | None:
        """The price before delivery."""
        return self.cleaned_data.get("price") or (self.trim[1].price if self.trim else None)

    def asked(self) -> Asked:
        """Of a form that is valid."""
        found, price = self.cleaned_data, self.asking
        assert price is not None
        return Asked(
            price=price,
            state=found["state"],
            down=found["down"],
            trade_in=found["trade_in"] or ZERO,
            months=found["months"],
            apr=found["apr"],
            lease_months=found["lease_months"],
            miles=found["miles"],
            tax=found["tax"],
        )


def cars() -> Iterator[tuple[str, tuple[Line, Trim]]]:
    """ "pipit:1" -> the line and its second trim: what is sold now."""
    for line in catalogue.bookable():
        for nth, trim in enumerate(line.trims):
            yield f"{line.slug}:{nth}", (line, trim)
