"""The row that begins with the car somebody looked at, and the page that everybody else gets."""

import pytest

PAGES = ("/", "/models/")


def says(client, choices: str, **cookies: str) -> None:
    client.cookies["choices"] = choices
    for name, value in cookies.items():
        client.cookies[name] = value


@pytest.fixture
def home(db, at):
    """The brand's own pages, as they are loaded at the start."""
    from forecourt.pages import load

    load.load(at.now)


@pytest.mark.parametrize("path", PAGES)
def test_with_a_yes_the_page_begins_with_the_car_and_says_why(path, home, client):
    says(client, "personal-yes")
    client.get("/models/pipit/")
    answer = client.get(path)
    page = answer.content.decode()

    assert "Because you looked at the Pipit on December&nbsp;1" in page
    assert 'href="/privacy/choices/">switch it off' in page
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("said", ["personal-no", "", "analytics-no"])
def test_without_it_the_page_is_the_one_that_everybody_gets_to_the_byte(path, said, home, client):
    everybodys = client.get(path).content
    says(client, said, recent="pipit.2026-12-01")

    assert client.get(path).content == everybodys


def test_a_car_is_kept_only_after_the_yes_and_for_no_longer_than_declared(db, at, client):
    assert "recent" not in client.get("/models/pipit/").cookies
    says(client, "personal-no")
    assert "recent" not in client.get("/models/pipit/").cookies
    says(client, "personal-yes")
    kept = client.get("/models/pipit/").cookies["recent"]

    assert (kept.value, kept["max-age"]) == ("pipit.2026-12-01", 90 * 86_400)


@pytest.mark.parametrize("path", ["/", "/privacy/", "/dealers/", "/models/pipit/"])
def test_the_first_page_after_the_no_takes_it_away(path, home, client):
    says(client, "personal-no", recent="pipit.2026-12-01")

    assert client.get(path).cookies["recent"]["max-age"] == 0


@pytest.mark.parametrize(
    "value", ["", "pipit", "pipit.2026-13-45", "none.2026-12-01", "siskin.2026-12-01x", "<b>.2026-12-01"]
)
def test_nonsense_in_the_cookie_shows_nothing(value, home, client):
    says(client, "personal-yes", recent=value)

    assert b"Because you looked" not in client.get("/models/").content
