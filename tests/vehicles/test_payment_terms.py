"""What estimates start from, and the estimate that other pages ask for."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles import catalogue
from forecourt.vehicles.payments import estimates, terms

ON = date(2026, 12, 1)
PLOVER = Path(__file__).parents[1] / "brands" / "plover"


@pytest.fixture
def pack(tmp_path) -> Path:
    (tmp_path / terms.FILE).write_text((settings.BRAND / terms.FILE).read_text())
    return tmp_path


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('delivery = "995"', "delivery = 995.0", "delivery is 995.0: write a number from 0 to 100000"),
        ('delivery = "995"', 'delivery = "-1"', "delivery is '-1'"),
        ('apr    = "5.9"', 'apr = "59"', "apr is '59': write a number from 0 to 40"),
        ("months = 60", "months = 61", "months is 61: name one of the terms"),
        ("terms  = [24, 36, 48, 60, 72, 84]", "terms = [0]", "terms is [0]: list numbers of months"),
        ('36 = "58"', '36 = "104"', "residuals: 36 months keep 104%"),
        ('36 = "58"', '36 = "lots"', "residuals: 36 is 'lots'"),
        ("months       = 36", "months = 39", "months is 39: name one of 24, 36, 48"),
        ("miles        = 10000", "miles = 11000", "miles is 11000: name one of 7500, 10000, 12000, 15000"),
        ('money_factor = "0.00215"', 'money_factor = "2.15"', "money_factor is '2.15'"),
        ('deposit      = "0"', 'deposite = "0"', "deposite means nothing here"),
    ],
)
def test_broken_terms_are_refused_with_file_line_and_mend(pack, was, becomes, says):
    path = pack / terms.FILE
    source = path.read_text()
    assert was in source
    path.write_text(source.replace(was, becomes, 1))

    with pytest.raises(BrokenPack) as refused:
        terms.read(pack)

    found = next(problem for problem in refused.value.problems if says in problem.says)
    assert found.path == str(path)
    assert becomes in path.read_text().splitlines()[found.line - 1]


def test_a_brand_without_terms_has_no_estimates(settings):
    settings.BRAND = PLOVER

    assert terms.terms() is None
    assert estimates.of(Decimal(20_000), "MN", ON) is None


def test_the_delivery_charge_is_the_one_that_the_price_basis_names():
    for line in catalogue.lines():
        assert f"${terms.terms().delivery:,} delivery charge" in line.price_basis


@pytest.mark.parametrize("state", ["", "CA", "TX", "MN", "OR", "DE"])
def test_every_price_has_an_estimate_in_every_state(state):
    for price in (Decimal(15_000), Decimal("23400"), Decimal("61234.56")):
        found = estimates.of(price, state, ON)

        assert found.finance.amount == found.finance.price + found.finance.tax - found.finance.down
        assert found.finance.price == found.lease.price == price + 995
        assert 0 < found.lease.payment < found.finance.payment
        assert (found.tax is None) == (state in ("", "DE"))
