from pathlib import Path

import pytest

from forecourt.dealers import pack
from forecourt.policy.problems import BrokenPack

PLOVER = Path(__file__).parent.parent / "brands" / "plover"
WREN = Path(__file__).parent.parent.parent / "brands" / "wren"


@pytest.fixture
def folder(tmp_path):
    for name in (pack.DEALERS, pack.CONTRACTS, pack.CLOSED_DAYS):
        (tmp_path / name).write_bytes((PLOVER / name).read_bytes())
    return tmp_path


def change(folder, name, before, after, count=-1):
    source = (folder / name).read_text("utf-8")
    assert before in source
    (folder / name).write_text(source.replace(before, after, count), "utf-8")


def problems(folder, now):
    with pytest.raises(BrokenPack) as broken:
        pack.read(folder, now)
    return [str(problem).removeprefix(f"{folder}/") for problem in broken.value.problems]


def test_the_demo_network_covers_every_state_at_real_places(now):
    network = pack.read(WREN, now)

    states = {row.state for row in network.dealers}
    assert len(network.dealers) >= 120
    assert len(states - {"PR"}) == 51
    assert all(row.place.latitude and row.place.longitude for row in network.dealers)
    assert {"closed", "late"} <= {"closed" if not row.hours[6] else "open" for row in network.dealers} | {
        "late" for row in network.dealers if row.hours[3] and row.hours[3][-1].closes.hour >= 20
    }


def test_two_demo_dealers_cannot_get_leads_and_all_others_can(now):
    today = now.date()
    terms = {
        row.dealer for row in pack.read(WREN, now).contracts if row.starts <= today <= row.ends and len(row.terms) == 7
    }

    without = [row.slug for row in pack.read(WREN, now).dealers if row.slug not in terms]

    assert without == ["yarrow-pensacola-fl", "yarrow-fargo-nd"]


def test_every_number_of_the_demo_network_is_of_the_range_for_fiction(now):
    assert all(row.phone[5:8] == "555" and row.phone[8:10] == "01" for row in pack.read(WREN, now).dealers)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("1 Pilings Street", "", "dealers.csv:2: street is '': write something"),
        ("Plover of Boise", "P" * 201, f"dealers.csv:3: name is '{'P' * 201}': write at most 200 letters"),
        (",OR,97103", ",XX,97103", "dealers.csv:2: state is 'XX': write the two letters"),
        (",OR,97103", ",OR,9710", "dealers.csv:2: zip is '9710': write five digits"),
        (",OR,97103", ",OR,09012", "dealers.csv:2: zip is '09012': 09012 is a military"),
        (",OR,97103", ",OR,00000", "dealers.csv:2: zip is '00000': There is no ZIP code 00000"),
        (",OR,97103", ",OR,55802", "dealers.csv:2: ZIP 55802 is Duluth, MN 55802, not in OR"),
        ("503-555-0101", "555", "dealers.csv:2: phone is '555': write a phone number"),
        ("America/Boise", "Idaho", "dealers.csv:3: zone is 'Idaho': write an IANA time zone"),
        ("10:00-12:00 13:00-17:00", "10:00-12:00 11:00-17:00", "dealers.csv:3: mon is"),
        ("10:00-12:00 13:00-17:00", "25:00-26:00", "dealers.csv:3: mon is '25:00-26:00': write closed, appointment"),
        ("10:00-12:00 13:00-17:00", "appointment", "dealers.csv:3: mon says appointment and other days do not"),
        ("sales service test-drive", "sales valet", "dealers.csv:2: services is 'sales valet': write some of sales"),
        ("test-drive,2,", "test-drive,0,", "dealers.csv:3: capacity is '0': write how many cars"),
        ("https://boise.example/privacy", "http://boise.example", "dealers.csv:3: policy_url is"),
        ("\nboise,", "\nastoria,", "dealers.csv:3: slug astoria is taken by a line above"),
        ("\nboise,", "\nBoise!,", "dealers.csv:3: slug is 'Boise!': write lower-case"),
        ("20 Sagebrush Row", "20, Sagebrush Row", "dealers.csv:3: there are 20 cells for 19 columns"),
        ("slug,name,", "name,slug,", "dealers.csv:1: the first line must be: slug,name"),
        ("20 Sagebrush Row", '"20 Sagebrush Row', "dealers.csv:"),
    ],
)
def test_a_broken_line_is_named_with_its_mend(folder, now, before, after, said):
    change(folder, pack.DEALERS, before, after, 1)

    assert any(problem.startswith(said) for problem in problems(folder, now)), problems(folder, now)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("boise,", "bend,", "contracts.csv:3: dealer is 'bend': dealers.csv has no such slug"),
        ("boise,", "astoria,", "contracts.csv:3: astoria 1 is on a line above: give a renewed contract a version"),
        ("2029-12-31", "2029-13-31", "contracts.csv:2: ends is '2029-13-31': write a date"),
        ("privacy-law", "kindness", "contracts.csv:2: terms is"),
        ("2026-01-01", "someday", "contracts.csv:2: starts is 'someday': write a date"),
    ],
)
def test_a_broken_contract_is_named_with_its_mend(folder, now, before, after, said):
    change(folder, pack.CONTRACTS, before, after, 1)

    assert any(problem.startswith(said) for problem in problems(folder, now)), problems(folder, now)


def test_all_problems_of_all_files_come_at_once(folder, now):
    change(folder, pack.DEALERS, "America/Boise", "Idaho")
    change(folder, pack.DEALERS, "503-555-0101", "")
    change(folder, pack.CONTRACTS, "privacy-law", "kindness")
    change(folder, pack.CLOSED_DAYS, "2026-12-25", "Christmas")

    assert [problem.split(": ")[0] for problem in problems(folder, now)] == [
        "closed_days.csv:2",
        "contracts.csv:2",
        "contracts.csv:3",
        "dealers.csv:2",
        "dealers.csv:3",
    ]


def test_a_missing_file_is_named_with_the_line_that_it_must_start_with(folder, now):
    (folder / pack.CLOSED_DAYS).unlink()

    assert problems(folder, now) == [
        "closed_days.csv:1: the file is missing: add it, with the first line day,why,dealers"
    ]


def test_a_file_in_another_encoding_is_refused(folder, now):
    (folder / pack.CLOSED_DAYS).write_bytes("day,why,dealers\n2026-12-25,Noël,all\n".encode("latin-1"))

    assert problems(folder, now) == ["closed_days.csv:2: this is not UTF-8; save the file as UTF-8"]


def test_a_spreadsheets_byte_order_mark_does_no_harm(folder, now):
    (folder / pack.DEALERS).write_bytes(b"\xef\xbb\xbf" + (folder / pack.DEALERS).read_bytes())

    assert len(pack.read(folder, now).dealers) == 3
