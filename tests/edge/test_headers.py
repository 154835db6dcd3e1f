"""What every answer says to the browser, whatever was asked and however it went."""

import pytest

PATHS = (
    "/", "/models/", "/models/pipit/", "/models/none/", "/dealers/", "/test-drive/", "/test-drive/none/", "/m/none/", "/m/none/stop/",
    "/contact/", "/privacy/", "/privacy/checks/", "/.well-known/privacy-checks.json", "/hooks/texts/", "/none/", "/staff/",
    "/staff/account/login/", "/staff/none/", "/media/images/none.png",
)  # fmt: skip
FILES = ("/static/consent/gpp.js", "/static/none.css", "/static/web/")
PRIVATE = ("/test-drive/none/", "/m/none/", "/m/none/stop/", "/staff/", "/staff/account/login/", "/staff/none/")


def policy(answer) -> dict[str, str]:
    rows = (row.strip().partition(" ") for row in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in rows}


@pytest.mark.parametrize("path", [*PATHS, *FILES])
def test_no_answer_runs_code_of_others_or_stands_in_their_frames(path, db, at, client):
    answer = client.get(path)
    allowed = policy(answer)

    assert allowed["default-src"] == "'self'"
    assert allowed["frame-ancestors"] == allowed["object-src"] == allowed["base-uri"] == "'none'"
    assert allowed["form-action"] == "'self'"
    assert "script-src" not in allowed
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "no-referrer", "same-origin")


@pytest.mark.parametrize("path", [*PATHS, "/static/none.css"])
def test_no_page_may_borrow_a_sense_a_purse_or_a_profile_of_the_browser(path, db, at, client):
    lent = client.get(path).headers["Permissions-Policy"].split(", ")

    assert all(row.endswith("=()") for row in lent)
    for feature in "geolocation camera microphone payment usb browsing-topics interest-cohort".split():
        assert f"{feature}=()" in lent


def test_a_refused_host_and_a_foreign_form_borrow_nothing_either(db, at, client):
    for answer in (
        client.get("/", headers={"host": "evil.example"}),
        client.post("/test-drive/", headers={"Origin": "https://evil.example"}),
    ):
        assert answer.status_code in (400, 403)
        assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PRIVATE)
def test_what_is_one_persons_own_is_kept_by_no_cache(path, db, at, client):
    answer = client.get(path)

    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin")


def test_a_host_that_is_not_ours_is_refused(db, at, client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"x-forwarded-host": "evil.example"}).status_code == 200


# What machines read: one answer for everybody, and no visitor's data in it.
READ_BY_ANYBODY = {"/.well-known/privacy-checks.json": "*"}


@pytest.mark.parametrize("path", PATHS)
def test_another_sites_page_may_read_what_is_everybodys_and_nothing_else(path, db, at, client):
    answer = client.get(path, headers={"Origin": "https://evil.example"})

    assert answer.headers.get("Access-Control-Allow-Origin") == READ_BY_ANYBODY.get(path)
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_in_words_says_how_they_are_written(path, db, at, client):
    kind = client.get(path).headers["Content-Type"]

    assert kind == "application/json" or kind.endswith("charset=utf-8")


def test_a_file_is_what_it_says_it_is(db, at, client):
    answer = client.get("/static/consent/gpp.js")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_request_is_never_sent_back_as_it_came(db, at, client):
    for path in PATHS:
        assert b"only-mine" not in client.trace(path, headers={"X-Told": "only-mine"}).content


@pytest.mark.parametrize("path", ["/static/", "/static/web/", "/media/", "/.git/config", "/.env"])
def test_no_folder_is_listed_and_nothing_of_the_source_is_served(path, db, at, client):
    assert client.get(path).status_code == 404
