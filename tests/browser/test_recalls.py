"""A VIN looked up as people do it, in each way in which they come: the answer is there, and the VIN nowhere else."""

import pytest

from tests.browser.reading import faults

pytestmark = pytest.mark.browser
STEERING = "7WNPAGA26TD000412"


def test_a_vin_is_looked_up_and_stands_in_no_address(visitor):
    page = visitor.goes_to("/recalls/")
    page.get_by_role("textbox", name="VIN").fill("7wn pag a26 tdo 00412")
    page.get_by_role("button", name="Look for recalls").click()
    page.get_by_text("the letter O, which no VIN has").wait_for()
    page.get_by_role("button", name="Look that up").click()
    page.get_by_role("heading", name="One open recall").wait_for()

    assert page.get_by_text("Do not drive this car").is_visible()
    assert visitor.path == "/recalls/"
    page.get_by_label("Find a dealer who mends it").fill("27284")
    page.get_by_role("button", name="Show dealers").click()
    page.get_by_role("heading", name="Near Kernersville").wait_for()
    assert STEERING.lower() not in page.url.lower()


def test_the_answers_can_be_read_by_everybody(guest):
    page = guest.goes_to("/recalls/")
    page.get_by_role("textbox", name="VIN").fill(STEERING)
    page.get_by_role("button", name="Look for recalls").click()
    page.get_by_role("heading", name="One open recall").wait_for()
    assert faults(page) == []

    page = guest.goes_to("/maintenance/")
    page.get_by_role("textbox", name="VIN").fill("7WNPAGA26RD005120")
    page.get_by_label("Miles driven").fill("21,300")
    page.get_by_role("button", name="Show what is covered").click()
    page.get_by_text("14,700").wait_for()
    assert faults(page) == []
