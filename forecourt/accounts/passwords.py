"""Passwords: one hash is computed for each try, whether the address has an account, and whether that has a password."""

import secrets
from functools import cache

from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from forecourt.accounts.models import Account

LONGEST = 200


def fits(account: Account | None, typed: str) -> bool:
    """Whether this is the account's password; as much work where there is no account, or none with a password."""
    nobody = _nobodys()
    kept = account.user.password if account else nobody
    usable = is_password_usable(kept)
    same = check_password(typed, kept if usable else nobody)
    return same and usable and account is not None


def set_on(user: User, typed: str) -> None:
    user.set_password(typed)
    user.save(update_fields=["password"])


def remove(user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])


def problems(typed: str) -> list[str]:
    try:
        password_validation.validate_password(typed)
    except ValidationError as wrong:
        return list(wrong.messages)
    return []


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return make_password(secrets.token_urlsafe(32))
