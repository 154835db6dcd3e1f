"""Who reaches what under /staff/: every address, four kinds of visitor. An address that is not in the table fails."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from forecourt.cases.models import Case
from forecourt.console import actions
from tests.console.signing_in import give_password, sign_in

SIGN_IN, SET_UP, PASSES, NO_CASE, GONE = "signs in first", "sets up first", "passes", "403: no case", "404: shut"
EVERYBODY = (PASSES, PASSES, PASSES, PASSES)
SETTING_UP = (SIGN_IN, PASSES, PASSES, PASSES)
STAFF = (SIGN_IN, SET_UP, PASSES, PASSES)
SHUT = (GONE, GONE, GONE, GONE)

# anonymous, without second factor, without case, with case
MATRIX = {
    "account_login": EVERYBODY,
    "account_logout": EVERYBODY,
    "mfa_authenticate": EVERYBODY,
    "mfa_activate_totp": SETTING_UP,
    "account_reauthenticate": SETTING_UP,
    "account_change_password": STAFF,
    "mfa_reauthenticate": STAFF,
    "mfa_index": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_download_recovery_codes": STAFF,
    "console:home": STAFF,
    "console:search": STAFF,
    "console:contact": (SIGN_IN, SET_UP, NO_CASE, PASSES),
    "console:open_case": STAFF,
    "console:stop_contact": STAFF,
    "console:case": STAFF,
    "console:close_case": STAFF,
    "console:take_case": STAFF,
    "console:hand_over": STAFF,
    "console:undertaking": STAFF,
    "console:who": STAFF,
    "console:stop": STAFF,
    "console:stop_whom": STAFF,
    "console:stop_now": STAFF,
    "console:stopped": STAFF,
    "console:work": STAFF,
    "console:answer": STAFF,
    "console:cases": STAFF,
    "console:write_down": STAFF,
    "console:inquiry": STAFF,
    "console:inquiry_original": STAFF,
    "console:inquiry_answer": STAFF,
    "console:inquiry_close": STAFF,
    "console:inquiry_kind": STAFF,
    "console:inquiry_site": STAFF,
    "console:inquiry_call": STAFF,
    "console:claims": STAFF,
    "console:claim": STAFF,
    "console:claim_document": STAFF,
    "console:claim_answer": STAFF,
    "console:holds": STAFF,
    "console:approve_hold": STAFF,
    "console:end_hold": STAFF,
    "console:noes": STAFF,
    "console:say_again": STAFF,
    "wagtailadmin_account": SHUT,
    "wagtailadmin_login": SHUT,
    "wagtailadmin_password_reset": SHUT,
    "wagtailadmin_pages:set_privacy": SHUT,
}
ANY = {
    "int": 1,
    "str": "x",
    "slug": "x",
    "path": "x",
    "uuid": uuid.UUID(int=1),
    "reference": "CCCC-CCCC",
    "unknown": "message",
    "shared": "share",
}


def routes(resolver: URLResolver, before: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Every name and one address for it, with some value for each parameter."""
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from routes(pattern, here, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or "")), here


def staff_routes() -> list[tuple[str, str]]:
    return [(name, route) for name, route in routes(get_resolver()) if route.startswith("staff/")]


def is_cms(route: str) -> bool:
    return route.startswith("staff/cms/")


def expected(name: str, route: str) -> tuple[str, ...]:
    if name.startswith(("wagtailusers_users:", "wagtaildocs:")):
        return SHUT
    # The CMS's many addresses hold nothing about visitors, so one row serves them all.
    return MATRIX[name] if name in MATRIX or not is_cms(route) else STAFF


def address(route: str, contact: uuid.UUID) -> str | None:
    """The route with values in place of its parameters; None for the CMS's few regular expressions."""
    if any(sign in route for sign in "^$\\"):
        return None
    parts = []
    for part in route.split("<"):
        parameter, closed, rest = part.partition(">")
        if not closed:
            parts.append(part)
            continue
        kind, _, called = parameter.rpartition(":")
        parts.append(f"{contact if called == 'contact_id' else ANY[kind or 'str']}{rest}")
    return "/" + "".join(parts)


def met(client: Client, where: str, wanted: str) -> str:
    response = client.get(where)
    target = response.headers.get("Location", "")
    if target.startswith("/staff/account/login/"):
        # The code's page sends whoever has given no password to the start.
        return PASSES if where == "/staff/account/code/" else SIGN_IN
    if target == "/staff/account/second-factor/app/":
        return SET_UP
    if response.status_code == 403 and b"Open a case first" in response.content:
        return NO_CASE
    # A page that passes may still find nothing: there is no case CCCC-CCCC.
    return GONE if wanted is GONE and response.status_code == 404 else PASSES


def test_every_staff_address_is_in_the_table():
    listed = set(MATRIX)

    named = {name for name, route in staff_routes() if not is_cms(route)}

    assert named - listed == set(), "add a row to MATRIX"
    assert listed - {name for name, _ in staff_routes()} == set(), "these rows name no address any more"


@pytest.mark.parametrize(
    "visitor", [0, 1, 2, 3], ids=["anonymous", "without second factor", "without case", "with case"]
)
def test_staff_addresses_admit_whom_the_table_says(visitor, newcomer, clerk, ada, now):
    client = Client(raise_request_exception=False)
    if visitor == 1:
        give_password(client, newcomer.username)
    if visitor >= 2:
        sign_in(client, clerk)
    query = ""
    if visitor == 3:
        query = f"?case={actions.open_case(ada, Case.Kind.QUESTION, 'phone', by=clerk, now=now).reference}"

    wrong = []
    for name, route in staff_routes():
        where = address(route, ada.pk)
        if (
            where is None
            or name == "account_logout"
            or (is_cms(route) and visitor >= 2 and expected(name, route) is not SHUT)
        ):
            continue
        wanted = expected(name, route)[visitor]
        found = met(client, where + (query if name == "console:contact" else ""), wanted)
        if found != wanted:
            wrong.append(f"{name} {where}: {found}, not {wanted}")

    assert wrong == []
