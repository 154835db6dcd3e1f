"""Addresses of other sites, and what they could tell about who follows them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy import outside

FINE = (
    "https://chirrup.example/wren",
    "https://world.wren-cars.example/",
    "https://wren-birmingham-al.example/privacy",
    "https://longreel.example/watch?v=dQw4w9WgXcQ",
    "https://agency.example/2026/12/01/rules-for-connected-cars-in-2026#chapter-3",
    "https://reports.example/small-cars-and-what-they-cost-a-family-of-four-in-2026.pdf",
    "http://127.0.0.1:8401/choices/",
)
TELLING = (
    "https://ada:secret@shop.example/",
    "https://shop.example/@ada",
    "https://shop.example/?to=ada%40post.example",
    "https://shop.example/ada%2540post.example",
    "https://shop.example/?email=ada",
    "https://shop.example/?E-Mail=ada",
    "https://shop.example/?utm_source=wren",
    "https://shop.example/?gclid=x",
    "https://shop.example/?token=x",
    "https://shop.example/?zip=27284",
    "https://shop.example/#session=x",
    "https://shop.example/#/?user_id=7",
    "https://shop.example/call/+12185550142",
    "https://shop.example/call/218-555-0142",
    "https://shop.example/v/3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "https://shop.example/u/a81f3c07be5d9912",
    "https://shop.example/?v=Zm9vYmFyYmF6MTIz",
    "https://shop.example/hello/{name}",
    "https://shop.example/hello/%7Bname%7D",
)
NO_ADDRESS = (
    "http://shop.example/",
    "//shop.example/",
    "/shop/",
    "https://",
    "https://[",
    "https://a b",
    "shop.example",
    "",
)


@pytest.mark.parametrize("address", FINE)
def test_an_address_that_names_a_page_alone_may_be_linked(address):
    assert outside.objection(address) == ""
    assert outside.read(address) == address


@pytest.mark.parametrize("address", TELLING)
def test_an_address_that_could_stand_for_a_person_may_not(address):
    assert outside.objection(address).startswith(("take out", "write the address as it is"))


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_half_an_address_is_refused_with_what_to_write(address):
    with pytest.raises(ValueError, match="write a whole address that starts with https://"):
        outside.read(address)


@pytest.mark.parametrize(
    "address", ["//shop.example/", "/\\shop.example", "\\\\shop.example", "https://[", "https://x"]
)
def test_what_a_browser_reads_as_another_site_has_a_host(address):
    assert outside.has_host(address)


@pytest.mark.parametrize("address", ["/links/", "#top", "mailto:ada@post.example", "tel:+12185550142", ""])
def test_a_path_of_ours_a_mailbox_and_a_telephone_have_none(address):
    assert not outside.has_host(address)


@given(
    st.text(alphabet=string.ascii_letters + string.digits, min_size=1, max_size=12), st.sampled_from(["?q=", "/", "#"])
)
def test_no_mailbox_slips_through_whatever_it_is_called(name, before):
    assert outside.objection(f"https://shop.example/{before}{name}%40post.example")


@given(st.uuids(), st.sampled_from(["/", "/?p=", "/#", "/x-"]))
def test_no_browsers_number_slips_through(number, before):
    assert outside.objection(f"https://shop.example{before}{number}")
    assert outside.objection(f"https://shop.example{before}{number.hex}")
