"""Beacons: where one stands, what it notes, and that a no is heard before anything is read."""

from datetime import timedelta

import pytest
from lxml import html

from forecourt.traffic import forgetting, notes
from forecourt.traffic.models import View

YES = "analytics-yes"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


def beacons(answer) -> list[str]:
    return [tag.get("src") for tag in html.fromstring(answer.content).xpath("//img[contains(@src, 'beacon')]")]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/models/", "models"),
        ("/models/pipit/", "model"),
        ("/dealers/", "dealers"),
        ("/contact/", "contact"),
        ("/test-drive/", "test-drive"),
        ("/privacy/", "policy"),
    ],
)
def test_after_a_yes_a_page_has_one_and_it_says_the_kind_of_page(path, kind, db, at, client):
    client.cookies["choices"] = YES
    answer = client.get(path)

    assert beacons(answer) == [f"/beacon/page.gif?page={kind}"]
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("said", ["", "analytics-no", "sale-yes.ads-yes.personal-yes"])
@pytest.mark.parametrize("path", ["/models/", "/dealers/", "/privacy/", "/test-drive/"])
def test_without_it_no_page_has_one(said, path, db, at, client):
    client.cookies["choices"] = said

    assert beacons(client.get(path)) == []


@pytest.mark.parametrize("path", ["/m/none/", "/test-drive/none/", "/staff/account/login/", "/demo/", "/models/none/"])
def test_a_page_of_ones_own_has_none(path, db, at, client):
    client.cookies["choices"] = YES

    assert beacons(client.get(path)) == []


def test_only_the_host_of_the_site_before_is_told(db, at, client):
    client.cookies["choices"] = YES
    before = {"Referer": "https://news.example/letters?to=ada@post.example"}

    assert beacons(client.get("/models/", headers=before)) == ["/beacon/page.gif?page=models&from=news.example"]
    assert beacons(client.get("/models/", headers={"Referer": "http://testserver/dealers/?place=27284"})) == [
        "/beacon/page.gif?page=models"
    ]


def test_a_view_holds_the_listed_fields_and_none_more(db, at, client):
    client.cookies["choices"] = YES
    picture = client.get(
        "/beacon/page.gif?page=model&from=news.example&email=ada@post.example",
        headers={"User-Agent": FIREFOX},
        REMOTE_ADDR="203.0.113.77",
    )

    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/gif")
    view = View.objects.values().get()
    assert view.pop("id")
    assert view == {
        "kind": "model",
        "at": at.now.replace(minute=0, second=0, microsecond=0),
        "network": "203.0.113.0/24",
        "browser": "Firefox",
        "came_from": "news.example",
    }


@pytest.mark.parametrize("said", ["", "analytics-no", "sale-yes.ads-yes"])
def test_without_the_yes_it_is_dropped_before_anything_is_read(said, db, at, client, monkeypatch):
    monkeypatch.setattr(notes, "note", lambda *_: pytest.fail("it was read"))
    client.cookies["choices"] = said
    answer = client.get("/beacon/page.gif?page=model")

    assert (answer.status_code, answer.content) == (204, b"")
    assert not View.objects.exists()


@pytest.mark.parametrize("asked", ["", "?page=", "?page=ada@post.example", "?page=/test-drive/abc/"])
def test_what_is_no_page_of_ours_is_not_counted(asked, db, at, client):
    client.cookies["choices"] = YES

    assert client.get(f"/beacon/page.gif{asked}").status_code == 204
    assert not View.objects.exists()


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1234:5678::9", "2001:db8:1234::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_an_address_is_cut_short_before_it_is_kept(address, kept):
    assert notes.cut(address) == kept


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
            "Chrome",
        ),
        ("Mozilla/5.0 AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15", "Safari"),
        ("curl/8.5", "other"),
    ],
)
def test_a_browser_is_known_by_its_family_alone(agent, name):
    assert notes.family(agent) == name


def test_a_view_is_gone_on_its_ninetieth_day_and_the_policy_says_so(db, at):
    from forecourt.consent import policies

    for days in (89, 90):
        View.objects.create(kind="model", at=at.now - timedelta(days=days), network="", browser="", came_from="")

    assert forgetting.forget(at.now) == 1
    assert View.objects.get().at == at.now - timedelta(days=89)
    uses = policies.in_force(at.now).uses
    assert {uses[name].keep for name in ("page-beacon", "email-beacon")} == {"90 days"}
