"""Behind a proxy that speaks HTTPS: nothing is told in the clear, and attempts to sign in count by whoever makes them."""

import json
import os
import subprocess
import sys

import pytest

LOOK = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from allauth.core.internal.httpkit import get_client_ip
from django.test import Client, RequestFactory
from forecourt.edge import server
client = Client(headers={"host": "wren.example"})
plain, page = client.get("/staff/account/login/"), client.get("/staff/account/login/", secure=True)
asked = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"}, REMOTE_ADDR="10.0.0.1")
print(json.dumps({
    "to": plain.headers["Location"], "hsts": page.headers["Strict-Transport-Security"],
    "cookies": [str(cookie) for cookie in page.cookies.values()], "from": get_client_ip(asked),
    "own": [dict(answer.headers).get("Strict-Transport-Security") for answer in (server.TOO_LARGE, server.FAILED)],
    "demo": [client.get(path, secure=True).status_code for path in ("/demo/", "/demo/phone/", "/demo/patterns/")],
}))
"""


@pytest.fixture(scope="module")
def seen(django_db_setup, django_db_blocker) -> dict:
    from django.db import connections

    said = {"FORECOURT_HTTPS": "1", "FORECOURT_HOSTS": "wren.example", "FORECOURT_DEMO": "0"}
    said["FORECOURT_DATABASE"] = connections["default"].settings_dict["NAME"]
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], env={**os.environ, **said}, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(looked.stdout.splitlines()[-1])


def test_plain_http_is_sent_to_https_and_told_to_stay(seen):
    assert seen["to"] == "https://wren.example/staff/account/login/"
    age, _, hosts = seen["hsts"].partition("; ")
    assert int(age.removeprefix("max-age=")) >= 31_536_000
    assert hosts == "includeSubDomains"
    assert seen["own"] == [seen["hsts"]] * 2


def test_cookies_travel_over_https_alone_and_no_script_reads_them(seen):
    assert seen["cookies"]
    assert all("Secure" in cookie and "HttpOnly" in cookie and "SameSite" in cookie for cookie in seen["cookies"])


def test_attempts_count_by_the_address_that_the_proxy_saw(seen):
    """Not by the proxy's own, or one visitor could shut everybody out; nor by what the visitor claims."""
    assert seen["from"] == "203.0.113.9"


def test_the_demo_does_not_exist_here(seen):
    assert seen["demo"] == [404, 404, 404]
