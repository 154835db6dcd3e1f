from django import forms

LONGEST = 60


class NameForm(forms.Form):
    """An empty name gives the build back the name of its car."""

    name = forms.CharField(
        label="Your name for it",
        max_length=LONGEST,
        required=False,
        error_messages={"max_length": f"That is longer than {LONGEST} characters. Choose a shorter name."},
    )
