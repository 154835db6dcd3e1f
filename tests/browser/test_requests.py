"""Asking for everything that we have, and having it deleted, in a real browser, in every way in which people come."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
CODE = re.compile(r"\b\d{4} \d{4}\b")
REFERENCE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}")


def asks_for_a_code(visitor: Visitor, kind: str, mailbox: str) -> None:
    page = visitor.goes_to(f"/privacy/requests/{kind}/")
    page.get_by_role("textbox", name="Email address or phone number").fill(mailbox)
    page.get_by_role("button", name="Send me a code").click()


def types_the_code(visitor: Visitor, mailbox: str) -> None:
    asked = visitor.page.url
    page = visitor.goes_to("/demo/mailbox/")
    visitor.waits_for(f"is your code to {mailbox}", patience=40)
    letters = page.get_by_role("article").filter(has_text=f"to {mailbox}").filter(has_text="is your code")
    code = CODE.search(letters.first.inner_text())[0]
    visitor.goes_to(asked)
    page.get_by_label("The eight digits").fill(code)
    page.get_by_role("button", name="It is me").click()


def says_no(visitor: Visitor, mailbox: str) -> None:
    """From then on we hold the address."""
    page = visitor.goes_to("/privacy/choices/")
    page.get_by_role("textbox", name="Email address or phone number").fill(mailbox)
    page.get_by_role("button", name="Say no for it too").click()


def test_everything_is_asked_for_by_a_code_and_taken_home(visitor, mailbox):
    says_no(visitor, mailbox)

    asks_for_a_code(visitor, "know", mailbox)
    types_the_code(visitor, mailbox)
    page, desk = visitor.page, visitor.page.url
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".reference")).to_have_text(REFERENCE)
    visitor.goes_to(desk)
    visitor.waits_for("Your file is ready", patience=40)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()

    held = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert mailbox in json.dumps(json.loads(held.read("your-data.json")))
    assert not visitor.foreign_requests()
