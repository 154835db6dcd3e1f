import pytest

from forecourt.dealers import mine
from tests.dealers.test_dealer_pages import loaded, read, wren  # noqa: F401 (fixtures)

HARBOR = "harbor-duluth-mn"


def choose(client, dealer=HARBOR, **more):
    return client.post("/dealers/choice/", {"dealer": dealer, **more}, headers={"Sec-Fetch-Site": "same-origin"})


def test_a_dealer_is_kept_on_this_device_only_by_the_press_that_says_so(client):
    page = read(client, f"/dealers/{HARBOR}/")
    assert "Make this my dealer" in page
    assert "Sets a cookie" in page
    assert mine.COOKIE not in client.cookies

    answer = choose(client)

    assert answer.status_code == 302
    assert client.cookies[mine.COOKIE].value == HARBOR
    assert "This is your dealer on this device" in read(client, f"/dealers/{HARBOR}/")
    assert "Your dealer" in read(client, "/dealers/")
    assert "Your dealer is <strong>Harbor Wren</strong>" in read(client, "/test-drive/")


def test_forgetting_takes_the_cookie_away(client):
    choose(client)

    answer = client.post("/dealers/choice/removal/", headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.cookies[mine.COOKIE]["max-age"] == 0
    assert "Forget my dealer" not in client.get("/dealers/").content.decode()


def test_where_cookies_are_refused_the_next_page_says_what_that_means(client):
    answer = choose(client)
    client.cookies.clear()

    page = read(client, answer["Location"])

    assert "No dealer of yours can be kept on this device" in page


def test_a_dealer_that_is_not_ours_is_not_kept(client):
    assert choose(client, "nobody").status_code == 404
    assert choose(client, more="1").status_code == 422
    assert mine.COOKIE not in client.cookies


@pytest.mark.parametrize("value", ["", "nobody", "x" * 3000, "<script>"])
def test_a_made_up_cookie_is_nobody(client, value):
    client.cookies[mine.COOKIE] = value

    assert "Forget my dealer" not in client.get("/dealers/").content.decode()


def test_the_map_shows_every_dealer_where_the_list_has_it(client):
    found = client.get("/dealers/map.json").json()["dealers"]

    assert len(found) == 166
    harbor = next(dealer for dealer in found if dealer["slug"] == HARBOR)
    assert harbor["at"] == pytest.approx([46.8, -92.1], abs=0.3)
    assert "test-drive" in harbor["services"]


def test_the_page_without_a_search_says_how_many_dealers_there_are(client):
    assert "166 dealers, each its own business" in read(client, "/dealers/")
