"""The first account of an installation, so that whoever set it up can sign in."""

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, transaction

from forecourt.adapters import strongbox
from forecourt.console import accounts

PURPOSE = "first staff"
# Any number will do, as long as nobody else locks on it.
LOCK = 7_340_211


class DemoOnly(Exception):
    """Codes of second factors are shown in the demo and nowhere else."""


@dataclass(frozen=True, slots=True)
class FirstStaff:
    """What is printed once. `address` is what an authenticator app reads."""

    handle: str
    password: str
    secret: str

    @property
    def address(self) -> str:
        return accounts.SecondFactors().build_totp_url(User(username=self.handle), self.secret)


@transaction.atomic
def ensure(now: datetime) -> FirstStaff | None:
    """Make the first account where there is none. Answers with what to print: once, and in the demo every time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if User.objects.filter(is_superuser=True).exists():
        if settings.DEMO:
            return remembered()
        forget_demo()
        return None
    made = FirstStaff(accounts.new_handle(), secrets.token_urlsafe(12), totp.generate_totp_secret())
    # In the demo its password is shown at every start, to whoever sits at this machine.
    user = accounts.add(made.password, handle=made.handle, chosen=settings.DEMO)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    accounts.sign(user, now)
    totp.TOTP.activate(user, made.secret)
    RecoveryCodes.activate(user)
    if settings.DEMO:
        remember(made)
    return made


def demo_code() -> str:
    """The code that the first account's authenticator app would show now."""
    if not settings.DEMO:
        raise DemoOnly("Ask the authenticator app: outside the demo nothing shows its codes.")
    secret = strongbox.open(
        accounts.SECOND_FACTOR,
        Authenticator.objects.get(
            type=Authenticator.Type.TOTP, user=User.objects.filter(is_superuser=True).earliest("pk")
        ).data["secret"],
    )
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def remember(made: FirstStaff) -> None:
    file = settings.VAR / "demo-staff"
    file.touch(mode=0o600)
    file.write_text(strongbox.seal(PURPOSE, json.dumps(asdict(made))))


def forget_demo() -> None:
    """What was a demo is one no more: the password that it showed has to go."""
    if shown := remembered():
        for user in User.objects.filter(username=shown.handle):
            accounts.must_choose_anew(user)
        (settings.VAR / "demo-staff").unlink()


def remembered() -> FirstStaff | None:
    file = settings.VAR / "demo-staff"
    return FirstStaff(**json.loads(strongbox.open(PURPOSE, file.read_text()))) if file.exists() else None
