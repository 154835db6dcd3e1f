from django import forms

from forecourt.cases.models import Case
from forecourt.people import addresses


class OpenCase(forms.Form):
    kind = forms.ChoiceField(
        label="What it is about",
        choices=[one for one in Case.Kind.choices if one[0] != Case.Kind.CLAIM],
        initial=Case.Kind.QUESTION,
    )
    came_by = forms.ChoiceField(
        label="How they reached us", choices=[(value, value.capitalize()) for value in Case.Channel.values]
    )


class Whom(forms.Form):
    """Somebody to stop everything for: whatever they read out to us."""

    address = forms.CharField(
        label="Email address or phone number",
        help_text="As the caller says it. One that we have never seen works too.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_address(self) -> addresses.Address:
        try:
            return addresses.read(self.cleaned_data["address"])
        except addresses.BadAddress as problem:
            raise forms.ValidationError(str(problem)) from None


class Answer(forms.Form):
    left = forms.TypedChoiceField(
        label="What did the provider say?",
        choices=[("yes", "It left"), ("no", "It did not leave")],
        coerce=lambda said: said == "yes",
    )
    reference = forms.CharField(label="The provider’s reference", max_length=64, required=False)
