"""Lists that others send: each line with its supplier, its day and what it may serve; nothing that the person corrected or refused."""

from datetime import timedelta

import pytest

from forecourt.consent import policies
from forecourt.people import contacts, supplies, vault
from forecourt.people.models import Supplied
from forecourt.policy.decide import Facts, decide
from forecourt.policy.policy import Switch
from forecourt.policy.problems import BrokenPack
from forecourt.policy.reasons import Reason
from forecourt.policy.uses import parse_text
from forecourt.requests import corrections, imports, leaving
from forecourt.requests.archive import collect
from forecourt.requests.imports import Outcome
from forecourt.sharing import audiences, facts
from tests.cast import ADA, booked, work

LARK = "lark-registry"
NEWCOMER = "edwin.larkspur@post.example"


def take(now, *lines: str, columns: str = "address,name,postal_code,dated", supplier: str = LARK):
    return imports.take([columns, *lines], supplier, now)


def line(now, address: str = NEWCOMER, name: str = "Edwin Larkspur", zip_code: str = "27284", ago: int = 1) -> str:
    return f"{address},{name},{zip_code},{now - timedelta(days=ago):%Y-%m-%d}"


def test_a_line_carries_its_supplier_its_day_and_what_it_may_serve(db, now):
    assert take(now, line(now)).outcomes == {Outcome.TAKEN: 1}

    contact = contacts.find(contacts.read(NEWCOMER))
    row = Supplied.objects.get(contact=contact)
    assert (row.supplier, row.dated, row.uses) == (LARK, (now - timedelta(days=1)).date(), ["supplied-data"])
    told = collect.everything(contact, now)
    assert told["suppliers"][0]["supplier"] == "Lark Registry"
    assert told["suppliers"][0]["dated"] == str(row.dated)
    assert {one["value"] for one in told["held"]} == {NEWCOMER, "Edwin Larkspur", "27284"}


def test_the_same_list_again_changes_nothing(db, now):
    take(now, line(now))

    assert take(now, line(now)).outcomes == {Outcome.KNOWN: 1}
    assert Supplied.objects.count() == 1


@pytest.mark.parametrize(
    ("supplier", "columns", "says"),
    [
        ("nobody-we-know", "address,dated", "names no supplier nobody-we-know: add [suppliers.nobody-we-know]"),
        (LARK, "address,name", "lacks dated"),
        (LARK, "address,dated,income", "takes the columns income"),
    ],
)
def test_a_list_that_nobody_declared_is_refused_whole(db, now, supplier, columns, says):
    with pytest.raises(imports.Refused) as refused:
        take(now, line(now), columns=columns, supplier=supplier)

    assert says in str(refused.value)
    assert not Supplied.objects.exists()


def test_a_line_that_cannot_be_read_is_counted_by_its_number_and_holds_up_no_other(db, now):
    done = take(now, "edwin at post,Edwin,27284,2026-11-30", line(now), f"{ADA.contact},Ada,27284,yesterday")

    assert done.outcomes == {Outcome.BAD: 2, Outcome.TAKEN: 1}
    assert [number for number, _ in done.bad] == [2, 4]
    assert "edwin at post" not in str(done.bad)


def test_what_a_supplier_told_us_serves_no_audience_and_the_persons_own_yes_opens_it(db, now):
    take(now, line(now))
    contact = contacts.find(contacts.read(NEWCOMER))

    for code in audiences.networks(policies.in_force(now)):
        assert facts.about(contact, f"{code}-audience", code, now).reason is Reason.SUPPLIED
    said = Facts(suppliers=frozenset({LARK}), said_yes=frozenset(Switch), recipient="murmur")
    assert decide(policies.in_force(now), "murmur-audience", said, now).allowed


def test_whoever_told_us_themselves_is_no_longer_only_on_a_list(dealer, at):
    take(at.now, line(at.now, ADA.contact))
    contact = contacts.find(contacts.read(ADA.contact))
    assert supplies.alone(contact.pk) == {LARK}

    booked(ADA, dealer, at.now)
    work(at.now)
    vault.seal(contact.pk, "user.contact.email", ADA.contact, source="test-drive form", notice="x", now=at.now)

    assert supplies.alone(contact.pk) == frozenset()


def test_an_older_list_does_not_undo_a_correction_nor_does_a_newer_one_with_the_old_words(db, at):
    take(at.now, line(at.now, ago=3))
    contact = contacts.find(contacts.read(NEWCOMER))
    corrections.change(contact.pk, {corrections.POSTAL: "27101"}, at.now, at.now)

    assert take(at.now, line(at.now, zip_code="99999", ago=2)).outcomes == {Outcome.CORRECTED: 1}
    at.now += timedelta(days=30)
    assert take(at.now, line(at.now, zip_code="27284", ago=1)).outcomes == {Outcome.CORRECTED: 1}
    assert corrections.held(contact.pk, at.now)[corrections.POSTAL] == "27101"


def test_a_newer_list_with_something_else_leaves_what_the_person_said(db, at):
    take(at.now, line(at.now, ago=3))
    contact = contacts.find(contacts.read(NEWCOMER))
    corrections.change(contact.pk, {corrections.POSTAL: "27101"}, at.now, at.now)
    at.now += timedelta(days=30)

    assert take(at.now, line(at.now, zip_code="94105", ago=1)).outcomes == {Outcome.FROM_THEM: 1}
    assert corrections.held(contact.pk, at.now)[corrections.POSTAL] == "27101"


def test_whoever_left_is_not_brought_back_by_a_list(db, at):
    leaving.leave_address(contacts.read(NEWCOMER), at.now, method="page", came_by="web")

    assert take(at.now, line(at.now)).outcomes == {Outcome.SAID_NO: 1}


def test_records_of_vehicles_may_not_be_declared_for_marketing(now):
    path = policies.book().versions[0].uses_path
    text = open(path, encoding="utf-8").read()  # noqa: SIM115

    with pytest.raises(BrokenPack, match="motor vehicle records may not serve"):
        parse_text(text.replace('uses     = ["supplied-data"]', 'uses     = ["murmur-audience"]'), path)
    with pytest.raises(BrokenPack, match="is no use"):
        parse_text(text.replace('uses     = ["supplied-data"]', 'uses     = ["make-money"]'), path)
