"""The booking form: the car, a time, a name and one contact, and no more."""

import re

from django import forms

from forecourt.dealers import slots
from forecourt.dealers.models import Dealer
from forecourt.interactions import notices
from forecourt.interactions.actions import Wish
from forecourt.interactions.memory import Typed
from forecourt.people import contacts
from forecourt.people.addresses import Address, BadAddress
from forecourt.vehicles import catalogue
from forecourt.web.forms import VisitorForm

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
PICK_TIME = "Choose a time for your drive."


def name_field(help_text: str, required: str) -> forms.CharField:
    return forms.CharField(
        label="Your name",
        help_text=help_text,
        max_length=80,
        error_messages={
            "required": required,
            "max_length": "That name is longer than 80 letters. A first name is enough.",
        },
    )


def contact_field() -> forms.CharField:
    return forms.CharField(
        label="Email or mobile number",
        help_text="One of them, whichever you like better.",
        max_length=254,
        error_messages={
            "required": "Enter an email address or a mobile number.",
            "max_length": "That is too long for an email address or a phone number.",
        },
    )


def read_name(typed: str) -> str:
    name = " ".join(CONTROL.sub(" ", typed).split())
    if not any(letter.isalpha() for letter in name):
        raise forms.ValidationError("Enter a name with at least one letter.")
    return name


def read_contact(typed: str) -> Address:
    try:
        return contacts.read(typed)
    except BadAddress as error:
        raise forms.ValidationError(str(error)) from None


class BookingForm(VisitorForm):
    """The dealer stands in the page's address and comes back with the form, since the notice beside it names the dealer."""

    form_name = "test-drive"

    dealer = forms.CharField(widget=forms.HiddenInput)
    car = forms.ChoiceField(
        label="Which car?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose the car that you want to drive.",
            "invalid_choice": "Choose one of these cars.",
        },
    )
    slot = forms.CharField(error_messages={"required": PICK_TIME})
    name = name_field(
        "So that somebody can greet you. First name is enough.", "Enter the name that the dealer should greet you by."
    )
    contact = contact_field()
    texts = forms.BooleanField(required=False)
    remember = forms.BooleanField(required=False, label="Fill this in for me next time, on this device")

    def __init__(self, data=None, files=None, *, dealer: Dealer, remembers: int = 0, **kwargs) -> None:
        """`remembers` is for how many days; none takes that box away."""
        super().__init__(data, files, **kwargs)
        self.chosen = dealer
        cars = self.fields["car"]
        assert isinstance(cars, forms.ChoiceField)
        cars.choices = [(line.slug, line.name) for line in catalogue.bookable()]
        self.fields["texts"].label = notices.texts_label()
        self.fields["texts"].help_text = notices.texts_terms()
        self.fields["remember"].help_text = notices.remember_terms(remembers)
        if not remembers:
            del self.fields["remember"]

    def clean_car(self):
        return catalogue.line(self.cleaned_data["car"])

    def clean_slot(self):
        starts_at = slots.read(self.cleaned_data["slot"])
        if starts_at is None or not slots.is_offered(self.chosen, starts_at, self.now):
            raise forms.ValidationError(f"{self.chosen.name} has no drive at that time any more. {PICK_TIME}")
        return starts_at

    def clean_name(self):
        return read_name(self.cleaned_data["name"])

    def clean_contact(self):
        return read_contact(self.cleaned_data["contact"])

    def clean(self):
        given = super().clean()
        address = given.get("contact")
        if given.get("texts") and address and address.kind == "phone" and not address.can_be_texted:
            self.add_error("texts", notices.CANNOT_TEXT)
        return given

    def typed(self) -> Typed:
        """What the box beneath asks to have filled in next time, in the visitor's own spelling."""
        return Typed(self.cleaned_data["name"], self.data["contact"].strip(), self.cleaned_data["contact"].kind)

    def wish(self) -> Wish:
        given = self.cleaned_data
        return Wish(
            dealer=self.chosen,
            car=given["car"],
            starts_at=given["slot"],
            name=given["name"],
            address=given["contact"],
            texts=given["texts"],
            nonce=self.nonce_id,
        )
