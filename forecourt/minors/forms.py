"""What a report of a child's data asks: the address that the child gave us, who tells us, and nothing else that has to be said."""

from django import forms

from forecourt.cases.models import Case
from forecourt.inquiries.actions import Said
from forecourt.inquiries.forms import plain
from forecourt.interactions.forms import read_contact
from forecourt.minors.models import Report
from forecourt.people.addresses import Address, BadAddress, read_email
from forecourt.policy import ages
from forecourt.policy.policy import Age
from forecourt.web.forms import VisitorForm

NO_WORDS = "A child gave us data. Please erase it."
TOO_LONG = "That is too long for an email address or a phone number."


class ReportForm(VisitorForm):
    form_name = "child-report"

    child = forms.CharField(
        label="Email address or phone number that the child gave us",
        help_text="By this we find what to erase.",
        max_length=254,
        error_messages={
            "required": "Enter the email address or the phone number that the child gave us.",
            "max_length": TOO_LONG,
        },
    )
    told_by = forms.ChoiceField(
        label="Who are you?",
        choices=Report.By.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three.", "invalid_choice": "Choose one of the three."},
    )
    born = forms.DateField(
        label="The child’s birthday",
        help_text="We look whether it is under 13, and keep no birthday.",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2016-05-30, or leave it empty."},
    )
    words = forms.CharField(
        label="Anything that helps us to find it",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": "That is longer than 2,000 letters. Shorten it, please."},
    )
    contact = forms.CharField(
        label="Your own email address or phone number",
        help_text="If you would like the answer there. Without it, it waits on a page of your own.",
        max_length=254,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )

    def clean_child(self) -> Address:
        return read_contact(self.cleaned_data["child"])

    def clean_born(self) -> None:
        """Kept nowhere: what follows from it is whether this is the right page."""
        born = self.cleaned_data["born"]
        if born and born > self.now.astimezone(ages.LAST_ZONE).date():
            raise forms.ValidationError("That day is still to come. Enter the birthday, or leave it empty.")
        if born and ages.group_of(born, self.now) is not Age.CHILD:
            raise forms.ValidationError(
                "Born on that day, they are 13 or older now, and can have their data erased themselves. If they gave it to us "
                "before they were 13, leave this empty and press the button again."
            )

    def clean_contact(self) -> Address | None:
        typed = self.cleaned_data["contact"]
        return read_contact(typed) if typed else None

    def said(self) -> Said:
        """Whoever gives the child's own address to be answered at is answered on the page: that address is used no more."""
        given = self.cleaned_data
        own = given["contact"] if given["contact"] != given["child"] else None
        return Said(
            words=plain(given["words"]) or NO_WORDS,
            way=Case.Channel.WEB,
            nonce=self.nonce_id,
            received_at=self.now,
            address=own,
            kind=Case.Kind.CHILD,
            topic="data",
            acknowledge=True,
        )


class ParentForm(VisitorForm):
    """Where to ask, and nothing of the child."""

    form_name = "ask-parent"

    parent = forms.CharField(
        label="Your parent’s email address",
        help_text="Or that of whoever looks after you. Do not give us your own, and not your name.",
        max_length=254,
        error_messages={"required": "Enter the email address of a parent.", "max_length": TOO_LONG},
    )

    def clean_parent(self) -> Address:
        try:
            return read_email(self.cleaned_data["parent"])
        except BadAddress as problem:
            raise forms.ValidationError(str(problem)) from None
