"""What the two pages ask. Nothing of it is kept: see the uses look-up-recalls and look-up-cover."""

import re
from datetime import date

from django import forms

from forecourt.vehicles.recalls import cars
from forecourt.vehicles.recalls import vin as vins

LONGEST = 200
FARTHEST = 1_000_000
OLDEST = 15


class VinField(forms.CharField):
    """As the person typed it, made plain; an error says what to look at."""

    def __init__(self, **more) -> None:
        widget = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"})
        super().__init__(
            label="VIN",
            help_text="17 letters and digits: on the windshield at the driver’s side, on the door’s post, and in your papers.",
            max_length=LONGEST,
            widget=widget,
            error_messages={
                "required": "Type the 17 letters and digits of the VIN.",
                "max_length": "A VIN has 17 characters, and this is far longer. Type the VIN alone.",
            },
            **more,
        )

    def clean(self, value: str) -> str:
        typed = super().clean(value)
        if typed and (says := vins.problem_of(typed)):
            raise forms.ValidationError(says)
        return vins.normal(typed)


class RecallForm(forms.Form):
    vin = VinField()


def choices_of_cars(today: date) -> list[tuple[str, str]]:
    """Each line and model year that is not older than anybody's cover, the newest first."""
    ours = cars.ours()
    found = [
        (year, line)
        for line in (ours.lines if ours else ())
        for year in range(max(line.first_year, today.year - OLDEST), min(line.last_year, today.year + 1) + 1)
    ]
    found.sort(key=lambda each: (-each[0], each[1].name))
    return [("", "Choose"), *((f"{line.letter}{year}", f"{year} {line.name}") for year, line in found)]


class CoverForm(forms.Form):
    vin = VinField(required=False)
    car = forms.ChoiceField(
        label="Or the model",
        required=False,
        error_messages={"invalid_choice": "We made no such car. Choose one from the list."},
    )
    miles = forms.CharField(
        label="Miles driven",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": "Type the miles that the odometer shows.",
            "max_length": "That is too long for miles. Type a number, such as 24,500.",
        },
    )
    first_day = forms.DateField(
        label="First sold or leased on",
        help_text="Cover runs from that day. We know it of many cars by their VIN.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Type a day, such as 2025-04-19."},
    )

    def __init__(self, data=None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.today = today
        self.fields["car"].choices = choices_of_cars(today)  # type: ignore[attr-defined]  # a choice field

    def clean_miles(self) -> int:
        typed = re.sub(r"[\s,.']|mi(les)?$", "", self.cleaned_data["miles"].strip().lower())
        if not (typed.isascii() and typed.isdigit()):
            raise forms.ValidationError("Type the miles as a number, such as 24,500.")
        if int(typed) > FARTHEST:
            raise forms.ValidationError("No car of ours has driven that far. Look at the odometer again.")
        return int(typed)

    def clean_first_day(self) -> date | None:
        found = self.cleaned_data["first_day"]
        if found and found > self.today:
            raise forms.ValidationError("That day has not come yet. Look at the papers again.")
        return found

    def clean(self):
        meant = [self.cleaned_data.get(name) or name in self.errors for name in ("vin", "car")]
        if not any(meant):
            self.add_error("vin", "Type the VIN, or choose the model below.")
        return super().clean()
