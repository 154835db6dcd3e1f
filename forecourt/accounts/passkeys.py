"""Passkeys, as the library keeps and checks them: to sign in without anything else, to confirm, and as a second factor.

What a passkey has to sign lies in a row, found by the page that asked, good for minutes and for one answer: no session is needed
to ask, and an answer that was overheard opens nothing.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.contrib.auth.models import User
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from forecourt.accounts.models import Account, Challenge
from forecourt.accounts.tickets import digest
from forecourt.web.brand import brand

LASTS = timedelta(minutes=5)
MOST = 10
LONGEST_NAME = 40
LONGEST = 20_000
UNNAMED = "Passkey"
REQUIRED = UserVerificationRequirement.REQUIRED


class NotGood(ValueError):
    """The answer is not from a passkey that we know, or not to what was asked."""


def of(account: Account) -> list[Authenticator]:
    return list(_rows(account.user).order_by("created_at"))


def server(request: HttpRequest) -> Fido2Server:
    """For this very address: a passkey of a page that looks like ours signs for another one."""
    ours = f"{request.scheme}://{request.get_host()}"
    site = PublicKeyCredentialRpEntity(name=brand().name, id=request.get_host().partition(":")[0])
    return Fido2Server(site, verify_origin=lambda origin: origin == ours)


def ask_for_new(account: Account, masked: str, request: HttpRequest) -> dict[str, Any]:
    """What the browser is to make a passkey from. The device shows the masked address beside it, and keeps nothing else of ours."""
    label = f"{brand().name}, {masked}"
    owner = PublicKeyCredentialUserEntity(id=account.user.username.encode(), name=label, display_name=label)
    options, state = server(request).register_begin(
        user=owner,
        credentials=auth.get_credentials(account.user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=REQUIRED,
    )
    return _asked(dict(options), state, account, request.now)


def add(account: Account, name: str, token: str, answer: str, request: HttpRequest) -> Authenticator:
    state, credential = _state(token, account, request.now), _read(answer)
    if _rows(account.user).count() >= MOST:
        raise NotGood("enough of them")
    try:
        server(request).register_complete(state, credential)
    except (ValueError, TypeError, KeyError) as wrong:
        raise NotGood from wrong
    return auth.WebAuthn.add(account.user, name[:LONGEST_NAME] or UNNAMED, credential).instance


def ask(request: HttpRequest, account: Account | None = None) -> dict[str, Any]:
    """What a passkey is to sign: one of this account, or, where nobody said who it is, whichever the device has for us."""
    known = auth.get_credentials(account.user) if account else []
    options, state = server(request).authenticate_begin(credentials=known, user_verification=REQUIRED)
    return _asked(dict(options), state, account, request.now)


def answered_by(token: str, answer: str, request: HttpRequest, account: Account | None = None) -> Account:
    """Whose passkey signed it. Raises NotGood."""
    state, credential = _state(token, account, request.now), _read(answer)
    owner = account or _owner(credential)
    try:
        signed = server(request).authenticate_complete(state, auth.get_credentials(owner.user), credential)
    except (ValueError, TypeError, KeyError) as wrong:
        raise NotGood from wrong
    row = auth.get_authenticator_by_credential_id(owner.user, signed.credential_id)
    if row is None:
        raise NotGood("not one of theirs")
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=request.now)
    return owner


def remove(account: Account, passkey_id: int) -> bool:
    return bool(_rows(account.user).filter(pk=passkey_id).delete()[0])


def _rows(user: User):
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


def _asked(options: dict[str, Any], state: Any, account: Account | None, now: datetime) -> dict[str, Any]:
    token = secrets.token_urlsafe(24)
    Challenge.objects.create(digest=digest(token), state=state, account=account, expires_at=now + LASTS)
    return {"token": token, **options}


def _state(token: str, account: Account | None, now: datetime) -> Any:
    """What was asked; whoever answers it, well or badly, it is over with that."""
    found = Challenge.objects.filter(digest=digest(token), account=account, expires_at__gt=now)
    challenge = found.first()
    if challenge is None or not found.delete()[0]:
        raise NotGood("nothing of that was asked")
    return challenge.state


def _read(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer[:LONGEST])
    except ValueError as wrong:
        raise NotGood from wrong
    if not isinstance(found, dict):
        raise NotGood
    return found


def _owner(credential: dict[str, Any]) -> Account:
    """The device says whose it is; whether it is so, the signature tells."""
    try:
        handle = websafe_decode(credential["response"]["userHandle"]).decode()
        return Account.objects.select_related("user", "contact").get(user__username=handle, user__is_active=True)
    except (KeyError, TypeError, ValueError, Account.DoesNotExist) as wrong:
        raise NotGood from wrong
