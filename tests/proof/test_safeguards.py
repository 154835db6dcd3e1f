"""The register of safeguards: each with an owner, a last test and what shows it; overdue is red."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from forecourt.consent import policies
from forecourt.consent.models import Evidence
from forecourt.policy.problems import BrokenPack
from forecourt.proof import evidence, registry, safeguards
from forecourt.proof.safeguards import Kind, Safeguard

SOURCE = (Path(settings.BRAND) / safeguards.FILE).read_text("utf-8")
LOCK = Safeguard("lock", Kind.PHYSICAL, "A lock", "a role", tested=date(2026, 11, 1), until=date(2026, 11, 30))
KEYS = Safeguard("keys", Kind.ELECTRONIC, "Keys", "a role", checks=("P-3D-2",), every=timedelta(days=2))


def proven(now, outcome="green"):
    for probe in registry.probes(["P-3D-2"]):
        finding = "it lies open" if outcome == "red" else ""
        version = policies.in_force(now).version
        evidence.add(probe, evidence.Outcome(outcome), finding, 3, now, revision="x", policy_version=version)


@pytest.mark.parametrize(("days", "overdue"), [(-2, 0), (-1, 0), (0, 1), (1, 2), (30, 31)])
def test_a_signed_test_counts_through_its_last_day_and_is_overdue_from_the_next(now, days, overdue):
    line = safeguards.judge(LOCK, {}, now.replace(hour=0) + timedelta(days=days))

    assert (line.last, line.overdue, line.is_red) == (LOCK.tested, overdue, overdue > 0)


def test_what_software_tests_is_overdue_when_no_check_came_in_time(db, now):
    proven(now)
    records = evidence.records(registry.probes(["P-3D-2"]), policies.in_force(now).version, now)

    assert not safeguards.judge(KEYS, records, now + timedelta(days=2, seconds=-1)).is_red
    late = safeguards.judge(KEYS, records, now + timedelta(days=2))
    assert (late.last, late.overdue) == (now.date(), 1)


def test_before_the_first_check_nothing_is_claimed_and_nothing_is_overdue(now):
    line = safeguards.judge(KEYS, {}, now)

    assert (line.last, line.is_red) == (None, False)


def test_a_check_that_found_a_failure_is_red(db, now):
    proven(now, "red")
    records = evidence.records(registry.probes(["P-3D-2"]), policies.in_force(now).version, now)

    assert safeguards.judge(KEYS, records, now).failing


def test_every_check_that_a_safeguard_names_is_one_that_the_policy_has(now):
    for one in safeguards.register():
        for promise in one.checks:
            assert registry.probes([promise]), promise
            assert all(promise in policy.sentences for policy in policies.book().versions), promise


def test_the_page_shows_each_with_its_owner_and_says_what_is_overdue(client, at, db):
    told = client.get("/privacy/safeguards/").content.decode()
    assert f"None of the {len(safeguards.register())} is overdue." in told
    assert all(f"{one.owner[0].upper()}{one.owner[1:]}" in told for one in safeguards.register())
    assert "Waits for its first check" in told

    at.now = at.now.replace(year=2027, month=4, day=21, hour=0)
    late = client.get("/privacy/safeguards/").content.decode()
    assert "1 of 9 is overdue or under review." in late
    assert "Overdue for 1 day<" in late


def test_a_failed_check_shows_and_no_more_is_told_of_it(client, at, db):
    proven(at.now, "red")

    told = client.get("/privacy/safeguards/").content.decode()

    assert "Under review" in told
    assert "it lies open" not in told
    assert Evidence.objects.filter(outcome="red").exists()


def test_a_brand_without_a_list_has_no_such_page(client, at, db, monkeypatch):
    monkeypatch.setattr(safeguards, "register", lambda: ())

    assert client.get("/privacy/safeguards/").status_code == 404
    assert "the list of safeguards</a>" not in client.get("/privacy/checks/").content.decode()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind   = "physical"', 'kind   = "magical"', "kind is 'magical': write one of physical, electronic, procedural"),
        ('owner  = "the head of personnel"', 'owner  = ""', "[undertakings] owner is empty"),
        ('owner  = "the head of personnel"\n', "", "[undertakings] owner is missing"),
        ("every  = 2", "every  = 0", "every is 0: write a number of days"),
        ("every  = 2", 'every  = "often"', "every is 'often'"),
        ('checks = ["P-3D-2"]', "checks = []", "checks names no sentences"),
        ("until  = 2027-09-14", 'until  = "later"', "tested and until are days"),
        ("until  = 2027-09-14", "until  = 2026-09-13", "until has to come after tested"),
        ("until  = 2027-09-14\n", "", "[buildings] until is missing"),
        ("tested = 2026-10-20", 'tested = 2026-10-20\nevery = 2', "[restore] every does not belong here"),
        ("[disks]", "[Disks!]", "this is not TOML"),
        ('"electronic"', '"procedural"', "there is no electronic safeguard"),
    ],
)  # fmt: skip
def test_a_list_that_leaves_something_out_is_refused_with_what_to_mend(tmp_path, old, new, says):
    assert old in SOURCE
    (tmp_path / safeguards.FILE).write_text(SOURCE.replace(old, new), "utf-8")

    with pytest.raises(BrokenPack) as broken:
        safeguards.read(tmp_path)

    assert any(says in problem.says for problem in broken.value.problems), broken.value
    assert all(problem.line > 0 and problem.path.endswith("safeguards.toml") for problem in broken.value.problems)
