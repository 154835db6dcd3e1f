"""What a request asks for, and no more than it needs: one address; for looking one up, its number as well."""

from collections.abc import Collection

from django import forms

from forecourt.people import contacts
from forecourt.people.addresses import BadAddress

TOO_LONG = "That is too long for an email address or a phone number."


class AddressForm(forms.Form):
    contact = forms.CharField(
        label="Email address or phone number",
        max_length=254,
        help_text="One that we may have of you. A code goes there, and nowhere else.",
        error_messages={
            "required": "Enter an email address or a phone number that we may have.",
            "max_length": TOO_LONG,
        },
    )

    def clean_contact(self):
        try:
            return contacts.read(self.cleaned_data["contact"])
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from None


class FindForm(AddressForm):
    field_order = ("reference", "contact")

    reference = forms.CharField(
        label="Reference number",
        max_length=20,
        help_text="Eight letters and digits, like 3CDF-7HJK.",
        error_messages={
            "required": "Enter the number of your request.",
            "max_length": "That is too long: eight letters and digits.",
        },
    )

    def clean_reference(self) -> str:
        letters = "".join(letter for letter in self.cleaned_data["reference"].upper() if letter.isalnum())
        if len(letters) != 8:
            raise forms.ValidationError("That is not the number of a request: it has eight letters and digits.")
        return f"{letters[:4]}-{letters[4:]}"


class DigitsForm(forms.Form):
    code = forms.CharField(
        label="The eight digits",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": "Enter the eight digits that came.",
            "max_length": "That is too long: eight digits.",
        },
    )


class CorrectForm(forms.Form):
    """Only what we have of somebody is asked; what is left as it stands changes nothing."""

    name = forms.CharField(label="Your name", max_length=100, error_messages={"required": "Enter your name."})
    postal_code = forms.RegexField(
        r"\d{5}",
        label="ZIP code",
        max_length=5,
        error_messages={
            "required": "Enter your ZIP code.",
            "invalid": "A ZIP code has five digits, like 27284.",
            "max_length": "A ZIP code has five digits, like 27284.",
        },
    )
    contact = forms.CharField(
        max_length=254,
        error_messages={"required": "Enter where we can reach you.", "max_length": TOO_LONG},
    )

    def __init__(self, data=None, *, kind: str, held: Collection[str], **more) -> None:
        super().__init__(data, **more)
        self.kind = kind
        self.fields["contact"].label = "Email address" if kind == "email" else "Phone number"
        self.fields["contact"].help_text = "If you change it, a code goes to the new one first."
        for name in {"name", "postal_code"} - set(held):
            del self.fields[name]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_contact(self):
        read = contacts.read_email if self.kind == "email" else contacts.read_phone
        try:
            return read(self.cleaned_data["contact"])
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from None
