"""The stock of a brand pack: read, and refused by line where it cannot be so."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from forecourt.dealers import actions as dealers
from forecourt.policy.problems import BrokenPack
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.models import Affected, Campaign
from forecourt.vehicles.stock import actions, lineup, pack
from forecourt.vehicles.stock.models import Car

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
FIRST = "vin,dealer,line,year,condition,mileage,price,basis,since,trim,paint,options,inspected,result"
NEW = "7WNPAGA20VD000901,harbor-duluth-mn,pipit,2027,new,7,29425,suggested,2026-10-24,pipit-descant,rowan,fan-17 armrest bright-lights sport-suspension,,"
USED = "7WNPAGA20PD000902,bramble-huntsville-al,pipit,2023,certified,31000,16990,dealer,2026-10-24,pipit,gorse,automatic,2026-10-20,passed"


DEALERS = ("harbor-duluth-mn,", "bramble-huntsville-al,", "wren-birmingham-al,")


def right(line: str) -> str:
    """With the check digit that its VIN needs."""
    vin, _, rest = line.partition(",")
    return f"{vins.with_check_digit(vin)},{rest}"


@pytest.fixture
def brand(tmp_path, monkeypatch) -> Path:
    """The demo brand with three of its dealers and a stock of two cars."""
    wren = Path(settings.BRAND)
    for folder in ("vehicles", "owners"):
        shutil.copytree(wren / folder, tmp_path / folder)
    for file in ("dealers.csv", "contracts.csv", "closed_days.csv"):
        head, *lines = (wren / file).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.startswith(DEALERS) or line.endswith(",all\n")]
        (tmp_path / file).write_text("".join([head, *kept]), "utf-8")
    (tmp_path / "stock").mkdir()
    shutil.copy(wren / "stock" / "stock.toml", tmp_path / "stock")
    write(tmp_path, NEW, USED)
    # The lines are those of the demo brand, and compiling them takes seconds.
    known = lineup.lineups()
    monkeypatch.setattr(lineup, "read", lambda folder: known)
    return tmp_path


def write(brand: Path, *lines: str) -> None:
    (brand / "stock" / "cars.csv").write_text("\n".join([FIRST, *map(right, lines), ""]))


def complaints(brand: Path) -> list[str]:
    with pytest.raises(BrokenPack) as broken:
        pack.read(brand, NOW)
    return [f"{problem.line}: {problem.says}" for problem in broken.value.problems]


def test_a_car_is_read_with_all_that_its_line_says(brand):
    write(brand, USED)

    (car,) = pack.read(brand, NOW).cars

    assert (car.model, car.year, car.condition, car.mileage, car.price) == ("pipit", 2023, "certified", 31_000, 16_990)
    assert (car.trim, car.paint, car.options, str(car.inspected), car.result) == (
        "pipit", "gorse", ("automatic",), "2026-10-20", "passed",
    )  # fmt: skip
    assert len(car.slug) == 10
    assert car.slug != pack.CarRow(**{**{name: getattr(car, name) for name in car.__slots__}, "vin": "other"}).slug


def test_every_car_of_the_demo_brand_can_be_read_and_no_two_share_an_address(settings):
    found = pack.read(Path(settings.BRAND), NOW).cars

    assert len(found) == 2_004
    assert len({car.slug for car in found}) == len(found)
    assert {car.condition for car in found} == {"new", "certified"}


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (",harbor-duluth-mn,", ",harbour-duluth-mn,", "dealer is 'harbour-duluth-mn': dealers.csv has no such slug"),
        (",pipit,2027,", ",dodo,2027,", "line is 'dodo': write one of siskin, pipit, linnet, avocet, dunlin"),
        (",pipit,2027,", ",siskin,2027,", "by its VIN it is a 2027 Pipit: mend one of them"),
        (",pipit,2027,", ",pipit,2026,", "by its VIN it is a 2027 Pipit"),
        (",new,7,", ",nearly,7,", "condition is 'nearly': write one of new, certified"),
        (",new,7,", ",new,7 miles,", "mileage is '7 miles': write a whole number"),
        (",new,7,", ",new,700,", "mileage is 700: a new car has at most 500 miles"),
        (",29425,", ",$29425,", "price is '$29425': write a whole number"),
        (",29425,", ",0,", "price is '0': write a whole number from 1"),
        (",29425,", ",29426,", "come to 29425"),
        (",2026-10-24,", ",2027-10-24,", "since is '2027-10-24': that day is yet to come"),
        (",2026-10-24,", ",yesterday,", "since is 'yesterday': write a date"),
        (",pipit-descant,", ",siskin,", "trim: the 2027 Pipit has no siskin; write pipit, pipit-descant"),
        (",rowan,", ",harebell,", "paint: the 2027 Pipit has no harebell; write rowan, chalk"),
        ("armrest", "piano", "options: the 2027 Pipit has no piano"),
        ("pipit-descant", "pipit", "come to"),
        (
            "suggested,2026-10-24,pipit-descant,rowan,fan-17",
            "dealer,2026-10-24,pipit,rowan,five-17-dark",
            "no such car is built, since 17-inch Five, dark needs Pipit Descant",
        ),
        ("armrest", "roof-rails", "no such car is built, since"),
        ("sport-suspension,,", "sport-suspension,2026-10-20,passed", "a new car has no inspection"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line_and_what_to_do(brand, was, becomes, says):
    assert was in NEW
    write(brand, USED, NEW.replace(was, becomes))

    assert any(each.startswith("3: ") and says in each for each in complaints(brand)), complaints(brand)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        (",2026-10-20,passed", ",,", "a certified car needs inspected and result"),
        (",passed", ",failed", "result is 'failed': write one of passed, repaired"),
        ("2026-10-20", "2020-10-20", "inspected is 2020-10-20, before the car was built"),
        (",dealer,", ",suggested,", "only new cars have a suggested price"),
        ("bramble-huntsville-al", "wren-birmingham-al", "wren-birmingham-al does not offer certified"),
    ],
)
def test_a_certified_car_needs_what_makes_it_one(brand, was, becomes, says):
    assert was in USED
    write(brand, NEW, USED.replace(was, becomes))

    assert any(each.startswith("3: ") and says in each for each in complaints(brand)), complaints(brand)


def test_a_vin_with_a_wrong_check_digit_another_makers_and_one_that_is_there_twice_are_refused(brand):
    wrong = right(USED)
    wrong = wrong[:8] + ("1" if wrong[8] != "1" else "2") + wrong[9:]
    others = right(USED.replace("7WN", "7WR", 1))
    (brand / "stock" / "cars.csv").write_text("\n".join([FIRST, right(NEW), wrong, others, right(NEW), ""]))

    found = complaints(brand)

    assert "3: vin is" in found[0]
    assert "One character is not as it is on the car" in found[0]
    assert "4: vin is" in found[1]
    assert "our VINs begin with 7WN" in found[1]
    assert "5: vin" in found[2]
    assert "is on a line above" in found[2]


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('"995"', "995", "delivery is 995: write a number"),
        ("inspection", "inspections", "inspections means nothing here"),
        ("suggested   =", "# suggested =", "suggested is None: write some words"),
    ],
)
def test_the_words_for_all_cars_are_read_as_carefully(brand, was, becomes, says):
    path = brand / "stock" / "stock.toml"
    source = path.read_text()
    assert was in source
    path.write_text(
        source.replace(was, becomes, 1) if was != "inspection" else source.replace("\ninspection", "\ninspections")
    )

    assert any(says in each for each in complaints(brand)), complaints(brand)


def test_a_brand_that_reads_no_vins_lists_no_cars(brand):
    shutil.rmtree(brand / "owners")

    assert "add owners/vins.toml" in complaints(brand)[0]


# Loading


@pytest.fixture
def network(brand, db):
    dealers.keep_dealers(dealers.pack.read(brand, NOW))


def test_the_same_stock_again_changes_nothing_and_another_one_what_it_says(brand, network):
    assert actions.load(brand, NOW) == actions.Loaded(2, changed=True)
    assert actions.load(brand, NOW) == actions.Loaded(2, changed=False)
    write(brand, USED.replace(",16990,", ",16490,"))

    assert actions.load(brand, NOW) == actions.Loaded(1, changed=True)

    used, new = Car.objects.order_by("condition")
    assert (used.price, used.active, new.active) == (16_490, True, False)
    write(brand, NEW, USED)
    actions.load(brand, NOW)
    assert Car.objects.filter(active=True).count() == 2


def test_a_stock_with_a_mistake_leaves_what_was_loaded(brand, network):
    actions.load(brand, NOW)
    write(brand, NEW.replace(",rowan,", ",plaid,"))

    with pytest.raises(BrokenPack):
        actions.load(brand, NOW)

    assert Car.objects.filter(active=True).count() == 2


def test_a_car_under_a_stop_sale_recall_is_named_with_its_line_when_the_stock_is_loaded(brand, network):
    facts = dict.fromkeys("makers_number component defect risk remedy notes".split(), "")
    recall = Campaign.objects.create(number="26V111000", do_not_drive=True, park_outside=False, **facts)
    Affected.objects.create(campaign=recall, model="PIPIT", year=2023)
    actions.load(brand, NOW)

    (says,) = actions.held_back(brand)

    assert "cars.csv:3: 7WNPAGA2" in says
    assert "is under a stop-sale recall, so it is not listed" in says


@pytest.mark.parametrize(
    "wrong", [{"inspected": None, "result": None}, {"condition": "new"}, {"price": 0}, {"vin": "7WNPAGA2IVD000901"}]
)
def test_the_database_itself_takes_no_such_car(brand, network, wrong):
    (row,) = (row for row in pack.read(brand, NOW).cars if row.condition == "certified")
    car = actions.car(row)
    for name, value in wrong.items():
        setattr(car, name, value)

    with pytest.raises(IntegrityError), transaction.atomic():
        car.save(force_insert=True)
