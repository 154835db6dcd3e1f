"""Who gets where: every address of the site, as every role, with the ids of somebody else.

What each should meet stands in forecourt/proof/access.toml. An address that is in none of its lists fails here, too.
"""

import re
import uuid
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from forecourt.environment import ROOT
from forecourt.proof import access
from forecourt.proof.access import Route
from tests.access.people import MARKS, Crowd

TABLE = access.access()
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
ANY = {
    "int": 1, "str": "x", "slug": "pipit", "path": "x", "uuid": uuid.UUID(int=1), "unknown": "message", "shared": "lead",
    "request_kind": "know",
}  # fmt: skip
# What a form of staff holds, where an empty one is answered like a refusal.
SENT = {
    "console:open_case": {"kind": "question", "came_by": "phone"},
    "console:permission": {"signed_on": "2026-01-05", "is_theirs": "on"},
    "console:inquiry_kind": {"kind": "question"},
    "console:inquiry_site": {"site": "this"},
    "console:inquiry_call": {"step": "told"},
}
# Of one person: here nothing may be left to chance.
PERSONAL = {"link", "shelf", "own", "case", "case or manager"}


def address(route: Route, crowd: Crowd, role: str) -> str:
    """With Ada's ids in it. One that nobody here knows how to fill fails, so that no id goes untried."""
    ids, tokens = crowd.ids(role), crowd.tokens()
    rule = TABLE.rule(route.path)
    assert rule is not None, f"add /{route.path} to forecourt/proof/access.toml"

    def value(match: re.Match[str]) -> str:
        kind, name = match[1] or "str", match[2]
        if rule.name == "link" and name == "token":
            known = [token for begins, token in tokens.items() if route.path.startswith(begins)]
            assert known, f"say in tests/access/people.py which token of Ada's stands in /{route.path}"
            return known[0]
        if kind == "reference":
            return str(
                ids[next((room for room in ("claims", "inquiry", "stop") if f"staff/{room}/" in route.path), name)]
            )
        assert name in ids or rule.name not in PERSONAL or name in ("which",), (
            f"which {name} of Ada's, in /{route.path}?"
        )
        if name == "slug" and route.path.startswith("programs/"):
            return "military"
        return str(ids.get(name, "sale" if name == "which" else ANY.get(kind, 1)))

    return "/" + PARAMETER.sub(value, route.path)


def plain(route: Route) -> Route | None:
    """The library's few regular expressions by one address that fits them; None for the home page and its like."""
    path = re.sub(r"\(\?P<\w+>\\d\+\)|\(\?P<\w+>live[^)]*\)", "1", route.path)
    path = path.replace("^", "").replace("$", "").replace("\\.", ".").replace(".*", "x")
    return None if set(path) & set("()[]\\") else Route(path, route.name, route.where)


def met(answer: HttpResponseBase, rule: str) -> str:
    target = answer.headers.get("Location", "")
    if answer.status_code == 401 or (target.startswith("/staff/account/login/") and rule != "entrance"):
        return "sign in"
    if target == "/staff/account/second-factor/app/":
        return "set up"
    return {403: "refused", 404: "nothing"}.get(answer.status_code, "in")


def words(answer: HttpResponseBase) -> str:
    return b"".join(answer).decode(errors="replace")


def is_met(wanted: str, found: str, answer: HttpResponseBase, rule: str) -> bool:
    if wanted == found:
        return True
    if wanted == "nothing":
        return 300 <= answer.status_code < 400  # back to one's own list; that nothing changed is looked at apart
    # A page of nobody's own may have nothing under an id that is none.
    return (wanted, found) == ("in", "nothing") and rule not in PERSONAL


def tries(client: Client, method: str, where: str, data: dict[str, Any]) -> HttpResponseBase:
    """Whatever it does to the browser's cookies is undone; what it does to the database, by whoever calls."""
    before = SimpleCookie(client.cookies.output(header="", sep=";"))
    try:
        return getattr(client, method)(where, data)
    finally:
        client.cookies = before


def cross(role: str, crowd: Crowd, route: Route) -> list[str]:
    """What this role meets at this address and should not."""
    rule = TABLE.rule(route.path)
    assert rule is not None
    client, wanted = crowd.clients[role], rule.outcomes[role]
    where, wrong, answered = address(route, crowd, role), [], 0
    sees_it = rule.name in ("link", "demo") or role in ("owner", "case", "handed")
    watched = not sees_it and (role == "another" or wanted != "in")
    before = crowd.ada.rows() if watched and is_about_somebody(route) else None
    for method in ("get",) if rule.name in ("editor", "shut") else ("get", "post"):
        data = {"case": crowd.query(role)} if method == "get" else SENT.get(route.name, {})
        with transaction.atomic():
            answer = tries(client, method, where, data)
            changed = before is not None and (crowd.ada.rows() != before or crowd.destroyed)
            shown = "" if sees_it else words(answer)
            transaction.set_rollback(True)
        crowd.destroyed.clear()
        if answer.status_code == 405:
            continue
        answered += 1
        found = met(answer, rule.name)
        if not is_met(wanted, found, answer, rule.name):
            wrong.append(f"{role} {method} {where}: {found} ({answer.status_code}), not {wanted}")
        if changed:
            wrong.append(f"{role} {method} {where}: changed something of Ada's")
        wrong += [f"{role} {method} {where}: shows {mark}" for mark in MARKS if mark in shown]
    return wrong if answered else [*wrong, f"{where} answers neither GET nor POST"]


def is_about_somebody(route: Route) -> bool:
    return not route.path.startswith("staff/cms/") and bool(PARAMETER.search(route.path))


def is_tried(role: str, route: Route) -> bool:
    """An editor's pages of the CMS are the library's own; who else gets there is tried. What everybody sees is tried once as somebody
    who works here, since the cookie of staff goes no further than /staff/."""
    rule = TABLE.rule(route.path)
    if rule is None:
        return True
    if rule.name in ("everybody", "demo"):
        return role in ("nobody", "owner", "another", "case")
    return not (rule.name == "editor" and rule.outcomes[role] == "in")


def test_every_address_stands_in_the_table_and_no_other():
    assert list(access.unlisted()) == []
    assert list(access.gone()) == []


def test_the_page_about_the_table_is_what_the_table_says():
    assert (ROOT / "docs" / "access-matrix.md").read_text("utf-8") == access.matrix(), "run: forecourt policy access"


@pytest.mark.parametrize("role", TABLE.roles)
def test_each_address_admits_whom_the_table_says(role, crowd):
    tried = [route for one in access.routes() if (route := plain(one)) and is_tried(role, route)]

    wrong = [line for route in tried for line in cross(role, crowd, route)]

    assert tried
    assert wrong == []


def test_a_link_that_nobody_was_given_leads_nowhere(crowd, monkeypatch):
    guessed = {begins: f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}" for begins, token in crowd.tokens().items()}
    monkeypatch.setattr(Crowd, "tokens", lambda self: guessed)
    before, tried, wrong = crowd.ada.rows(), 0, []

    for route in access.routes():
        if TABLE.lists.get(route.path) != "link":
            continue
        where = address(route, crowd, "nobody")
        for method in ("get", "post"):
            answer = tries(crowd.clients["nobody"], method, where, {})
            tried += 1
            # The picture of one pixel looks the same whoever asks for it.
            if answer.status_code not in (404, 405) and not route.path.startswith("beacon/"):
                wrong.append(f"{method} {where}: {answer.status_code}")
            wrong += [f"{method} {where}: shows {mark}" for mark in MARKS if mark in words(answer)]

    assert tried
    assert wrong == []
    assert crowd.ada.rows() == before


def test_an_address_that_is_in_no_list_is_found():
    table = access.read(
        '[roles]\nnobody = "x"\n[rules.everybody]\nsays = "x"\nrest = "in"\n[routes]\neverybody = ["a/*"]'
    )

    assert table.rule("a/b/").outcomes == {"nobody": "in"}
    assert table.rule("b/") is None


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('[routes]\nlink = ["x/"]', "no rule is called so"),
        ('[routes]\neverybody = ["x/", "x/"]', "stands under everybody and under everybody"),
        ('[rules.a]\nsays = "x"\nrest = "in"\nin = ["somebody"]\n[routes]', "name each role once"),
        ('[rules.a]\nsays = "x"\nrest = "in"\nmaybe = ["nobody"]\n[routes]', "name each role once"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(source, says):
    head = '[roles]\nnobody = "x"\n[rules.everybody]\nsays = "x"\nrest = "in"\n'

    with pytest.raises(access.BadAccess, match=says):
        access.read(head + source)
