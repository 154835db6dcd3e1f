"""The pages of recalls and of what is covered: answers, errors, and that nothing typed is kept."""

import html
import logging
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from forecourt.proof import runner
from forecourt.proof.evidence import Outcome
from forecourt.proof.registry import probes
from forecourt.traffic import pace
from forecourt.vehicles.recalls import actions, cars, cover, limit, makers
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.models import Loading
from tests.vehicles.recalls_cast import file, line, vin

pytestmark = pytest.mark.django_db
STEERING, MENDED, CHARGER, NONE = "7WNPAGA26TD000412", "7WNPAGA22TD000388", "7WNLAGA28SD002207", "7WNSAGA20VD000077"


@pytest.fixture
def wren(settings, at):
    actions.load_pack(Path(settings.BRAND), at.now)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    monkeypatch.setattr(limit, "lookups", pace.Pace(limit.MOST))


def words(answer) -> str:
    source = re.sub(r"<(script|style|head)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", source)).replace("\u00a0", " ").split())
    return re.sub(r" ([,.])", r"\1", shown)


def of_another_maker() -> str:
    """Of the first in the public list that makes one make."""
    listed = makers._list().query("SELECT code FROM wmi WHERE make_id IS NOT NULL AND length(code) = 3 ORDER BY code")
    return vins.with_check_digit(f"{listed[0]['code']}GDM9A0KP042788")


def look_up(client, typed, status=200):
    answer = client.post("/recalls/", {"vin": typed})
    assert answer.status_code == status
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    return words(answer)


def ask(client, status=200, **typed):
    answer = client.post("/maintenance/", {"vin": "", "car": "", "miles": "", "first_day": "", **typed})
    assert answer.status_code == status
    assert not answer.cookies
    assert answer["Cache-Control"] == "private, no-store"
    return words(answer)


# Recalls


def test_an_open_recall_is_named_with_its_risk_and_what_to_do(wren, client):
    page = look_up(client, STEERING)

    assert "2026 Pipit 7WNPAGA26TD000412 One open recall" in page
    assert (
        page.index("Do not drive this car") < page.index("26V974000") < page.index("The risk A rack that comes loose")
    )
    assert "Leave the car where it stands" in page
    assert "Find a dealer who mends it" in page
    assert "Nov 26" not in page
    assert "As of Dec 1, 2026, today" in page
    assert "Newest entry Sep 14, 2026" in page


def test_one_that_may_burn_says_to_park_outside(wren, client):
    assert "Park outside, away from buildings and other cars" in look_up(client, CHARGER)


@pytest.mark.parametrize("typed", [NONE, MENDED])
def test_no_open_recall_is_said_with_the_day(wren, client, typed):
    page = look_up(client, typed)

    assert "No open recall As of Dec 1, 2026, nothing is to be mended on this car." in page


def test_a_wrong_vin_is_explained_and_stays_in_its_box(wren, client):
    answer = client.post("/recalls/", {"vin": "7wnpaga26td000413"})

    assert "The ninth checks the others: it is 6" in words(answer)
    assert 'value="7wnpaga26td000413"' in answer.content.decode()
    assert not answer.cookies


def test_the_vin_that_was_probably_meant_is_one_press_away(wren, client):
    answer = client.post("/recalls/", {"vin": "7WNPAGA26TDO00412"})

    assert "Character 12 is the letter O, which no VIN has. It is probably the digit 0." in words(answer)
    assert '<input type="hidden" name="vin" value="7WNPAGA26TD000412">' in answer.content.decode()


def test_a_vin_that_cannot_be_ours_says_where_to_look(wren, client):
    assert "Z stands for none of ours" in look_up(client, vins.with_check_digit("7WNZAGA20TD000412"))


def test_another_makers_vin_is_told_whose_it_seems_to_be_and_where_to_look(wren, client):
    foreign = of_another_maker()
    maker = makers.whose(foreign)
    answer = client.post("/recalls/", {"vin": foreign})

    assert maker
    assert f"This VIN seems to be a {maker}’s." in words(answer)
    assert re.search(r'href="https://www.nhtsa.gov/recalls" class="button" rel="noopener noreferrer external"', answer.content.decode())  # fmt: skip


def test_a_maker_that_no_list_has_is_told_as_unknown(wren, client):
    assert "We do not know the maker of this VIN." in look_up(client, vins.with_check_digit("5WNPAGA20TD000412"))


def test_our_own_maker_is_in_no_public_list(wren):
    assert makers.whose(STEERING) == ""
    assert [makers.whose(wmi + STEERING[3:]) for wmi in cars.ours().wmis] == [""]


def test_without_any_list_nobody_is_told_that_there_is_no_recall(db, at, client):
    answer = client.post("/recalls/", {"vin": NONE})

    assert "<h1>We cannot tell</h1>" in answer.content.decode()
    assert "No recalls are loaded here" in words(answer)
    assert "no open recall" not in answer.content.decode()


def test_an_old_list_says_so_before_and_in_the_answer(wren, at, client):
    at.now += timedelta(days=8)

    assert "Our list is 8 days old" in words(client.get("/recalls/"))
    assert "Our list is 8 days old" in look_up(client, NONE)


def test_seven_days_are_not_old_yet(wren, at, client):
    at.now += timedelta(days=7)

    assert "days old" not in look_up(client, NONE)


def test_what_files_say_is_shown_as_words_and_never_as_html(wren, client, tmp_path, at):
    path = file(tmp_path, line(DESC_DEFECT="A lamp &lt;script&gt;alert(1)&lt;/script&gt; <b onclick=x>may</b> go out."))
    actions.load(path, at.now)
    answer = client.post("/recalls/", {"vin": vin("avocet", 2026, 8)})

    assert b"<script>alert" not in answer.content
    assert "A lamp <script>alert(1)</script> may go out." in html.unescape(answer.content.decode())
    assert "the official file FLAT_RCL.txt" in words(answer)


def test_a_recall_by_model_and_year_alone_says_that_the_dealer_knows(wren, client):
    assert "the dealer sees whether yours is among them" in look_up(client, vin("siskin", 2024, 5))
    assert "the dealer sees" not in look_up(client, STEERING)


@pytest.mark.parametrize("typed", ["", " ", "x" * 201, "\x00", "<script>", "7WN" * 60, "💥" * 17, "ſ" * 17])
def test_whatever_is_typed_is_answered_kindly(wren, client, typed):
    page = look_up(client, typed)

    assert "Safety and emission recalls" in page
    assert "how old our list is" in page.lower()


def test_fields_that_nobody_declared_are_refused(wren, client):
    assert client.post("/recalls/", {"vin": NONE, "email": "a@b.example"}).status_code == 422


def test_the_page_is_one_for_all_and_has_nothing_of_anybody(wren, client):
    answer = client.get("/recalls/?vin=" + STEERING)

    assert answer.status_code == 200
    assert STEERING not in answer.content.decode().split("This is a demo")[0]
    assert not answer.cookies


def test_many_lookups_from_one_place_are_slowed_and_other_places_are_not(wren, client, monkeypatch):
    monkeypatch.setattr(limit, "lookups", pace.Pace(most=3))
    for _ in range(3):
        look_up(client, NONE)

    assert "Wait a minute" in look_up(client, NONE, status=429)
    assert client.post("/recalls/", {"vin": NONE}, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert client.get("/recalls/").status_code == 200


def test_the_next_minute_counts_anew_and_remembers_nobody(at):
    counter = pace.Pace(most=1)
    assert [counter.may_go_on("203.0.113.0/24", at.now) for _ in range(2)] == [True, False]
    assert counter.may_go_on("203.0.113.0/24", at.now + timedelta(minutes=1))
    assert "203.0.113" not in repr(vars(counter))


def test_a_vin_is_in_no_log(wren, client, caplog):
    caplog.set_level(logging.DEBUG)
    look_up(client, STEERING)
    look_up(client, STEERING[:-1] + "3")
    ask(client, vin=STEERING, miles="4100")

    assert caplog.records is not None
    assert STEERING[:-1] not in "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


@pytest.mark.parametrize("address", ["/recalls/", "/maintenance/"])
def test_a_brand_without_vins_has_neither_page_nor_entry(address, client, settings, db, at):
    settings.BRAND = Path(__file__).parents[1] / "brands" / "plover"

    assert client.get(address).status_code == 404
    assert address not in client.get("/dealers/").content.decode()


def test_both_pages_stand_in_the_menu(wren, client):
    page = client.get("/models/").content.decode()

    assert '<a href="/recalls/">Safety and emission recalls</a>' in page
    assert '<a href="/maintenance/">Covered maintenance</a>' in page


# What is covered


def test_the_years_count_from_the_day_in_the_makers_books(wren, client):
    page = ask(client, vin="7WNPAGA26RD005120", miles="21,300", first_day="2025-01-01")

    assert "2024 Pipit, 21,300 miles, first driven Apr 19, 2024" in page
    assert "Covered maintenance 14,700 miles or until Apr 19, 2027, whichever comes first" in page
    assert "Brakes, wipers and belts Over: it went to 2 years or 24,000 miles, that is to Apr 19, 2026." in page
    assert "Oil and filter 30,000 miles Apr 19, 2027" in page
    assert "Drive battery" not in page.split("What the price includes")[0]


def test_of_a_car_that_nobody_knows_the_day_is_asked(wren, client):
    typed = {"vin": vin("linnet", 2026, 700_001), "miles": "900"}

    assert "By miles alone" in ask(client, **typed)
    assert "until Mar 1, 2034" in ask(client, **typed, first_day="2026-03-01")


def test_a_model_and_year_will_do(wren, client):
    page = ask(client, car="S2026", miles="12000 mi", first_day="2026-02-03")

    assert "2026 Siskin, 12,000 miles, first driven Feb 3, 2026" in page
    assert "24,000 miles or until Feb 3, 2029" in page
    assert "Oil and filter" not in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"miles": "100"}, "Type the VIN, or choose the model below."),
        ({"car": "S2026"}, "Type the miles that the odometer shows."),
        ({"car": "S2026", "miles": "a lot"}, "Type the miles as a number, such as 24,500."),
        ({"car": "S2026", "miles": "-5"}, "Type the miles as a number"),
        ({"car": "S2026", "miles": "٣٠٠"}, "Type the miles as a number"),
        ({"car": "S2026", "miles": "9999999"}, "No car of ours has driven that far."),
        ({"car": "S1999", "miles": "100"}, "We made no such car."),
        ({"car": "S2026", "miles": "100", "first_day": "2026-12-02"}, "That day has not come yet."),
        ({"car": "S2026", "miles": "100", "first_day": "soon"}, "Type a day, such as 2025-04-19."),
        ({"vin": "7WNPAGA26TD000413", "miles": "100"}, "The ninth checks the others"),
        ({"vin": "1M8GDM9AXKP042788", "miles": "100"}, "its cover is its maker’s to tell"),
    ],
)
def test_what_is_missing_or_wrong_is_said(wren, client, typed, says):
    assert says in ask(client, **typed)


# Reckoning


def covered(miles, first_day, today, slug="maintenance"):
    line = next(each for each in cars.ours().lines if each.name == "Pipit")
    found = cover.remaining(cover.covers(), line, 2024, miles, first_day, today)
    return next(each for each in found if each.cover.slug == slug)


@pytest.mark.parametrize(
    ("miles", "today", "over"),
    [
        (0, date(2024, 5, 1), False),
        (35_999, date(2027, 5, 1), False),
        (36_000, date(2025, 5, 1), True),
        (0, date(2027, 5, 2), True),
    ],
)
def test_a_cover_ends_with_the_years_or_the_miles(miles, today, over):
    assert covered(miles, date(2024, 5, 1), today).is_over is over


def test_a_leap_day_ends_on_the_day_after():
    assert covered(0, date(2024, 2, 29), date(2024, 3, 1)).last_day == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 1, 31), 1, date(2024, 3, 1)),
        (date(2024, 11, 30), 3, date(2025, 3, 1)),
        (date(2024, 12, 31), 12, date(2025, 12, 31)),
        (date(2024, 10, 31), 1, date(2024, 12, 1)),
        (date(2024, 11, 15), 2, date(2025, 1, 15)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, then):
    assert cover.after(day, months) == then


def test_the_next_service_is_the_next_multiple_and_within_the_cover():
    found = covered(29_999, date(2024, 5, 1), date(2026, 5, 1))

    due = {each.name: (each.miles, each.day) for each in found.due}
    assert due["Oil and filter"] == (30_000, date(2027, 5, 1))
    assert due["Cabin filter"] == (40_000, date(2028, 5, 1)) if "Cabin filter" in due else True
    assert due["Brake fluid"] == (30_000, date(2027, 5, 1))


# Its promises


@pytest.mark.parametrize("probe", probes(["S-27", "S-14"]), ids=lambda probe: probe.name)
def test_its_checks_find_no_failure(wren, at, probe):
    assert runner.check(probe).outcome == Outcome.GREEN


def test_a_list_of_eight_days_turns_its_promise_red(wren, at):
    (fresh,) = [probe for probe in probes(["S-27"]) if probe.name == "the_list_is_fresh"]
    at.now += timedelta(days=8)

    checked = runner.check(fresh)

    assert checked.outcome == Outcome.RED
    assert "the list of recalls is older than the law allows" in checked.findings


def test_no_list_at_all_turns_it_red_too(db, at):
    (fresh,) = [probe for probe in probes(["S-27"]) if probe.name == "the_list_is_fresh"]

    assert "there is no list of recalls to answer from" in runner.check(fresh).findings
    assert not Loading.objects.exists()
