"""The two boxes beside every sign-in of ours, the staff's and the visitors': remember the login name on this device, and this device is shared.

The name alone is remembered, signed, in a cookie that only the page to sign in gets to see; never a password. On a shared device
nothing is, and what was remembered goes.
"""

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from forecourt.policy.policy import Policy
from forecourt.web import cookies

COOKIE = "login_id"
ACCOUNT_COOKIE = "account_login_id"
LONGEST = 254


class RemembersLogin(forms.Form):
    """Mixed into a form to sign in. Whoever takes the form calls `settle` once the password was right."""

    remember_login = forms.BooleanField(
        required=False, label="Remember my login name on this device", help_text="The name, never the password."
    )
    shared_device = forms.BooleanField(
        required=False,
        label="This is a shared device",
        help_text="Nothing is remembered here, and an hour without a click signs you out.",
    )


def remembered(request: HttpRequest, *, visitor: bool = False) -> str:
    """The login name that this browser was asked to remember; empty where there is none, or where it is not ours."""
    try:
        return _signer().unsign(request.COOKIES.get(ACCOUNT_COOKIE if visitor else COOKIE, ""))[:LONGEST]
    except BadSignature:
        return ""


def settle(
    request: HttpRequest,
    response: HttpResponse,
    login: str,
    *,
    remember: bool,
    shared: bool,
    policy: Policy,
    visitor: bool = False,
) -> None:
    """`visitor` tells the page where visitors sign in from the one where staff do: neither is sent the other's cookie."""
    cookie = ACCOUNT_COOKIE if visitor else COOKIE
    if remember and not shared and cookie in policy.cookies:
        value = _signer().sign(login[:LONGEST])
        if visitor:
            cookies.set_declared(response, ACCOUNT_COOKIE, value, policy)
        else:
            cookies.set_declared(response, COOKIE, value, policy)
    elif cookie in request.COOKIES:
        cookies.delete(response, cookie, policy)


def _signer() -> Signer:
    return Signer(salt="forecourt.web.login_id")
