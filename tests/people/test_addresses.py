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
    ("one", "other"), [("info@straße.de", "info@strasse.de"), ("\u017fam@example.com", "sam@example.com")]
)
def test_two_mailboxes_are_never_taken_for_one(one, other):
    """Else whoever writes first with a look-alike address gets what the other books."""
    assert read(one).comparable != read(other).comparable


@pytest.mark.parametrize("typed", ["ada@straße.de", "ada@STRASSE.example".replace("SS", "ß"), "ada@xn--strae-oqa.de"])
def test_a_domain_is_kept_as_dns_has_it(typed):
    assert read(typed).text.isascii()
    assert read("ada@straße.de") == read("ada@xn--strae-oqa.de")


def test_an_accent_may_be_typed_in_two_ways():
    assert read("rene\u0301@example.com") == read("ren\u00e9@example.com")


@pytest.mark.parametrize("letter", ["\x01", "\x7f", "\u200b", "\u202e", "\ud800"])
def test_what_cannot_be_seen_is_in_no_address(letter):
    with pytest.raises(BadAddress):
        read(f"ada{letter}b@example.com")


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


@pytest.mark.parametrize(
    ("number", "texted"),
    [
        ("202-555-0142", True),
        ("787-555-0142", True),
        ("+44 7700 900123", False),
        ("900-555-1234", False),
        ("876-555-1234", False),
    ],
)
def test_only_numbers_in_the_united_states_that_cost_nobody_a_premium_are_texted(number, texted):
    assert read(number).can_be_texted is texted
