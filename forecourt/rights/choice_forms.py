"""The two things that the choices pages ever ask: an address to say no for as well, and, for a yes to sale or ads, an age."""

from django import forms

from forecourt.adapters import clock
from forecourt.people import contacts
from forecourt.people.addresses import BadAddress
from forecourt.policy import ages
from forecourt.policy.policy import Age

OLDEST = 100
PICK = "Choose your age in years."


class AddressForm(forms.Form):
    """What finds somebody, and no more: no name, no proof, no reason."""

    contact = forms.CharField(
        label="Email address or phone number",
        max_length=254,
        error_messages={
            "required": "Enter the email address or the phone number to say no for.",
            "max_length": "That is too long for an email address or a phone number.",
        },
    )

    def clean_contact(self):
        try:
            return contacts.read(self.cleaned_data["contact"])
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from None


def outcome(years: int) -> Age:
    return ages.group(years, clock.now())


def answers() -> list[tuple[str, str]]:
    """Every age in years, youngest first; what is sent is which of three groups it falls in, so that nobody gets the age."""
    years = [(str(outcome(year)), str(year)) for year in range(1, OLDEST)]
    return [*years, (str(Age.GROWN), f"{OLDEST} or older")]


def options() -> list[tuple[str, str]]:
    return [("", "Choose"), *answers()]


class AgeForm(forms.Form):
    age = forms.ChoiceField(
        label="How old are you, in years?",
        choices=options,
        error_messages={"required": PICK, "invalid_choice": PICK},
    )

    def clean_age(self) -> Age:
        return Age(self.cleaned_data["age"])
