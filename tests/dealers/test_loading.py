import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from forecourt.consent import contracts
from forecourt.dealers import actions
from forecourt.dealers.models import ClosedDay, Dealer, Loading
from forecourt.dealers.network import network
from forecourt.policy.problems import BrokenPack
from forecourt.sharing.models import Recipient

PLOVER = Path(__file__).parent.parent / "brands" / "plover"
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for path in PLOVER.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder, name, before, after):
    source = (folder / name).read_text()
    assert before in source
    (folder / name).write_text(source.replace(before, after))


def test_a_loaded_dealer_stands_where_its_zip_code_is(folder, now):
    actions.load(folder, now)

    boise = Dealer.objects.get(pk="boise")
    assert (round(boise.latitude), round(boise.longitude)) == (44, -116)
    assert [str(span) for span in boise.timetable.weekdays[0]] == ["10\u00a0am – noon", "1\u00a0pm – 5\u00a0pm"]
    assert boise.timetable.closed == {date(2026, 12, 25): "Christmas Day"}


def test_the_same_pack_again_changes_nothing(folder, now):
    actions.load(folder, now)
    before = Loading.objects.get()

    again = actions.load(folder, now + timedelta(days=1))

    assert again == actions.Loaded(3, changed=False)
    assert Loading.objects.get() == before


def test_a_dealer_that_leaves_the_pack_becomes_inactive_and_comes_back(folder, now):
    actions.load(folder, now)
    before = (folder / "dealers.csv").read_text()
    change(folder, "dealers.csv", before.splitlines(keepends=True)[3], "")

    actions.load(folder, now)
    gone = Dealer.objects.get(pk="honolulu")
    still_shared_with = set(Recipient.objects.filter(active=True).values_list("code", flat=True))
    (folder / "dealers.csv").write_text(before + "\n")
    actions.load(folder, now)

    assert gone.active is False
    assert still_shared_with == {"astoria", "boise"}
    assert Dealer.objects.get(pk="honolulu").active is True
    assert Recipient.objects.get(pk="honolulu").active is True


def test_changed_hours_replace_the_old_ones(folder, now):
    actions.load(folder, now)
    change(folder, "dealers.csv", "09:00-18:00", "08:00-12:00")

    actions.load(folder, now)

    assert Dealer.objects.get(pk="astoria").hours.count() == 5
    assert ClosedDay.objects.filter(dealer="astoria").count() == 2


def test_every_dealer_is_a_recipient_and_its_contract_stands(folder, now):
    actions.load(folder, now)

    assert Recipient.objects.get(pk="boise").endpoint == "https://boise.example/leads"
    standing = contracts.current("boise", now)
    assert standing.version == "1"
    assert len(standing.terms) == 7
    assert contracts.current("honolulu", now) is None


def test_a_contract_holds_through_its_last_day(folder, now):
    actions.load(folder, now)

    assert contracts.current("boise", now).ends == datetime(2030, 1, 1, tzinfo=UTC)


def test_a_signed_contract_cannot_be_changed_in_place(folder, now):
    actions.load(folder, now)
    change(folder, "contracts.csv", "boise,1,2026-01-01,2029-12-31", "boise,1,2026-01-01,2039-12-31")

    with pytest.raises(BrokenPack, match=r"contracts.csv:3: .*a version of its own"):
        actions.load(folder, now)

    assert contracts.current("boise", now).ends.year == 2030


def test_a_renewal_is_a_new_line(folder, now):
    actions.load(folder, now)
    renewed = (
        (folder / "contracts.csv")
        .read_text()
        .splitlines()[2]
        .replace("boise,1,2026-01-01,2029-12-31", "boise,2,2026-11-01,2031-12-31")
    )
    (folder / "contracts.csv").write_text((folder / "contracts.csv").read_text() + renewed + "\n")

    actions.load(folder, now)

    assert contracts.current("boise", now).version == "2"


def test_a_broken_pack_leaves_the_network_as_it_was(folder, now):
    actions.load(folder, now)
    change(folder, "dealers.csv", "Plover of Boise", "Boise Plover")
    change(folder, "contracts.csv", "privacy-law", "kindness")

    with pytest.raises(BrokenPack):
        actions.load(folder, now)

    assert Dealer.objects.get(pk="boise").name == "Plover of Boise"


def test_memory_follows_the_newest_load(folder, now, django_assert_num_queries):
    actions.load(folder, now)
    assert [dealer.slug for dealer in network().dealers] == ["astoria", "boise", "honolulu"]
    with django_assert_num_queries(1):
        network()

    change(folder, "dealers.csv", "Plover of Boise", "Boise Plover")
    actions.load(folder, now)

    assert network().find("boise").name == "Boise Plover"
