import pytest
from click.testing import CliRunner

from forecourt.run.commands.rules import command
from forecourt.trouble import Trouble
from tests.vehicles.test_rules import DATA, INSTANCE, REAL, absent


@pytest.fixture
def instance(tmp_path):
    path = tmp_path / "small.xml"
    path.write_text(INSTANCE)
    return path


def measure(*arguments):
    return CliRunner().invoke(command, ["measure", *map(str, arguments)])


def test_measure_says_how_many_solutions_there_are_and_holds_them_against_sat(instance, tmp_path):
    sales = tmp_path / "sales.txt"
    sales.write_text("a b\n0 1\n2 2\n")

    answer = measure(instance, "--sales", sales)

    assert answer.exit_code == 0, answer.output
    assert "7 solutions" in answer.output
    assert "all 2 sales accepted" in answer.output
    assert "next-option sets equal the SAT solver's" in answer.output


def test_a_sale_that_the_rules_forbid_is_named_by_its_line(instance, tmp_path):
    sales = tmp_path / "sales.txt"
    sales.write_text("a b\n0 1\n1 1\n")

    answer = measure(instance, "--sales", sales)

    assert isinstance(answer.exception, Trouble)
    assert "1 of 2 sales are refused, the first on line 3" in str(answer.exception)


def test_a_broken_instance_is_trouble_that_says_what_to_do(instance):
    instance.write_text("not XML")

    answer = measure(instance)

    assert isinstance(answer.exception, Trouble)
    assert "Give an XCSP 2.1 file" in str(answer.exception)


@absent
def test_a_real_makers_rules_and_sales_are_measured():
    answer = measure(REAL, "--sales", DATA / "config_medium_filtered.txt")

    assert answer.exit_code == 0, answer.output
    assert "278,744 solutions" in answer.output
    assert "all 8,252 sales accepted" in answer.output
