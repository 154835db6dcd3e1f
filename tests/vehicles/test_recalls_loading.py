"""Recall files: the official format, files that are broken in every way, and what stays when they are."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles.recalls import actions, campaigns, cover, flat, jobs, pack
from forecourt.vehicles.recalls.actions import Hopeless
from forecourt.vehicles.recalls.models import Campaign, Loading
from tests.vehicles.recalls_cast import file, line, vin

TODAY = date(2026, 12, 1)


def numbers() -> set[str]:
    return set(Campaign.objects.values_list("number", flat=True))


@pytest.fixture
def loaded(db, tmp_path, now):
    return actions.load(file(tmp_path, line(CAMPNO="26V001000"), line(CAMPNO="26V002000")), now)


def test_a_file_is_loaded_with_its_day_its_lines_and_where_it_came_from(loaded, now):
    age = campaigns.age(now)

    assert numbers() == {"26V001000", "26V002000"}
    assert (age.source, age.as_of, age.newest, age.loaded) == (
        "FLAT_RCL.txt",
        date(2026, 11, 3),
        date(2026, 11, 3),
        now,
    )
    assert (loaded.loading.lines, loaded.loading.ours, loaded.loading.bad) == (2, 2, 0)


def test_the_same_file_again_changes_nothing(loaded, tmp_path, now):
    again = actions.load(tmp_path / "FLAT_RCL.txt", now + timedelta(hours=3))

    assert not again.changed
    assert Loading.objects.count() == 1


def test_the_same_file_as_of_a_later_day_is_fresh_again(loaded, tmp_path, now):
    again = actions.load(tmp_path / "FLAT_RCL.txt", now, as_of=now.date())

    assert again.changed
    assert campaigns.age(now).days == 0
    assert len(numbers()) == 2


def test_bad_lines_are_told_with_their_numbers_and_the_others_are_loaded(db, tmp_path, now):
    path = file(
        tmp_path,
        line(CAMPNO="26V001000"),
        b"no\ttabs\tenough",
        line(YEARTXT="next"),
        line(CAMPNO="26V004000"),
        line(RCDATE="20261301"),
        line(DO_NOT_DRIVE="perhaps"),
        line(DATEA="20991231"),
        line(CAMPNO="26V008000"),
        b"",
        line(CAMPNO=""),
        line(CAMPNO="26V011000", RCLTYPECD="T"),
        line(CAMPNO="26V012000", MAKETXT="PLOVER"),
        line(CAMPNO="26V013000"),
    )

    found = actions.load(path, now).found

    assert numbers() == {"26V001000", "26V004000", "26V008000", "26V013000"}
    assert [number for number, _ in found.bad] == [2, 3, 5, 6, 7, 10]
    assert dict(found.bad)[2] == "it has 3 fields, not 29"
    assert dict(found.bad)[3] == "YEARTXT is 'next', which is no model year"
    assert dict(found.bad)[7] == "DATEA is 2099-12-31, which has not come yet"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no line of it"),
        (b"\n\n\n", "no line of it"),
        (b"PK\x03\x04" + bytes(200), "unpack it"),
        (b"CAMPNO,MAKETXT\n26V001000,WREN\n", "no line of it"),
        (bytes(range(256)) * 50, "no line of it"),
        (b"\t" * 28, "no line of it"),
        (b"\t".join([b"x" * 9000] * 29), "no line of it"),
        (line() + b"\n" + b"bad\n" * 5, "5 of 6 lines cannot be read"),
        (line(MAKETXT="PLOVER"), "names no recall of ours"),
        (line(RCDATE="20260101", DATEA="20260102"), "as of 2026-01-02"),
    ],
)
def test_a_hopeless_file_is_refused_and_what_was_there_stays(loaded, tmp_path, now, content, says):
    path = tmp_path / "hopeless.txt"
    path.write_bytes(content)

    with pytest.raises(Hopeless, match=says):
        actions.load(path, now)

    assert numbers() == {"26V001000", "26V002000"}
    assert Loading.objects.count() == 1


def test_what_would_be_refused_can_be_meant(loaded, tmp_path, now):
    actions.load(file(tmp_path, line(MAKETXT="PLOVER"), name="none.txt"), now, anyway=True)

    assert numbers() == set()


@pytest.mark.parametrize(
    ("as_of", "says"), [(date(2026, 12, 2), "has not come yet"), (date(2026, 11, 2), "entries of 2026-11-03")]
)
def test_a_day_that_cannot_be_the_files_is_refused(db, tmp_path, now, as_of, says):
    with pytest.raises(Hopeless, match=says):
        actions.load(file(tmp_path, line()), now, as_of=as_of)


def test_a_file_that_is_not_there_is_said_so(db, tmp_path, now):
    with pytest.raises(Hopeless, match="cannot be read"):
        actions.load(tmp_path / "nowhere.txt", now)


def test_a_new_file_takes_the_place_of_the_old_one_whole(loaded, tmp_path, now):
    actions.load(file(tmp_path, line(CAMPNO="26V003000", DATEA="20261104"), name="next.txt"), now)

    assert numbers() == {"26V003000"}


def test_lines_of_one_campaign_are_one_recall_and_a_warning_in_one_is_a_warning(db, tmp_path, now):
    path = file(
        tmp_path,
        line(YEARTXT="2025"),
        line(YEARTXT="2026", COMPNAME="SEATS", DO_NOT_DRIVE="Yes"),
        line(
            MODELTXT="PIPIT DESCANT",
            DESC_DEFECT="A lamp may go out, <a href='https://maker.example'>see here</a> &amp; call.",
        ),
    )

    actions.load(path, now)

    found = Campaign.objects.get()
    assert found.do_not_drive
    assert not found.park_outside
    assert found.component == "EXTERIOR LIGHTING; SEATS"
    assert found.defect == "A lamp may go out, see here & call."
    assert {(each.model, each.year) for each in found.affected.all()} == {
        ("AVOCET", 2025), ("AVOCET", 2026), ("PIPIT DESCANT", 2026),
    }  # fmt: skip
    assert campaigns.open_for(vin("pipit", 2026, 5))


def test_a_model_that_no_vin_means_is_told(db, tmp_path, now):
    found = actions.load(file(tmp_path, line(), line(MODELTXT="AVOCETT")), now).found

    assert found.unknown == {"AVOCETT": 2}


@pytest.mark.parametrize("text", ["Señal", "“quoted” – dash"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_both_spellings_of_the_same_letters_are_read(text, encoding):
    raw = line(DESC_DEFECT="HERE").replace(b"HERE", text.encode(encoding))

    assert flat.read(raw, "WREN", TODAY).defect == text


@given(st.binary(max_size=3000))
def test_no_bytes_break_the_reading_of_a_line(raw):
    with suppress(flat.BadLine):
        flat.read(raw, "WREN", TODAY)


cells = st.one_of(
    st.text(max_size=60), st.sampled_from(["Yes", "No", "WREN", "V", "20261102", "2026", "9999", "26V990000", ""])
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(flat.FIELDS, cells)))
def test_no_cell_breaks_the_reading_of_a_line(changes):
    changes = {name: cell.encode("cp1252", "ignore").decode("cp1252") for name, cell in changes.items()}
    with suppress(flat.BadLine):
        found = flat.read(line(**changes), "WREN", TODAY)
        assert not isinstance(found, flat.Record) or (found.model and "\0" not in found.defect)


@given(st.lists(st.binary(max_size=40).filter(lambda each: b"\n" not in each)), st.integers(1, 50))
def test_lines_come_whole_however_the_file_is_cut_into_blocks(those, size):
    whole = b"\n".join(those)
    blocks = [whole[start : start + size] for start in range(0, len(whole), size)]

    assert b"\n".join(flat.lines(blocks)) == whole.removesuffix(b"\n")


def test_a_line_without_an_end_does_not_fill_the_memory():
    longest = max(len(each) for each in flat.lines(b"x" * 50_000 for _ in range(100)))

    assert longest <= 3 * flat.LONGEST_LINE


# The pack


@pytest.fixture
def brand(tmp_path, settings):
    """Wren's pack, of which owners/ may be broken."""
    import shutil
    from pathlib import Path

    folder = tmp_path / "brand"
    (folder / "vehicles").mkdir(parents=True)
    shutil.copytree(Path(settings.BRAND) / "owners", folder / "owners")
    for path in (Path(settings.BRAND) / "vehicles").glob("*.toml"):
        shutil.copy(path, folder / "vehicles")
    return folder


def change(path, old, new):
    source = path.read_bytes().decode("cp1252")
    assert old in source
    path.write_bytes(source.replace(old, new, 1).encode("cp1252"))
    return source[: source.index(old)].count("\n") + 1


def test_the_packs_own_list_is_as_old_as_the_day_on_which_it_is_read(db, brand, now):
    actions.load_pack(brand, now)

    assert (campaigns.age(now).days, campaigns.age(now).newest) == (0, date(2026, 9, 14))
    assert campaigns.age(now + timedelta(days=7)).is_old is False
    assert campaigns.age(now + timedelta(days=8)).is_old is True
    assert "nothing new" in actions.load_pack(brand, now + timedelta(hours=1))
    actions.load_pack(brand, now + timedelta(days=8))
    assert campaigns.age(now + timedelta(days=8)).days == 0


def test_the_packs_list_is_read_again_each_hour_and_stays_fresh(db, settings, at):
    jobs.read_the_packs_list(timestamp=0)
    at.now += timedelta(days=30)
    assert campaigns.age(at.now).is_old

    jobs.read_the_packs_list(timestamp=0)

    assert campaigns.age(at.now).days == 0


def test_the_packs_list_leaves_alone_what_somebody_loaded(loaded, brand, now):
    says = actions.load_pack(brand, now)

    assert says == "recalls stay as FLAT_RCL.txt has them"
    assert numbers() == {"26V001000", "26V002000"}


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("vins.toml", 'make     = "WREN"', "make     = 7", "make is 7"),
        ("vins.toml", '["7WN"]', '["7WNO"]', "7WNO begins no VIN"),
        ("vins.toml", "position = 4", "position = 9", "position is 9"),
        ("vins.toml", 'letter     = "P"', 'letter     = "S"', "letter S is taken"),
        ("vins.toml", 'letter     = "P"', 'letter     = "O"', "letter is 'O'"),
        ("vins.toml", 'slug       = "pipit"', 'slug       = "pippit"', "no vehicles/pippit.toml"),
        ("vins.toml", "first_year = 2019", 'first_year = "2019"', "first_year is '2019'"),
        ("vins.toml", "7WNPAGA26TD000412", "7WNPAGA26TD000413", "One character is not"),
        ("campaigns.toml", 'as_of = "kept"', "as_of = 3", "as_of is 3"),
        ("campaigns.toml", 'number    = "26V974000"', 'number    = "26V 974"', "number is '26V 974'"),
        ("campaigns.toml", 'number    = "26V974000"', 'number    = "26V974999"', "26V974999 is not in recalls.txt"),
        ("campaigns.toml", 'number    = "25V968000"', 'number    = "26V974000"', "stands here twice"),
        (
            "campaigns.toml",
            "first = 1, last = 1840",
            "first = 2, last = 1",
            "no serial number lies between 2 and 1",
        ),
        (
            "campaigns.toml",
            'line = "P", year = 2026, first = 1',
            'line = "Q", year = 2026, first = 1',
            "no letter of",
        ),
        ("recalls.txt", "26V974000", "26V974000\t", "it has 30 fields"),
        ("recalls.txt", "PIPIT\t2026", "PIPITT\t2026", "PIPITT is no recalls_as"),
        ("recalls.txt", "WREN\tPIPIT", "PLOVER\tPIPIT", "not about a vehicle of WREN"),
        ("repairs.csv", "2026-07-21", "soon", "'soon' is no day"),
        ("repairs.csv", "7WNPAGA22TD000388", "7WNPAGA22TD000389", "One character is not"),
        ("repairs.csv", ",vin,", ",car,", "the first line must be"),
        ("cars.csv", "7WNNAGA24JD009033", "7WNNAGA2", "9 characters too few"),
        ("cars.csv", "2018-03-05", "2018-02-30", "is no day"),
    ],
)
def test_a_broken_pack_says_which_line_to_mend(brand, file, old, new, says):
    line = change(brand / "owners" / file, old, new)

    with pytest.raises(BrokenPack) as broken:
        pack.check(brand, TODAY)

    problem = next(each for each in broken.value.problems if says in each.says)
    assert (problem.path.rsplit("/", 1)[1], problem.line) == (file, line)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("years      = 3", 'years      = "3"', "years is '3'"),
        ("miles      = 36000", "miles      = 0", "miles is 0"),
        ('for        = "gasoline"', 'for        = "diesel"', "for is 'diesel'"),
        ('slug       = "wear"', 'slug       = "maintenance"', "slug maintenance is taken"),
        ('cover  = "wear"', 'cover  = "tear"', "cover is 'tear'"),
        ("months = 24", "month = 24", "month means nothing here"),
    ],
)
def test_a_broken_list_of_covers_says_which_line_to_mend(brand, old, new, says):
    line = change(brand / "owners" / "maintenance.toml", old, new)

    with pytest.raises(BrokenPack) as broken:
        cover.read(brand)

    assert line in [each.line for each in broken.value.problems if says in each.says]


def test_a_pack_without_owners_looks_up_nothing(tmp_path, db, now):
    assert pack.check(tmp_path, TODAY) == "nothing about VINs"
    assert actions.load_pack(tmp_path, now) == "nothing about VINs"


def test_a_big_file_with_every_tenth_line_broken(db, tmp_path):
    dice = random.Random(4)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    lines = [
        line(RECORD_ID=str(nth), CAMPNO=f"26V{nth % 900:03}000", YEARTXT=str(dice.randint(2018, 2026)))
        for nth in range(5000)
    ]
    lines[::10] = [each[: len(each) // 2] for each in lines[::10]]

    found = actions.load(file(tmp_path, *lines), now).found

    assert (len(found.bad), len(found.records)) == (500, 4500)
    assert len(numbers()) == len({record.number for record in found.records})
