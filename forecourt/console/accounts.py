"""Staff accounts: an opaque handle, a password, a second factor and a signed undertaking. No name, no email address."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from forecourt.adapters import strongbox
from forecourt.console import undertakings
from forecourt.console.models import FirstPassword, Undertaking
from forecourt.people import vault
from forecourt.security_log import Event, tell
from forecourt.web.brand import brand

# The CMS's own group of those who may publish.
EDITORS = "Moderators"
# They hand cases over, and see who may look and who tried.
MANAGERS = "Managers"
# They work for a contractor or a partner, and see a case when it is handed to them and nothing else.
OUTSIDERS = "Outsiders"
SECOND_FACTOR = "staff second factor"
# Legible at a glance and in a ledger, and says nothing about who it is.
LETTERS = "234679acdefhjkmnprtvwxy"


class NoUndertaking(Exception):
    """The account has no undertaking in force: have it signed first."""


def new_handle() -> str:
    return "desk-" + "".join(secrets.choice(LETTERS) for _ in range(4))


@transaction.atomic
def add(password: str, *, handle: str = "", groups: Iterable[str] = (), chosen: bool = False) -> User:
    """An account that cannot be used yet: `sign` opens it. `chosen`: its owner made the password up, and nobody else knows it."""
    user = User.objects.create_user(handle or new_handle(), password=password, is_staff=True, is_active=False)
    user.groups.set(Group.objects.get(name=name) for name in groups)
    if not chosen:
        FirstPassword.objects.create(user=user)
    return user


def must_choose_password(user: User | AnonymousUser) -> bool:
    return user.is_authenticated and FirstPassword.objects.filter(user=user).exists()


def must_choose_anew(user: User) -> None:
    FirstPassword.objects.get_or_create(user=user)


def has_chosen_password(user: User) -> None:
    FirstPassword.objects.filter(user=user).delete()


def is_manager(user: User | AnonymousUser) -> bool:
    return user.is_superuser or user.groups.filter(name=MANAGERS).exists()


def is_outsider(user: User | AnonymousUser) -> bool:
    return user.groups.filter(name=OUTSIDERS).exists()


@transaction.atomic
def sign(user: User, now: datetime, *, until: datetime | None = None) -> Undertaking:
    """Record the signature under the present words, and open the account."""
    text = undertakings.in_force(now)
    signed = Undertaking.objects.create(
        user=user, text_version=text.version, signed_at=now, until=until or now + text.lasts
    )
    activate(user, now)
    return signed


def activate(user: User, now: datetime) -> None:
    """The database refuses as well: an account of staff without any signature cannot be active."""
    if not has_undertaking(user, now):
        version = undertakings.in_force(now).version
        raise NoUndertaking(
            f"{user.username} has no undertaking in force. Have version {version} signed, then record it."
        )
    user.is_active = True
    user.save(update_fields=["is_active"])


def suspend(user: User) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


@transaction.atomic
def start_again(user: User, password: str) -> None:
    """For somebody who lost the second factor: a new password, nothing else; whatever was open is signed out."""
    Authenticator.objects.filter(user=user).delete()
    user.set_password(password)
    user.save(update_fields=["password"])
    must_choose_anew(user)


def has_undertaking(user: User, now: datetime) -> bool:
    return undertakings.runs_out(user, now) is not None


def has_second_factor(user: User | AnonymousUser) -> bool:
    return (
        user.is_authenticated
        and Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
    )


def showed_second_factor(request: HttpRequest) -> bool:
    """Whether this very session was opened with one, whatever was set up elsewhere since."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def number(user: User) -> str:
    """What the log calls it."""
    return vault.number_of("staff", str(user.pk))


class Accounts(DefaultAccountAdapter):
    """Nobody signs up, and nothing is ever sent: accounts have no address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "That handle and password do not belong together. Check both, then try again.",
        "too_many_login_attempts": "Too many tries. Wait five minutes, then try again.",
        "rate_limited": "Too many tries. Wait a minute, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args, **kwargs) -> None:
        """The next page shows what happened."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return f"{reverse('mfa_index')}?changed=password"

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell(Event.LIMIT_FULL, page="account_login")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        tell(Event.SIGN_IN_FAILED, way="password", who="staff")

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        tell(Event.SIGNED_IN, way="password", who="staff", account=number(user))
        return super().post_login(request, user, **kwargs)

    def pre_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse | None:
        if user.is_staff and user.is_active and has_undertaking(user, request.now):
            return super().pre_login(request, user, **kwargs)
        clear_login(request)
        return render(request, "console/suspended.html", status=403)


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps and the seeds of recovery codes lie sealed, under a key outside the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That is not the present code. Each code works once and for 30 seconds: wait for the next one.",
    }

    def encrypt(self, text: str) -> str:
        return strongbox.seal(SECOND_FACTOR, text)

    def decrypt(self, encrypted_text: str) -> str:
        return strongbox.open(SECOND_FACTOR, encrypted_text)

    def get_totp_issuer(self) -> str:
        return f"{brand().name} staff"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """One has to remain: an account without a second factor reaches nothing."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
