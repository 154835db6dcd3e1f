from datetime import date, datetime, timedelta

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from forecourt.cases import actions as cases
from forecourt.cases.models import Case
from forecourt.console import accounts
from forecourt.people import addresses
from forecourt.rights.models import ErasureHold


class OpenCase(forms.Form):
    kind = forms.ChoiceField(
        label="What it is about",
        choices=[one for one in Case.Kind.choices if one[0] != Case.Kind.CLAIM],
        initial=Case.Kind.QUESTION,
    )
    came_by = forms.ChoiceField(
        label="How they reached us",
        choices=[(one.value, one.value.capitalize()) for one in Case.Channel if one is not Case.Channel.AGENT],
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


class Hold(forms.Form):
    """An erasure is to wait. There is no box for words: a reason that is none of these is none."""

    case = forms.CharField(
        label="The case’s number",
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    ground = forms.ChoiceField(label="Because", choices=ErasureHold.Ground.choices)
    until = forms.DateField(
        label="Until", help_text="The day on which it ends by itself.", widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean_case(self) -> Case:
        found = cases.find(self.cleaned_data["case"])
        if found is None:
            raise forms.ValidationError("No case has this number. Look at it again.")
        if found.contact is None:
            raise forms.ValidationError("This case is about nobody yet: find whom it is about first.")
        return found


class HandOver(forms.Form):
    to = forms.CharField(
        label="Hand it to",
        help_text="A login name, such as desk-4f2k.",
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def clean_to(self) -> str:
        handle = self.cleaned_data["to"].strip().lower()
        user = User.objects.filter(username=handle, is_staff=True, is_active=True).first()
        if user is None or not accounts.has_undertaking(user, self.now):
            raise forms.ValidationError(f"No open account is called {handle}. Look at the name again.")
        return handle


class Permission(forms.Form):
    signed_on = forms.DateField(
        label="The day on which the person signed it",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the day that stands beside the signature."},
    )
    is_theirs = forms.BooleanField(
        label="The very person whom this case is about signed it",
        error_messages={
            "required": "A permission counts for the person who signed it. Where somebody else did, note none, and write back that "
            "you need theirs."
        },
    )

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        self.now = now
        super().__init__(*args, **kwargs)

    def clean_signed_on(self) -> date:
        day = self.cleaned_data["signed_on"]
        # It may be tomorrow already where it was signed.
        if day > self.now.date() + timedelta(days=1):
            raise forms.ValidationError("That day is still to come. Look at the permission again.")
        return day


class Sign(forms.Form):
    """`version` is what stood on the page: nobody signs words that they have not seen."""

    version = forms.CharField(widget=forms.HiddenInput)
    handle = forms.CharField(
        label="Your login name, as your signature",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, data: QueryDict | None, *, handle: str, version: str) -> None:
        self.signer, self.present = handle, version
        super().__init__(data)

    def clean_version(self) -> str:
        if self.cleaned_data["version"] != self.present:
            raise forms.ValidationError("The words changed while you read them. Read the present ones, then sign.")
        return self.present

    def clean_handle(self) -> str:
        if self.cleaned_data["handle"].strip().lower() != self.signer:
            raise forms.ValidationError(f"Type {self.signer}, which is the name that you are signed in with.")
        return self.signer
