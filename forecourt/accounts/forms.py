"""What visitors type to make an account and to sign in: an email address, a password, a code."""

from django import forms

from forecourt.accounts import passwords
from forecourt.people import contacts
from forecourt.people.addresses import BadAddress
from forecourt.web.login_id import RemembersLogin

TOO_LONG = "That is longer than an email address can be."


class EmailForm(forms.Form):
    email = forms.CharField(
        label="Email address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": "Enter your email address.", "max_length": TOO_LONG},
    )

    def clean_email(self):
        try:
            return contacts.read_email(self.cleaned_data["email"])
        except BadAddress as bad:
            raise forms.ValidationError(str(bad)) from None


class Remembers(RemembersLogin):
    """As for staff, but that here the login name is an email address."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember_login"].label = "Remember my email address on this device"
        self.fields["remember_login"].help_text = "It is filled in on this page next time, the password never."


class SignInForm(EmailForm, Remembers):
    field_order = ("email", "password", "remember_login", "shared_device")

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password, or get a code by email instead."},
    )


class CodeForm(Remembers):
    field_order = ("code", "remember_login", "shared_device")

    code = forms.CharField(
        label="The eight digits",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Enter the eight digits from the email."},
    )


class PasswordForm(forms.Form):
    """To confirm: the password that stands."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )


class NewPasswordForm(forms.Form):
    new_password = forms.CharField(
        label="New password",
        help_text="Twelve characters or more. A few words that nobody would guess do well.",
        strip=False,
        max_length=passwords.LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Choose a password of twelve characters or more."},
    )

    def clean_new_password(self):
        typed = self.cleaned_data["new_password"]
        if wrong := passwords.problems(typed):
            raise forms.ValidationError(wrong)
        return typed


class ChangePasswordForm(PasswordForm, NewPasswordForm):
    """Whoever found a browser that was left open does not know the one that stands."""

    field_order = ("password", "new_password")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "Your password now"
