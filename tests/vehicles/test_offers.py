"""Offers: what their words state, what has to stand beside it, and figures that agree, or the pack is refused."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import offers
from forecourt.vehicles.offers import said
from forecourt.vehicles.offers.deal import CAUTION, Kind
from forecourt.vehicles.offers.said import Term
from tests.vehicles.test_payment_terms import PLOVER


@pytest.fixture
def pack(tmp_path) -> Path:
    """Wren's, but for its pages and dealers."""
    shutil.copytree(settings.BRAND / "vehicles", tmp_path / "vehicles")
    shutil.copytree(settings.BRAND / "offers", tmp_path / "offers")
    shutil.copy(settings.BRAND / "payments.toml", tmp_path)
    return tmp_path


def changed(pack: Path, slug: str, *changes: tuple[str, str]) -> Path:
    path = pack / "offers" / f"{slug}.toml"
    source = path.read_text()
    for was, becomes in changes:
        assert was in source, was
        source = source.replace(was, becomes, 1)
    path.write_text(source)
    return path


def refused(pack: Path) -> list:
    with pytest.raises(BrokenPack) as broken:
        offers.read(pack)
    return list(broken.value.problems)


def headline(words: str) -> tuple[str, str]:
    return 'headline = "4.9% APR on every 2027 Pipit"', f'headline = "{words}"'


@pytest.mark.parametrize(
    ("words", "term", "amount"),
    [
        ("$0 down", Term.DOWN, 0), ("Zero down!", Term.DOWN, 0), ("with nothing down", Term.DOWN, 0), ("10% down", Term.DOWN, 10),
        ("$1,500 down", Term.DOWN, 1500), ("$2,999 down payment", Term.DOWN, 2999), ("a small down payment", Term.DOWN, None),
        ("$0‑Down", Term.DOWN, 0), ("**$500** down", Term.DOWN, 500), ("no money down", Term.DOWN, 0),
        ("$199 a month", Term.PAYMENT, 199), ("$199/mo.", Term.PAYMENT, 199), ("$199.50 per month", Term.PAYMENT, Decimal("199.50")),
        ("199 per month", Term.PAYMENT, 199), ("199 dollars each month", Term.PAYMENT, 199), ("$89 weekly", Term.PAYMENT, 89),
        ("monthly payments from $249", Term.PAYMENT, 249), ("monthly for just $199", Term.PAYMENT, 199), ("no payments for 90 days", Term.PAYMENT, None),
        ("$199 (per month)", Term.PAYMENT, 199), ("two hundred dollars a month", Term.PAYMENT, None), ("$199 – each month", Term.PAYMENT, 199),
        ("nothing out of pocket", Term.SIGNING, None), ("pay nothing today", Term.SIGNING, None), ("a charge for credit", Term.CHARGE, None),
        ("36 payments", Term.PERIOD, 36), ("thirty-six monthly payments", Term.PERIOD, 36), ("for 60 months", Term.PERIOD, 60),
        ("a 36-month lease", Term.PERIOD, 36), ("five years to pay", Term.PERIOD, 60), ("over 72 mos", Term.PERIOD, 72),
        ("$0 due at signing", Term.SIGNING, 0), ("0 due at signing", Term.SIGNING, 0), ("nothing due at lease signing", Term.SIGNING, 0),
        ("$3,089.38 due at signing", Term.SIGNING, Decimal("3089.38")), ("sign & drive", Term.SIGNING, None), ("zero drive-off", Term.SIGNING, None),
        ("the first month is on us", Term.SIGNING, None), ("no security deposit", Term.DEPOSIT, 0), ("security deposit of $400", Term.DEPOSIT, 400),
        ("save $500 in interest", Term.CHARGE, 500), ("interest-free", Term.CHARGE, 0), ("no finance charge", Term.CHARGE, None),
        ("2.9% APR", Term.RATE, Decimal("2.9")), ("a rate of 2.9 percent", Term.RATE, Decimal("2.9")), ("0% financing", Term.RATE, 0),
    ],
)  # fmt: skip
def test_a_term_is_found_in_free_words_however_they_are_put(words, term, amount):
    for said_so in (words, words.upper(), f"Now: {words}, and a friend along."):
        found = [each for each in said.statements(said_so) if each.term is term]

        assert found, said_so
        assert amount is None or amount in {each.amount for each in found}, said_so


@pytest.mark.parametrize(
    "words",
    [
        "$500 off the price", "Two keys, three colors, four doors", "The 2027 Pipit", "0–60 mph in 7.4 seconds", "a 4-year warranty",
        "Sit down at the wheel", "Show its registration", "$1,000 for owners of a Wren", "10,000 miles", "up and down the coast",
        "5% off every accessory", "100% electric",
    ],
)  # fmt: skip
def test_words_without_a_term_are_left_alone(words):
    assert list(said.statements(words)) == []


@given(st.text(max_size=300))
def test_any_words_can_be_read(words):
    list(said.statements(words))


@given(st.integers(1, 99_999), st.sampled_from(["a month", "per month", "/mo", "down", "due at signing"]))
def test_a_sum_is_read_with_and_without_its_commas(amount, about):
    for written in (f"${amount}", f"${amount:,}", f"${amount:,}.00"):
        assert amount in {each.amount for each in said.statements(f"Only {written} {about} today")}


# What is stated asks for its companions.

TRIGGERS = [
    "$0 down", "$199 a month", "for 60 months", "60 payments", "0 due at signing", "no interest", "no security deposit", "Sign and drive",
]  # fmt: skip


@pytest.mark.parametrize("words", TRIGGERS)
def test_an_offer_of_credit_with_a_term_in_its_words_needs_all_of_them(pack, words):
    path = changed(pack, "any-pipit-rate", headline(words))

    (problem,) = refused(pack)

    assert (problem.path, problem.line) == (str(path), 3)
    assert "then [finance] has to say down, months, payment too" in problem.says


@pytest.mark.parametrize("words", [*TRIGGERS, "2.9% APR"])
def test_an_offer_of_cash_cannot_state_a_term(pack, words):
    changed(pack, "first-car", ("Take $500 off any Siskin", f"Take $500 off any Siskin, {words}"))

    assert any("an offer of cash cannot" in problem.says and problem.line == 5 for problem in refused(pack))


@pytest.mark.parametrize("key", ["apr", "can_rise", "down", "months", "payment"])
def test_an_offer_of_credit_cannot_lack_a_companion(pack, key):
    path = pack / "offers" / "pipit-west-finance.toml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith(f"{key} ")))

    assert any(f"then [finance] has to say {key} too" in problem.says for problem in refused(pack))


@pytest.mark.parametrize(
    "key", ["payment", "months", "due_at_signing", "deposit", "down", "disposition", "extra_mile", "miles", "total"]
)
def test_a_lease_cannot_lack_a_companion(pack, key):
    path = pack / "offers" / "siskin-west-lease.toml"
    path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith(f"{key} ")))

    assert any(f"then [lease] has to say {key} too" in problem.says for problem in refused(pack))


def test_a_table_alone_can_state_a_term_too(pack):
    path = changed(pack, "any-pipit-rate", ("can_rise       = false", 'can_rise       = false\ndown = "0"'))

    (problem,) = refused(pack)

    assert "down cannot stand alone: [finance] has to say months, payment too" in problem.says
    assert path.read_text().splitlines()[problem.line - 1] == 'down = "0"'


@pytest.mark.parametrize(
    ("slug", "was", "becomes", "says", "line_has"),
    [
        ("pipit-west-finance", 'payment        = "394.24"', 'payment = "384.24"', "are 394.24 each", 'payment = "384.24"'),
        ("pipit-west-finance", 'apr            = "2.9"', 'apr = "1.9"', "at 1.9% on 21995 are", "payment        ="),
        ("pipit-west-finance", "$394.24 a month for", "$354.24 a month for", "says 354.24, and the terms say 394.24", "headline"),
        ("pipit-west-finance", "2.9% APR", "1.9% APR", "says 1.9, and the terms say 2.9", "1.9% APR"),
        ("pipit-west-finance", "for 60 months", "for 72 months", "says 72, and the terms say 60", "headline"),
        ("pipit-west-finance", "$2,400 down", "$0 down", "says 0, and the terms say 2400", "$0 down"),
        ("pipit-west-finance", "2.9% APR", "2.9%", "call it APR in the same sentence", "2.9%,"),
        ("siskin-no-interest", "Four years, and", "Forty weeks, and", "say the period in months", "Forty weeks"),
        ("siskin-west-lease", 'due_at_signing = "3089.38"', 'due_at_signing = "2089.38"', "deposit are 3089.38", "2089.38"),
        ("siskin-west-lease", 'total          = "13822.68"', 'total = "13000.00"', "until the end comes to 13822.68", 'total = "13000'),
        ("siskin-west-lease", 'residual       = "14940"', 'residual = "26000"', "more than the residual", "residual"),
        ("siskin-west-lease", "Three years of quiet", "At 2.9% APR, three years of quiet", "a lease has no APR", "2.9% APR"),
        ("siskin-west-lease", "Three years of quiet", "At an interest rate of 2%, quiet", "a lease has no APR", "2%, quiet"),
        ("siskin-west-lease", "$295.38 a month, $", "$295.38 a month, 2.4%, $", "larger than its caution", "headline"),
        ("siskin-west-lease", ", $3,089.38 due at signing", ", $1,999 down", "say the whole sum in the headline", "headline"),
        ("siskin-west-lease", 'name     = "Lease a Siskin"', 'name = "Siskin for $295.38 a month"', "the name stands alone", "name ="),
        ("siskin-west-lease", 'total    = "25895"', 'total = "24900"', "the whole price has to be told", 'total = "24900"'),
        ("siskin-west-lease", 'car      = "24900"', 'car = "24800"', "the Siskin costs 24900", "car ="),
        ("siskin-west-lease", 'delivery = "995"', 'delivery = "0"', "payments.toml says 995", "delivery"),
        ("siskin-west-lease", 'states   = ["CA"', 'states = ["ZZ"', "ZZ is no state", "ZZ"),
        ("siskin-west-lease", 'zone     = "America/Los_Angeles"', 'zone = "Pacific"', "zone is 'Pacific'", "zone"),
        ("siskin-west-lease", "until    = 2027-12-31T23:59:00", "until = 2027-12-31", "write day and minute", "until"),
        ("siskin-west-lease", "until    = 2027-12-31T23:59:00", "until = 2027-12-31T23:59:30", "write day and minute", "until"),
        ("siskin-west-lease", "until    = 2027-12-31T23:59:00", "until = 2027-11-07T01:30:00", "the clocks change", "until"),
        ("siskin-west-lease", "until    = 2027-12-31T23:59:00", "until = 2027-03-14T02:30:00", "the clocks change", "until"),
        ("siskin-west-lease", "until    = 2027-12-31T23:59:00", "until = 2026-01-01T00:00:00", "until has to come after", "until"),
        ("siskin-west-lease", 'line     = "siskin"', 'line = "dunlin"', "name one that is sold now", "dunlin"),
        ("siskin-west-lease", 'trims    = ["Siskin"]', 'trims = ["Siskin Sport"]', "there are Siskin, Siskin Long Song", "Sport"),
        ("siskin-west-lease", 'kind     = "lease"', 'kind = "gift"', "kind is 'gift'", "gift"),
        ("siskin-west-lease", "eligibility = [", "eligibilty = [", "eligibilty means nothing here", "eligibilty"),
    ],
)  # fmt: skip
def test_an_offer_that_may_not_be_published_is_refused_with_file_line_and_mend(
    pack, slug, was, becomes, says, line_has
):
    path = changed(pack, slug, (was, becomes))

    found = [problem for problem in refused(pack) if says in problem.says]

    assert found, refused(pack)
    assert found[0].path == str(path)
    assert line_has in path.read_text().splitlines()[found[0].line - 1]


def test_a_percentage_in_a_lease_brings_the_laws_own_caution(pack):
    changed(pack, "siskin-west-lease", ("Three years of quiet", "A percentage of 2.9%, three years of quiet"))

    assert {offer.slug: offer.caution for offer in offers.read(pack)}["siskin-west-lease"] == CAUTION
    assert CAUTION == "This percentage may not measure the overall cost of financing this lease."


def test_all_problems_of_all_files_come_in_one_go(pack):
    changed(pack, "siskin-west-lease", ('zone     = "America/Los_Angeles"', 'zone = "Pacific"'))
    changed(pack, "first-car", ('bonus          = "500"', "bonus = 500"))

    assert {Path(problem.path).stem for problem in refused(pack)} == {"siskin-west-lease", "first-car"}


def test_the_demo_has_offers_of_each_kind_over_regions_one_coming_and_one_over(now):
    found = offers.offers()

    assert len(offers.running(now)) >= 10
    assert {offer.kind for offer in offers.running(now)} == set(Kind)
    assert {offer.line.slug for offer in offers.running(now)} == {"siskin", "pipit", "linnet", "avocet"}
    assert [offer.slug for offer in found if offer.starts > now] == ["spring-avocet"]
    assert [offer.slug for offer in found if offer.is_over(now)] == ["early-autumn"]
    assert {state for offer in found for state in offer.states} >= {"CA", "NY", "MN", "TX", "FL", "CO"}


def test_an_offer_runs_from_its_first_minute_until_just_before_its_last():
    offer = offers.find("siskin-west-lease")

    assert offer.starts == datetime(2026, 10, 15, 15, tzinfo=UTC)
    assert offer.is_running(offer.starts)
    assert not offer.is_running(offer.starts - timedelta(microseconds=1))
    assert offer.is_running(offer.ends - timedelta(microseconds=1))
    assert not offer.is_running(offer.ends)


def test_a_brand_without_offers_has_none(settings):
    settings.BRAND = PLOVER

    assert offers.offers() == ()
