"""Synthetic people have addresses that can belong to nobody."""

import phonenumbers
import phonenumbers.timezone
import pytest
from django.core.validators import validate_email

from forecourt.adapters import synthetic


def test_every_synthetic_phone_is_its_own_number_in_the_range_kept_for_fiction():
    phones = [synthetic.phone(n) for n in range(synthetic.PHONES)]

    assert len(set(phones)) == synthetic.PHONES
    assert all(phone[5:10] == "55501" and synthetic.is_synthetic(phone) for phone in phones)
    assert all(phonenumbers.is_possible_number(phonenumbers.parse(phone)) for phone in phones)


def test_all_synthetic_phones_are_in_eastern_time():
    zones = {
        phonenumbers.timezone.time_zones_for_number(phonenumbers.parse(synthetic.phone(n))) for n in range(0, 1000, 100)
    }

    assert zones == {("America/New_York",)}


def test_there_is_no_phone_past_the_last():
    with pytest.raises(ValueError, match="0 to 999"):
        synthetic.phone(1000)


def test_synthetic_emails_pass_the_forms():
    for n in (0, 7, 1_234_567):
        validate_email(synthetic.email(n))
        assert synthetic.is_synthetic(synthetic.email(n))


@pytest.mark.parametrize(
    "address", ["a@x.test", "a@EXAMPLE.com", "a@b.example", "a@b.invalid", "dealer.example", "example.org."]
)
def test_reserved_names_are_synthetic(address):
    assert synthetic.is_synthetic(address)


@pytest.mark.parametrize(
    "address",
    [
        "a@gmail.com",
        "a@notexample.com",
        "a@example.co",
        "+12025551234",
        "+442025550142",
        "+120255501420",
        "example.evil.com",
        "",
    ],
)
def test_everybody_else_is_real(address):
    assert not synthetic.is_synthetic(address)
