"""Option files as nobody should write them: each is refused with its line and the rules that cause it, and large ones are read in good
time."""

import random
import re
from contextlib import suppress

import pytest

from forecourt.policy.problems import BrokenPack
from forecourt.vehicles.options import reader
from forecourt.vehicles.rules import compiler

SOUND = """weeks = 4

[[family]]
slug = "trim"
name = "Version"
[[family.option]]
slug  = "plain"
name  = "Plain"
price = "100"
[[family.option]]
slug  = "fine"
name  = "Fine"
price = "200"

[[extra]]
slug  = "rails"
name  = "Rails"
price = "30"
[[extra]]
slug  = "box"
name  = "Box"
price = "40"
[[extra]]
slug  = "tent"
name  = "Tent"
price = "50"
"""


def read(tmp_path, source):
    path = tmp_path / "tern.toml"
    path.write_text(source)
    return reader.read(path, {"wheel": ["disc"]})


def refused(tmp_path, source) -> list[tuple[str, int, str]]:
    with pytest.raises(BrokenPack) as found:
        read(tmp_path, source)
    return [(problem.path, problem.line, problem.says) for problem in found.value.problems]


def with_(**rules: str) -> str:
    """The sound file, with further lines under an option."""
    source = SOUND
    for slug, line in rules.items():
        source = re.sub(rf'(slug  = "{slug}"\n)', rf"\1{line}\n", source)
    return source


def line_of(source: str, slug: str) -> int:
    return next(number for number, text in enumerate(source.splitlines(), 1) if text.endswith(f'"{slug}"'))


def test_the_sound_file_is_read(tmp_path):
    found, diagram = read(tmp_path, SOUND)

    assert diagram.count() == 16
    assert found.weeks == 4


@pytest.mark.parametrize(
    ("rules", "about", "says"),
    [
        (
            {"rails": 'requires = ["box"]\nexcludes = ["box"]'},
            "rails",
            "nobody can ever order rails: Rails needs Box (line 16); Rails does not go with Box (line 16)",
        ),
        (
            {"rails": 'requires = ["box"]', "box": 'requires = ["tent"]', "tent": 'excludes = ["rails"]'},
            "rails",
            "Rails needs Box (line 16); Box needs Tent (line 21); Tent does not go with Rails (line 26)",
        ),
        (
            {"plain": 'requires = ["rails"]\nexcludes = ["rails"]'},
            "plain",
            "nobody can ever order plain",
        ),
        ({"rails": 'requires = ["plain"]\nexcludes = ["plain"]'}, "rails", "nobody can ever order rails"),
        (
            {"rails": 'includes = ["box"]', "box": 'includes = ["tent"]', "tent": 'includes = ["rails"]'},
            "rails",
            "rails includes itself: Rails comes with Box (line 16); Box comes with Tent (line 21); Tent comes with Rails",
        ),
        ({"rails": 'includes = ["box"]', "box": 'includes = ["rails"]'}, "rails", "Nobody would pay for it"),
        ({"rails": 'requires = ["rack"]'}, "rails", "rails names rack, which is no option of this file"),
        ({"rails": 'requires = ["trim"]'}, "rails", "rails names trim, which is no option of this file"),
        ({"rails": 'requires = ["box |"]'}, "rails", "rails names , which is no option of this file"),
        ({"rails": 'requires = "box"'}, "rails", "rails: requires needs a list of slugs"),
        ({"rails": 'requires = [["box"]]'}, "rails", "rails: requires needs a list of slugs"),
        ({"rails": 'includes = ["rails"]'}, "rails", "rails names itself"),
        ({"rails": "text = 5"}, "rails", "rails: text is 5: write some words"),
        ({"rails": 'section = ["Roof"]'}, "rails", "rails: section is ['Roof']: write some words"),
        ({"rails": "look = 5"}, "rails", "rails: look is no table"),
        ({"rails": 'prices = [{ price = "-1" }]'}, "rails", "price is '-1': write dollars"),
        ({"rails": 'prices = [{ price = "Infinity" }]'}, "rails", "price is 'Infinity': write dollars"),
        ({"rails": 'prices = [{ price = "1e9999" }]'}, "rails", "write dollars"),
        ({"rails": 'prices = ["30"]'}, "rails", "prices is no list of tables"),
        (
            {"rails": 'prices = [{ price = "1", from = 2027-02-01, until = 2027-01-01 }]'},
            "rails",
            "until 2027-01-01 is before from 2027-02-01: turn them round",
        ),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_where_it_stands(tmp_path, rules, about, says):
    source = with_(**rules)

    found = refused(tmp_path, source)

    assert any(says in said for _, _, said in found), found
    assert (str(tmp_path / "tern.toml"), line_of(source, about)) in {(path, line) for path, line, _ in found}


def test_rules_that_leave_no_car_at_all_are_named_once_and_not_once_an_option(tmp_path):
    source = with_(plain='requires = ["rails"]', fine='requires = ["rails"]', rails='excludes = ["plain", "fine"]')

    [(_, line, says)] = refused(tmp_path, source)

    assert says.startswith("nothing can be ordered at all: ")
    assert "Plain needs Rails (line 7)" in says
    assert "Fine needs Rails (line 12)" in says
    assert "Rails does not go with Plain" in says
    assert line == 7


@pytest.mark.parametrize(
    ("prices", "where"),
    [
        ("prices = []", " counts:"),
        ('prices = [{ price = "30", states = ["MN", "WI"] }]', " counts:"),
        ('prices = [{ price = "30", with = ["fine"] }]', " counts:"),
        (
            'prices = [{ price = "30", until = 2027-01-31 }, { price = "35", from = 2027-03-01 }]',
            " counts from 2027-02-01 until 2027-02-28:",
        ),
        ('prices = [{ price = "30", from = 2027-01-01 }]', " counts until 2026-12-31:"),
        ('prices = [{ price = "30", until = 2027-01-01 }]', " counts from 2027-01-02:"),
        (
            (
                'prices = [{ price = "9", states = ["MN"], with = ["fine"] }, { price = "30", until = 2027-01-31 },'
                ' { price = "31", from = 2027-02-01, with = ["plain"] }]'
            ),
            " counts from 2027-02-01:",
        ),
    ],
)
def test_a_price_that_is_missing_somewhere_or_some_day_is_refused_with_place_and_days(tmp_path, prices, where):
    source = with_(rails=prices).replace('price = "30"\n[[extra]]', "[[extra]]")

    [(_, line, says)] = refused(tmp_path, source)

    assert says.startswith(f"rails can be ordered where no price of its{where} add price =")
    assert line == line_of(source, "rails")


@pytest.mark.parametrize(
    "prices",
    [
        'prices = [{ price = "30", until = 2027-01-31 }, { price = "35", from = 2027-02-01 }]',
        'prices = [{ price = "30", with = ["fine"] }, { price = "35", with = ["plain"] }]',
        (
            'prices = [{ price = "30", with = ["fine"] }, { price = "33", with = ["plain"], until = 2027-01-31 },'
            ' { price = "34", with = ["plain"], from = 2027-02-01 }]'
        ),
        'requires = ["fine"]\nprices = [{ price = "30", with = ["fine"] }]',
        'prices = [{ price = "30", until = 9999-12-31 }]',
    ],
)
def test_prices_that_leave_no_gap_are_taken(tmp_path, prices):
    read(tmp_path, with_(rails=prices).replace('price = "30"\n[[extra]]', "[[extra]]"))


def test_what_is_always_included_needs_no_price(tmp_path):
    source = with_(plain='includes = ["rails"]', fine='includes = ["rails"]')
    read(tmp_path, source.replace('price = "30"\n', ""))


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('slug  = "box"', 'slug  = "rails"', "rails is there twice"),
        ('slug  = "box"', "slug  = 'rails'", "rails is there twice"),
        ('slug  = "box"', '"slug" = "trim"', "trim is there twice"),
        ('slug  = "box"', 'slug  = "no"', "no is an answer and no slug"),
        ('slug  = "box"', "slug  = 7", "slug is 7: use lower-case letters"),
        ('slug  = "box"\n', "", "slug is None: use lower-case letters"),
        ('slug = "trim"', 'slug = "trim"\noption_ = 1', "trim: option_ means nothing here"),
        ("weeks = 4", "weeks = -1", "weeks is -1"),
        ("weeks = 4", "weeks = true", "weeks is True"),
        ("weeks = 4", 'weeks = 4\nfamly = "x"', "famly means nothing here"),
        ("[[extra]]", "[extra]", "this is not TOML"),
        (
            SOUND[SOUND.index("[[family.option]]") : SOUND.index("[[extra]]")],
            "",
            "trim has no [[family.option]]",
        ),
        (SOUND[SOUND.index("[[family]]") : SOUND.index("[[extra]]")], "", "there is no [[family]]"),
        (SOUND, "", "there is no [[family]]"),
        (SOUND, "family = 5", "family is no list of tables"),
        (
            "weeks = 4",
            'weeks = 4\n[[popular]]\nslug = "p"\nname = "P"\noptions = ["fine", "plain"]',
            "one of them goes",
        ),
    ],
)
def test_a_file_that_is_not_as_it_should_be_says_what_to_mend(tmp_path, was, becomes, says):
    assert was in SOUND
    found = refused(tmp_path, SOUND.replace(was, becomes, 1))

    assert any(says in said for _, _, said in found), found


@pytest.mark.parametrize("cut", range(0, len(SOUND), 37))
def test_a_file_that_ends_too_early_is_read_or_refused_and_nothing_else(tmp_path, cut):
    with suppress(BrokenPack):
        found, diagram = read(tmp_path, SOUND[:cut])
        assert diagram.complete({}, [found.defaults])


def large(options: int, dice: random.Random) -> str:
    """Trims, a dozen groups of eight, and that many extras, most of them with a rule and a price that goes by the trim."""
    lines = [SOUND]
    for group in range(12):
        lines.append(f'[[family]]\nslug = "f{group}"\nname = "F{group}"')
        lines += [f'[[family.option]]\nslug = "f{group}-{at}"\nname = "F {at}"\nprice = "{at}"' for at in range(8)]
    for at in range(options):
        lines.append(f'[[extra]]\nslug = "e{at}"\nname = "E{at}"')
        lines.append('prices = [{ price = "1", with = ["plain"] }, { price = "2", with = ["fine"] }]')
        if at and dice.random() < 0.8:
            kind = dice.choice(["requires", "excludes", "includes"])
            lines.append(f'{kind} = ["e{dice.randrange(max(0, at - 30), at)}"]')
    return "\n".join(lines)


def test_a_thousand_options_ask_the_solver_once_and_keep_one_manager(tmp_path, monkeypatch):
    """By what is done, and not by the clock: reading stays in proportion to the file."""
    from forecourt.vehicles.options import checks

    made = {"oracles": 0, "managers": 0}
    oracle, manager = checks.Oracle, compiler.BDDManager

    def counted(name, make):
        def made_once_more(*args):
            made[name] += 1
            return make(*args)

        return made_once_more

    monkeypatch.setattr(checks, "Oracle", counted("oracles", oracle))
    monkeypatch.setattr(compiler, "BDDManager", counted("managers", manager))

    found, diagram = read(tmp_path, large(900, random.Random(3)))

    assert made == {"oracles": 1, "managers": 1}
    assert len(found.options) > 1000
    assert diagram.complete({}, [found.defaults]) == found.defaults
    assert len(diagram.to_bytes()) < 100_000


def test_a_thousand_choices_in_one_group_are_read(tmp_path):
    more = "\n".join(f'[[family.option]]\nslug = "t{at}"\nname = "T{at}"\nprice = "{at}"' for at in range(1000))
    found, diagram = read(tmp_path, SOUND.replace("\n[[extra]]", f"\n{more}\n[[extra]]", 1))

    assert diagram.count() == 1002 * 8
    assert len(found.families[0].options) == 1002


def test_rules_that_are_too_entangled_are_refused_and_the_process_lives(tmp_path, monkeypatch):
    monkeypatch.setattr(compiler, "NODES", 64)
    with pytest.raises(BrokenPack, match="too entangled"):
        read(tmp_path, large(60, random.Random(3)))
