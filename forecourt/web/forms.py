"""Forms for visitors, who have no session and may refuse cookies: a signed nonce says that the form came from our page.

    nonce = form name : random id : seconds since 1970, signed

The random id is also what makes a double submission one: whoever acts on a form stores it under a unique constraint.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps

from django import forms
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from forecourt.security_log import Event

View = Callable[..., HttpResponse]

LIFETIME = timedelta(hours=24)
STALE = "This page was open for a long time. Your entries are still below; press the button again."


class BadNonce(ValueError):
    """Too old, damaged, or made for another form. A new one mends it."""


@dataclass(frozen=True, slots=True)
class Nonce:
    id: uuid.UUID
    at: datetime


def new_nonce(form: str, now: datetime) -> str:
    return _signer().sign(f"{form}:{uuid.uuid4().hex}:{int(now.timestamp())}")


def read_nonce(form: str, text: str, now: datetime) -> Nonce:
    try:
        made_for, key, seconds = _signer().unsign(text).split(":")
    except (BadSignature, ValueError):
        raise BadNonce("not ours") from None
    at = datetime.fromtimestamp(int(seconds), UTC)
    if made_for != form:
        raise BadNonce("made for another form")
    if not at - timedelta(minutes=1) <= now < at + LIFETIME:
        raise BadNonce("too old")
    return Nonce(uuid.UUID(key), at)


def _signer() -> Signer:
    return Signer(key=settings.NONCE_KEY, salt="forecourt.web.forms")


class VisitorForm(forms.Form):
    """A form of declared fields and a nonce. `undeclared` names what came in beside them; a stale nonce is renewed."""

    form_name = ""
    nonce = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, files=None, *, now: datetime, **kwargs) -> None:
        self.now = now
        self.stale = False
        super().__init__(data, files, label_suffix="", **kwargs)
        if data is None:
            self.initial["nonce"] = new_nonce(self.form_name, now)
            return
        try:
            self.read_nonce: Nonce | None = read_nonce(self.form_name, data.get("nonce", ""), now)
        except BadNonce:
            self.read_nonce, self.stale = None, True
            self.renew()

    def renew(self) -> None:
        """A fresh nonce beside what was typed, so that pressing the button again counts as a new form."""
        fresh = QueryDict(mutable=True)
        fresh.update(self.data)
        fresh["nonce"] = new_nonce(self.form_name, self.now)
        self.data = fresh

    @property
    def nonce_id(self) -> uuid.UUID:
        """Of a form that is valid."""
        if self.read_nonce is None:
            raise BadNonce("renewed, and not sent again yet")
        return self.read_nonce.id

    @property
    def undeclared(self) -> list[str]:
        return sorted({*self.data, *self.files} - set(self.fields))

    def clean(self):
        if self.stale:
            self.add_error(None, STALE)
        return super().clean()


def takes(*names: str) -> Callable[[View], View]:
    """For the small forms of a button or two: whatever comes in beside these fields is refused, not ignored (P-3A-1)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if {*request.POST, *request.FILES} - set(names):
                request.refused_as = Event.FIELD_REFUSED
                return render(request, "web/undeclared.html", status=422)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate
