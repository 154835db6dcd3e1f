"""Cars at dealers, as the pages show them."""

import html
import re
from datetime import date

import pytest

from forecourt.vehicles.recalls.actions import digest_of
from forecourt.vehicles.recalls.models import Affected, Campaign, Repair
from forecourt.vehicles.recalls.models import Loading as RecallsLoading
from forecourt.vehicles.stock import store
from forecourt.vehicles.stock.actions import load
from forecourt.vehicles.stock.models import Loading
from tests.cast import make_car, make_dealer, vin_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(monkeypatch):
    """Each test's cars are in its own transaction, so nothing that another kept may be taken for them."""
    monkeypatch.setattr(store, "_kept", None)


@pytest.fixture
def salem(dealer):
    return dealer


@pytest.fixture
def boise(dealer, now):
    return make_dealer(now, "boise", name="Boise Wren", city="Boise", state="ID", latitude=43.6, longitude=-116.2)


def loaded(now) -> None:
    Loading.objects.create(digest="these", cars=0, at=now)


def read(client, address: str, status: int = 200) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == status
    assert not answer.cookies
    return " ".join(html.unescape(answer.content.decode()).replace("\u00a0", " ").split())


def rows(page: str) -> list[str]:
    return re.findall(r'data-car="([a-z0-9]+)"', page)


def link(page: str, words: str) -> str:
    return re.search(rf'href="([^"]+)"[^>]*>{words}', page)[1]


def test_a_row_has_all_that_a_buyer_asks_first(client, at, salem):
    make_car(salem, 1)
    used = make_car(
        salem, 2, vin=vin_of("P", "P", 77), year=2023, condition="certified", mileage=31_000, inspected=date(2026, 10, 20),
        result="repaired", paint="gorse",
    )  # fmt: skip
    loaded(at.now)

    page = read(client, "/stock/?condition=certified&near=27101")

    assert rows(page) == [used.slug]
    for words in (
        used.vin,
        "Wren of Salem, Winston-Salem, NC",
        "$20,002",
        "the dealer’s own price",
        "2023 Pipit",
        "Gorse",
    ):
        assert words in page
    assert "Inspected Oct 20, 2026: passed after repairs" in page
    assert "31,000 miles" in page


def test_what_a_form_sends_becomes_the_one_address_of_the_question(client, at, salem):
    make_car(salem, 1)
    loaded(at.now)

    sent = client.get("/stock/?q=&paint=rowan&line=siskin&line=pipit&near=&within=&sort=price&ref=mail&line=pipit")

    assert sent.headers["Location"] == "/stock/?line=pipit.siskin&paint=rowan&sort=price"
    assert client.get(sent.headers["Location"]).status_code == 200


def test_show_more_reaches_each_car_once(client, at, salem, boise):
    for number in range(60):
        make_car(boise if number % 3 else salem, number, price=20_000 + number % 2)
    loaded(at.now)
    for sort in ("price", "price-high", "newest", "mileage"):
        found, address = [], f"/stock/?sort={sort}"
        while address:
            page = read(client, address)
            found += rows(page)
            address = link(page, "Show more cars") if "Show more cars" in page else ""

        assert len(found) == len(set(found)) == 60


def test_counts_stand_beside_each_choice_and_leave_their_own_facet_open(client, at, salem):
    make_car(salem, 1)
    make_car(salem, 2, paint="gorse")
    make_car(salem, 3, vin=vin_of("S", "V", 5), line="siskin", trim="siskin", paint="gorse")
    loaded(at.now)

    page = read(client, "/stock/?line=pipit")

    assert re.search(r'value="gorse"> <span>Gorse</span> <span class="stock-count">1<', page)
    assert re.search(r'value="siskin"> <span>Siskin</span> <span class="stock-count">1<', page)
    assert re.search(r'value="pipit" checked> <span>Pipit</span> <span class="stock-count">2<', page)


def test_near_a_place_the_nearest_comes_first_with_its_distance(client, at, salem, boise):
    far, near = make_car(boise, 1), make_car(salem, 2)
    loaded(at.now)

    assert rows(read(client, "/stock/?near=27101")) == [near.slug, far.slug]
    assert rows(read(client, "/stock/?near=27101&within=25")) == [near.slug]
    assert "We know no place of that name" in read(client, "/stock/?near=nowhere+at+all")
    assert "military" in read(client, "/stock/?near=09001")


def test_nothing_found_says_what_would_find_something(client, at, salem):
    make_car(salem, 1)
    make_car(salem, 2, paint="gorse", vin=vin_of("S", "V", 5), line="siskin", trim="siskin")
    loaded(at.now)

    page = read(client, "/stock/?line=pipit&paint=gorse")

    assert "No car is all of that at once. This would find some:" in page
    assert link(page, "Any paint") == "/stock/?line=pipit"
    assert link(page, "Any model") == "/stock/?paint=gorse"


def test_words_that_fit_no_car_with_the_rest_are_offered_alone(client, at, salem):
    make_car(salem, 1)
    loaded(at.now)

    page = read(client, "/stock/?line=siskin&q=tractor+rowan")

    assert link(page, "Only “rowan”") == "/stock/?q=rowan"


def test_a_slip_of_the_finger_is_read_and_told(client, at, salem):
    car = make_car(salem, 1)
    loaded(at.now)

    page = read(client, "/stock/?q=pippit+rowann")

    assert rows(page) == [car.slug]
    assert "We read “pippit” as <strong>pipit</strong>" in page


def recall(line: str = "PIPIT", *, stops: bool, number: str = "26V111000", year: int = 2027) -> Campaign:
    facts = dict.fromkeys("makers_number defect risk notes".split(), "")
    campaign = Campaign.objects.create(
        number=number,
        component="Air bag",
        remedy="A dealer replaces it.",
        do_not_drive=stops,
        park_outside=False,
        **facts,
    )
    Affected.objects.create(campaign=campaign, model=line, year=year)
    return campaign


def test_a_stop_sale_recall_that_comes_after_the_car_takes_it_away_at_once(client, at, salem):
    car = make_car(salem, 1)
    other = make_car(salem, 2, vin=vin_of("S", "V", 5), line="siskin", trim="siskin", paint="gorse")
    loaded(at.now)
    assert set(rows(read(client, "/stock/"))) == {car.slug, other.slug}

    recall(stops=True)

    assert rows(read(client, "/stock/")) == [other.slug]
    gone = read(client, f"/stock/{car.slug}/", status=410)
    assert "This car is not for sale" in gone
    assert car.vin not in gone


def test_a_new_load_of_recalls_takes_the_car_out_of_the_counts_and_a_repair_brings_it_back(client, at, salem):
    car = make_car(salem, 1)
    loaded(at.now)
    campaign = recall(stops=True)
    load_of_recalls(at.now)
    assert "0 cars" in read(client, "/stock/")

    Repair.objects.create(campaign=campaign.number, car=digest_of(car.vin))

    assert "One car" in read(client, "/stock/")


def load_of_recalls(now) -> None:
    RecallsLoading.objects.create(
        source="a file", is_pack=False, digest="x", as_of=now.date(), lines=1, ours=1, bad=0, at=now
    )


def test_another_open_recall_is_told_and_its_car_is_shown(client, at, salem):
    car = make_car(salem, 1)
    loaded(at.now)
    recall(stops=False)
    load_of_recalls(at.now)

    assert "One open recall" in read(client, "/stock/")
    page = read(client, f"/stock/{car.slug}/")
    assert "Air bag. A dealer replaces it." in page
    assert "as of Dec 1, 2026" in page


def test_a_cars_page_says_everything_and_leads_on(client, at, salem):
    car = make_car(
        salem,
        1,
        trim="pipit-descant",
        price=29_425,
        basis="suggested",
        since=date(2026, 10, 24),
        options=["fan-17", "armrest"],
    )
    loaded(at.now)

    page = read(client, f"/stock/{car.slug}/")

    for words in (
        car.vin,
        "$29,425",
        "Pipit Descant",
        "Delivery charge",
        "$995",
        "Front armrest",
        "Wren of Salem",
        "14 Kettle Street",
    ):
        assert words in page
    assert "Dealers set their own prices." in page
    assert "https://wren-salem-nc.example/privacy" in page
    assert 'href="/test-drive/?car=pipit&dealer=wren-salem-nc"' in page


def test_a_car_whose_line_is_not_booked_any_more_is_asked_about_by_phone(client, at, salem):
    car = make_car(
        salem, 1, vin=vin_of("D", "T", 5), line="dunlin", trim="dunlin", year=2026, paint="slate", options=[]
    )
    loaded(at.now)

    page = read(client, f"/stock/{car.slug}/")

    assert "Call about it" in page
    assert "/test-drive/?car=dunlin" not in page


def test_a_car_that_was_never_there_is_not_found_and_one_that_was_sold_leads_to_its_like(client, at, salem):
    car = make_car(salem, 1, active=False)
    loaded(at.now)

    assert client.get("/stock/never-was/").status_code == 404
    assert link(read(client, f"/stock/{car.slug}/", status=410), "Show cars like it") == "/stock/?line=pipit"


@pytest.mark.parametrize(
    "query",
    [
        "after=unheard-of",
        "sort=%00",
        "within=12&near=27101",
        "line=..%2F..",
        "year=19x",
        "price=1e9",
        "q=%00%ff",
        "dealer=" + "x" * 500,
    ],
)
def test_whatever_stands_in_the_address_is_answered(client, at, salem, query):
    make_car(salem, 1)
    loaded(at.now)

    read(client, f"/stock/?{query}")


def test_where_the_place_in_the_list_is_lost_it_starts_anew_and_says_so(client, at, salem):
    car = make_car(salem, 1)
    loaded(at.now)

    page = read(client, "/stock/?after=unheard-of")

    assert "The list has changed" in page
    assert rows(page) == [car.slug]


def test_a_dealers_page_leads_to_the_cars_that_stand_there(client, at, salem, boise):
    make_car(salem, 1)
    make_car(salem, 2)
    loaded(at.now)

    assert link(read(client, "/dealers/wren-salem-nc/"), "2 cars here now") == "/stock/?dealer=wren-salem-nc"
    assert "here now" not in read(client, "/dealers/boise/")


def test_a_brand_without_a_stock_has_no_such_entry_in_its_menu(client, at, settings, tmp_path, salem):
    loaded(at.now)
    assert "Cars at dealers" in read(client, "/models/")

    from forecourt.vehicles.stock import pack

    assert not pack.is_there(tmp_path)
    assert load(tmp_path, at.now).cars == 0
