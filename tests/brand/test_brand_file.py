from pathlib import Path
from urllib.parse import urlsplit

import pytest

from forecourt.policy.problems import BrokenPack
from forecourt.web import brand

WREN = Path(__file__).parent.parent.parent / "brands" / "wren"
SOURCE = (WREN / "brand.toml").read_text("utf-8")


def problems(folder, source):
    (folder / "brand.toml").write_text(source, "utf-8")
    with pytest.raises(BrokenPack) as broken:
        brand.read(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in broken.value.problems]


def line_of(words):
    return next(number for number, line in enumerate(SOURCE.splitlines(), 1) if words in line)


def test_the_demo_brand_speaks_from_numbers_and_hosts_that_reach_nobody():
    wren = brand.read(WREN)

    assert wren.name == "Wren"
    assert wren.address.splitlines() == ["118 Gorse Foundry Lane", "Duluth, MN 55802"]
    assert wren.phone == "+18005550137"
    assert all(number[5:10] == "55501" for number in wren.text_senders.values())
    assert all(address.endswith("@wren.example") for address in wren.email_from.values())


def test_each_interaction_type_texts_from_a_number_of_its_own():
    senders = brand.read(WREN).text_senders

    assert set(senders) == set(brand.INTERACTION_TYPES)
    assert len(set(senders.values())) == 3


def test_mail_of_a_type_without_an_address_comes_from_the_default(tmp_path):
    source = "\n".join(line for line in SOURCE.splitlines() if "drives@" not in line)
    (tmp_path / "brand.toml").write_text(source, "utf-8")

    assert brand.read(tmp_path).sender_for("test-drive") == "hello@wren.example"


def test_links_carry_the_address_that_the_machine_serves(settings):
    settings.SITE_URL = ""
    own = brand.brand().site_url
    settings.SITE_URL = "http://127.0.0.1:8400"

    assert own == "https://wren.example"
    assert brand.brand().site_url == "http://127.0.0.1:8400"


def test_the_brand_cannot_be_changed_while_it_runs():
    wren = brand.read(WREN)

    with pytest.raises(AttributeError):
        wren.name = "Robin"
    with pytest.raises(TypeError):
        wren.text_senders["event"] = "+12025550100"


def test_a_brand_may_do_without_networks_and_without_an_international_site(tmp_path):
    (tmp_path / "brand.toml").write_text(SOURCE[: SOURCE.index("[international]")], "utf-8")
    wren = brand.read(tmp_path)

    assert wren.social == ()
    assert not wren.international


def test_the_demo_brands_networks_are_invented():
    wren = brand.read(WREN)

    assert len(wren.social) == 5
    assert all(urlsplit(network["address"]).hostname.endswith(".example") for network in wren.social)
    assert len({network["icon"] for network in wren.social}) == 5


@pytest.mark.parametrize(
    ("before", "after", "at", "said"),
    [
        (
            "https://looplet.example/wren",
            "https://looplet.example/@wren",
            "looplet.example",
            "[[social]] address is 'https://looplet.example/@wren': take out what stands before the @",
        ),
        (
            "https://longreel.example/wren",
            "longreel.example",
            "longreel.example",
            "[[social]] address is 'longreel.example': write a whole address that starts with https://",
        ),
        ('icon    = "clip"', 'icon = "bird"', '"clip"', "[[social]] icon is 'bird': write one of camera, clip"),
        (
            'name    = "Looplet"',
            'title   = "Looplet"',
            '"Looplet"',
            "[[social]] title means nothing here: take it out, or name one of name",
        ),
        (
            "https://world.wren-cars.example/",
            "https://world.wren-cars.example/?visitor=1",
            "world.wren-cars.example",
            "[international] address is 'https://world.wren-cars.example/?visitor=1': take out visitor=",
        ),
        (
            'name       = "Wren"',
            "name = 3",
            "name       =",
            '[brand] name is 3: write some words between quotation marks, such as "Wren"',
        ),
        ('"55802"', "55802", "zip ", "[address] zip is 55802: write"),
        ('"55802"', '"5580"', "zip ", "[address] zip is '5580': write five digits"),
        (
            '"800-555-0137"',
            '"call us"',
            "800-555",
            "[contact] phone is 'call us': write a phone number with its area code",
        ),
        (
            '"privacy@wren.example"',
            '"privacy"',
            "privacy_email",
            "[contact] privacy_email is 'privacy': write an email address",
        ),
        (
            '"https://wren.example"',
            '"wren.example/x"',
            "site_url",
            "[brand] site_url is 'wren.example/x': write the address",
        ),
        (
            "legal_name =",
            "legalname  =",
            "legal_name",
            "[brand] legalname means nothing here: take it out, or name one of name",
        ),
        ("[contact]", "[contacts]", "[contact]", "[contacts] means nothing here: take it out, or name one of brand"),
        ("+12185550143", "+12185550142", "+12185550143", "+12185550142 is the sender of two interaction types"),
        ("[address]", "[address", "[address]", "this is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_mend(tmp_path, before, after, at, said):
    assert before in SOURCE

    found = problems(tmp_path, SOURCE.replace(before, after, 1))

    assert any(problem.startswith(f"brand.toml:{line_of(at)}: {said}") for problem in found), found


def test_a_network_in_a_table_of_its_own_kind_is_refused(tmp_path):
    source = SOURCE[: SOURCE.index("[[social]]")] + '[social]\nname = "Chirrup"\n'

    assert problems(tmp_path, source) == [
        "brand.toml:1: social must be tables: write [[social]] above the keys of each network"
    ]


def test_all_problems_come_at_once(tmp_path):
    source = SOURCE.replace('"Wren"', "7").replace('"MN"', '""').replace("default       =", "usual         =")

    assert len(problems(tmp_path, source)) == 4


def test_a_missing_file_says_where_to_get_one(tmp_path):
    with pytest.raises(BrokenPack, match=r"brand.toml:1: the file is missing: copy brands/wren/brand.toml"):
        brand.read(tmp_path)


def test_a_brand_that_says_nothing_of_parents_takes_their_yes_in_every_way(tmp_path):
    (tmp_path / "brand.toml").write_text(
        SOURCE.replace('[children]\nparents_say_yes = ["email", "form"]\n', ""), "utf-8"
    )

    assert brand.read(tmp_path).parents_say_yes == brand.PARENTS_WAYS


@pytest.mark.parametrize("ways", ['["fax"]', "[]", '"email"', '["form", "form"]', "[1]", "[[]]"])
def test_a_way_for_parents_that_does_not_exist_is_told_with_those_that_do(tmp_path, ways):
    [problem] = problems(tmp_path, SOURCE.replace('["email", "form"]', ways))

    assert f"brand.toml:{line_of('parents_say_yes')}" in problem
    assert "write one or more of email, form once each" in problem
