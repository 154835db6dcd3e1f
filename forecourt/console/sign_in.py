"""The library's sign-in with our words, and with what ours needs on top."""

import time

from allauth.account import app_settings as account
from allauth.account.forms import LoginForm
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.http import HttpRequest, HttpResponseBase

from forecourt.console import accounts


class SignIn(LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        handle, password = self.fields["login"], self.fields["password"]
        handle.label, handle.help_text = "Handle", "Such as desk-4f2k. Never a name or an email address."
        password.help_text = ""
        handle.widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        )
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


def code_field(hint: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label="Code", help_text=hint, widget=forms.TextInput(attrs=attrs))


class SecondFactor(AuthenticateForm):
    code = code_field("Six digits from your authenticator app, or one of your recovery codes.")


class SetUpApp(ActivateTOTPForm):
    code = code_field("The six digits that the app shows now.")


def activate_totp(request: HttpRequest) -> HttpResponseBase:
    """Whoever has just typed the new app's code has shown the second factor, in this session and no other."""
    had = accounts.has_second_factor(request.user)
    if not had:
        count_recent_password(request)
    response = totp.activate_totp(request)
    if not had and accounts.has_second_factor(request.user):
        record_authentication(request, request.user, method="mfa", type="totp")
    return response


def count_recent_password(request: HttpRequest) -> None:
    """A newcomer who gave the password a moment ago is not asked for it twice."""
    for record in get_authentication_records(request, request.user):
        if record["method"] == "password" and time.time() - record["at"] < account.REAUTHENTICATION_TIMEOUT:
            record["reauthenticated"] = request.session.modified = True
