from django import forms

from forecourt.dealers.pack import LONGEST_NAME, SERVICES


class SearchForm(forms.Form):
    place = forms.CharField(
        label="Where are you?",
        help_text="A ZIP code, a city and state, or a dealer’s name. We do not keep it.",
        max_length=LONGEST_NAME,
        error_messages={
            "required": "Enter a ZIP code, a city and state, or a dealer’s name.",
            "max_length": "That is too long for a place. Enter a ZIP code, or a city and its state.",
        },
    )
    service = forms.MultipleChoiceField(
        label="What should they offer?",
        choices=list(SERVICES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "No dealer offers that. Choose from the list."},
    )
