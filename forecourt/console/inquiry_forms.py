"""What staff fill in about a message to us: a letter or call written down, the answer, and why it is closed."""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta

from django import forms
from django.contrib.auth.models import User

from forecourt.cases.models import Case
from forecourt.inquiries.actions import CHOOSABLE, Said
from forecourt.inquiries.forms import plain
from forecourt.inquiries.models import Inquiry
from forecourt.people import addresses
from forecourt.requests.desks import CORRECTED
from forecourt.web.forms import VisitorForm

FIVE_DIGITS = "A ZIP code has five digits, like 27284."


class WriteDown(VisitorForm):
    """What came by letter, call or email, as a member of staff writes it down."""

    form_name = "write-down"

    came_by = forms.ChoiceField(
        label="How it came",
        choices=[("letter", "Letter"), ("phone", "Call"), ("email", "Email")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how it came."},
    )
    received = forms.DateField(
        label="When it reached us",
        help_text="The clock starts on that day, not today.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "Enter the day, such as 2026-11-30.",
            "invalid": "Enter a day, such as 2026-11-30.",
        },
    )
    kind = forms.ChoiceField(
        label="What it asks for",
        choices=[(kind.value, kind.label) for kind in Case.Kind if kind not in (Case.Kind.PHONE_STOP, Case.Kind.CLAIM)],
        initial=Case.Kind.QUESTION,
    )
    site = forms.ChoiceField(
        label="Which site they mean",
        help_text="If they did not say, note that: it is answered all the same.",
        choices=Inquiry.Site.choices,
        initial=Inquiry.Site.NOT_SAID,
    )
    words = forms.CharField(
        label="What they wrote or said",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write down what they asked or told us, in their words if you can."},
    )
    address = forms.CharField(
        label="Email or phone number to answer to",
        help_text="If they gave one. A postal address belongs in the words.",
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, data=None, *, now: datetime, **kwargs) -> None:
        super().__init__(data, now=now, **kwargs)
        if data is None:
            self.initial["received"] = f"{now:%Y-%m-%d}"

    def clean_received(self) -> datetime:
        """Midnight of that day, which is the strict side; what came today came now."""
        day = self.cleaned_data["received"]
        if day > self.now.date() + timedelta(days=1):
            raise forms.ValidationError("That day is still to come. Enter the day on which it reached us.")
        if day >= self.now.date():
            return self.now
        return datetime.combine(day, time(), UTC)

    def clean_words(self) -> str:
        return plain(self.cleaned_data["words"])

    def clean_address(self) -> addresses.Address | None:
        typed = self.cleaned_data["address"]
        try:
            return addresses.read(typed) if typed else None
        except addresses.BadAddress as problem:
            raise forms.ValidationError(str(problem)) from None

    def said(self, by: User) -> Said:
        given = self.cleaned_data
        return Said(
            words=given["words"],
            way=Case.Channel(given["came_by"]),
            nonce=self.nonce_id,
            received_at=given["received"],
            address=given["address"],
            kind=Case.Kind(given["kind"]),
            site=given["site"],
            by=by,
        )


class AnswerInquiry(forms.Form):
    words = forms.CharField(
        label="Your answer",
        help_text="The person reads it on their page. After a call or a letter, write what you said.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write the answer, or what you said on the phone."},
    )
    way = forms.ChoiceField(label="How it goes out", widget=forms.RadioSelect)

    def __init__(self, data=None, *, by_email: bool, way: str, **kwargs) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        chosen = self.fields["way"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            *([("email", "By email, and on their page")] if by_email else []),
            ("web", "On their page alone"),
            ("phone", "I said it on the phone"),
            ("letter", "I sent it as a letter"),
        ]
        self.initial["way"] = "email" if by_email else way if way != "email" else "web"

    def clean_words(self) -> str:
        return plain(self.cleaned_data["words"])


class Corrected(forms.Form):
    """What the letter says is right, typed blind: what we have stays closed, and what is left empty stays as it is."""

    name = forms.CharField(label="Their name, as it should be", max_length=100, required=False)
    postal_code = forms.RegexField(
        r"\d{5}",
        label="Their ZIP code, as it should be",
        max_length=5,
        required=False,
        error_messages={"invalid": FIVE_DIGITS, "max_length": FIVE_DIGITS},
    )

    def __init__(self, data=None, *, held: Collection[str]) -> None:
        super().__init__(data, label_suffix="")
        for name, field in CORRECTED.items():
            if field not in held:
                del self.fields[name]

    def clean(self) -> None:
        if not self.errors and not self.said():
            raise forms.ValidationError(
                "Enter what is to be corrected, as they wrote it. If we have nothing of the kind, answer them by hand."
            )

    def said(self) -> dict[str, str]:
        """By the vault's fields."""
        typed = {name: " ".join(self.cleaned_data.get(name, "").split()) for name in self.fields}
        return {CORRECTED[name]: text for name, text in typed.items() if text}


class Closing(forms.Form):
    outcome = forms.ChoiceField(
        label="Close it, because",
        help_text="The person reads this sentence.",
        choices=[(one.value, one.label) for one in CHOOSABLE],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the sentence that the person will read."},
    )

    def __init__(self, data=None) -> None:
        super().__init__(data, label_suffix="")
