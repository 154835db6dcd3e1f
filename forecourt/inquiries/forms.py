"""What the contact form asks: what it is about, the words, and a way to get back to somebody if they like."""

import re

from django import forms

from forecourt.cases.models import Case
from forecourt.inquiries.actions import Said
from forecourt.inquiries.models import Inquiry
from forecourt.interactions.forms import read_contact
from forecourt.web.forms import VisitorForm

MOST = 4000
# Everything that is no letter but line ends and tabs: what could hide words from whoever reads them.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class MessageForm(VisitorForm):
    form_name = "message"

    topic = forms.ChoiceField(
        label="What is it about?",
        help_text="So that it reaches the right desk at once.",
        choices=Inquiry.Topic.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose one; if none fits, choose Something else.",
            "invalid_choice": "Choose one of these; if none fits, choose Something else.",
        },
    )
    words = forms.CharField(
        label="Your message",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": "Write what you would like to ask or tell us.",
            "max_length": f"That is longer than {MOST:,} letters. Shorten it, or send it by email or post, where length does not matter.",
        },
    )
    contact = forms.CharField(
        label="Email or phone number",
        help_text="If you would like us to get back to you. Without it, the answer waits on a page of your own.",
        max_length=254,
        required=False,
        error_messages={"max_length": "That is too long for an email address or a phone number."},
    )

    def clean_words(self):
        words = plain(self.cleaned_data["words"])
        if not any(letter.isalnum() for letter in words):
            raise forms.ValidationError("Write what you would like to ask or tell us.")
        return words

    def clean_contact(self):
        typed = self.cleaned_data["contact"]
        return read_contact(typed) if typed else None

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(
            words=given["words"],
            way=Case.Channel.WEB,
            nonce=self.nonce_id,
            received_at=self.now,
            address=given["contact"],
            topic=given["topic"],
            acknowledge=True,
        )


def plain(words: str) -> str:
    """As it was typed, with one kind of line end and nothing that cannot be seen."""
    return CONTROL.sub("", words.replace("\r\n", "\n").replace("\r", "\n")).strip()
