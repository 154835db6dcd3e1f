from django import forms

from forecourt.vehicles.stock.asked import LONGEST_TEXT


class SearchForm(forms.Form):
    """The two boxes of the search; all else is chosen from what there is."""

    q = forms.CharField(
        label="Looking for",
        help_text="Model, feature, dealer or VIN.",
        max_length=LONGEST_TEXT,
        required=False,
    )
    near = forms.CharField(
        label="Near",
        help_text="ZIP or city. Not kept.",
        max_length=LONGEST_TEXT,
        required=False,
    )
