"""One form for each address, and a kind sentence for what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.people.addresses import BadAddress, read


@pytest.mark.parametrize("typed", ["202-555-0142", "(202) 555 0142", "+1 202 555 0142", "2025550142", "1-202-555-0142"])
def test_a_phone_number_is_the_same_however_it_is_typed(typed):
    assert read(typed).text == "+12025550142"


def test_a_number_knows_the_zones_where_it_may_ring():
    assert read("202-555-0142").zones == ("America/New_York",)


def test_a_toll_free_number_may_be_anywhere():
    assert len(read("800-555-0142").zones) > 5


def test_an_email_address_is_compared_without_regard_to_case():
    assert read("Ada@Example.COM").comparable == read("ada@example.com").comparable


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "@",
        "a@b",
        "a b@example.com",
        "ada@exa mple.com",
        "ada@@example.com",
        ".a@example.com",
        "123",
        "x" * 400,
    ],
)
def test_what_is_no_address_is_refused_with_a_way_out(typed):
    with pytest.raises(BadAddress) as refused:
        read(typed)

    assert "like" in str(refused.value) or "Enter" in str(refused.value)
    assert not typed.strip() or len(typed.strip()) < 4 or typed.strip() not in str(refused.value)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_an_address_or_a_refusal(typed):
    try:
        address = read(typed)
    except BadAddress:
        return
    assert read(address.text) == address
