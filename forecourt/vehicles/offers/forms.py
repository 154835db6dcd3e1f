import re

from django import forms

from forecourt.dealers import places
from forecourt.dealers.places import STATES, NoPlace

CODE = re.compile(r", ([A-Z]{2})\b")


class WhereForm(forms.Form):
    """`cleaned_data["place"]` is the state's code."""

    place = forms.CharField(
        label="Where do you live?",
        help_text="A ZIP code or a state: offers differ. We do not keep it.",
        max_length=80,
        error_messages={
            "required": "Enter a ZIP code or a state, such as 55802 or Minnesota.",
            "max_length": "That is too long for a place. Enter a ZIP code or a state.",
        },
    )

    def clean_place(self) -> str:
        typed = self.cleaned_data["place"]
        if state := places.state_code(typed):
            return state
        try:
            place = places.find(typed)
        except NoPlace as error:
            raise forms.ValidationError(error.sentence) from None
        found = CODE.search(place.label) if place else None
        if not found or found[1] not in STATES:
            raise forms.ValidationError(
                "We know no such place. Enter a ZIP code or a state, such as 55802 or Minnesota."
            )
        return found[1]
