from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

PASSWORD = "seven small wrens sing"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code() -> str:
    return totp.format_hotp_value(totp.hotp_value(SECRET, next(totp.yield_hotp_counters_from_time())))


def give_password(client: Client, handle: str, password: str = PASSWORD) -> HttpResponse:
    return client.post("/staff/account/login/", {"login": handle, "password": password})


def sign_in(client: Client, user: User) -> Client:
    give_password(client, user.username)
    client.post("/staff/account/code/", {"code": code()})
    return client
