"""A parent who is asked, and what they are shown."""

import html
import re

from tests.cast import Person

PARENT = Person("Pat Brightwater", "pat.brightwater@post.example")


def link(letter: str) -> str:
    found = re.search(r"/privacy/children/consent/[\w-]+/", letter.replace("=\r\n", ""))
    assert found
    return found[0]


def says(answer) -> str:
    return html.unescape(answer.content.decode())
