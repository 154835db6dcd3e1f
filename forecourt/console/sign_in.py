"""The library's sign-in with our words, and with what ours needs on top."""

import time

from allauth.account import app_settings as account
from allauth.account.forms import ChangePasswordForm, LoginForm
from allauth.account.internal.flows import reauthentication
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from forecourt.consent import policies
from forecourt.console import accounts, sessions
from forecourt.security_log import Event, tell
from forecourt.web import login_id


class SignIn(login_id.RemembersLogin, LoginForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = login_id.remembered(self.request)
        self.initial = {**self.initial, "login": known, "remember_login": bool(known)}
        handle, password = self.fields["login"], self.fields["password"]
        handle.label, handle.help_text = "Login name", "Such as desk-4f2k. Never a name or an email address."
        password.help_text = ""
        handle.widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": not known}
        )
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": bool(known)})

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """The password was right; the second factor comes next, and what was ticked holds either way."""
        response = super().login(request, redirect_url)
        given, policy = self.cleaned_data, policies.in_force(request.now)
        remember, shared = given["remember_login"], given["shared_device"]
        login_id.settle(request, response, given["login"], remember=remember, shared=shared, policy=policy)
        if shared:
            sessions.shorten(request)
        return response


def code_field(hint: str) -> forms.CharField:
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return forms.CharField(label="Code", help_text=hint, widget=forms.TextInput(attrs=attrs))


class SecondFactor(AuthenticateForm):
    code = code_field("Six digits from your authenticator app, or one of your recovery codes.")

    def clean_code(self) -> str:
        number = accounts.number(self.user)
        try:
            code = super().clean_code()
        except forms.ValidationError:
            tell(Event.SECOND_FACTOR_FAILED, who="staff", account=number)
            raise
        tell(Event.SECOND_FACTOR_SHOWN, who="staff", account=number)
        return code


class NewPassword(ChangePasswordForm):
    """Also the first one of one's own, instead of the one that was handed over."""

    def clean(self) -> dict:
        given = super().clean() or self.cleaned_data
        if given.get("password1") and given.get("password1") == given.get("oldpassword"):
            self.add_error("password1", "That is the one that you have. Choose another one.")
        return given

    @transaction.atomic
    def save(self) -> None:
        super().save()
        accounts.has_chosen_password(self.user)
        tell(Event.WAYS_IN_CHANGED, who="staff", account=accounts.number(self.user))


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


def once_more(request: HttpRequest, page: str) -> HttpResponse | None:
    """Before what cannot be taken back: to the page that asks for the password again, and from there to `page`. The library would go on
    with a form that was sent before; ours is sent anew, by whoever is at the desk then."""
    if reauthentication.is_reauthentication_required(request, app="console"):
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}")
    return None
