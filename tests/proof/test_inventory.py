"""Drift is found: something added without its other half fails the check, with the place and the mend."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps

from forecourt.consent import policies
from forecourt.people import erasing
from forecourt.policy.book import PolicyBook
from forecourt.policy.check import check
from forecourt.policy.policy import Class, Sentence
from forecourt.proof import inventory


def codes(book: PolicyBook, found, now) -> dict[str, str]:
    return {finding.code: str(finding) for finding in check(book, found, now).errors}


def with_code(monkeypatch, text: str) -> None:
    """As if a file of ours said this."""
    added = (inventory.PACKAGE / "interactions" / "added.py", ast.parse(text))
    sources = inventory.sources()
    monkeypatch.setattr(inventory, "sources", lambda: (*sources, added))


def test_policy_and_code_agree(now):
    assert codes(policies.book(), inventory.collect(), now) == {}


def test_a_use_that_the_policy_does_not_name_is_found(monkeypatch, now):
    with_code(monkeypatch, "outbox.queue('birthday-email', contact, now=now)")

    found = codes(policies.book(), inventory.collect(), now)

    assert "interactions/added.py:1" in found["undeclared-use"]
    assert "add [birthday-email]" in found["undeclared-use"]


def test_a_use_whose_name_is_put_together_is_found_too(monkeypatch, now):
    with_code(monkeypatch, "outbox.queue(f'birthday-{channel}', contact, now=now)")

    assert "birthday-…" in codes(policies.book(), inventory.collect(), now)["undeclared-use"]


def test_a_cookie_that_nobody_declared_is_found(monkeypatch, now):
    with_code(monkeypatch, "response.set_cookie('favourite', car)")

    assert "sets the cookie favourite" in codes(policies.book(), inventory.collect(), now)["undeclared-cookie"]


def test_a_host_that_no_recipient_has_is_found(monkeypatch, now):
    added = (inventory.PACKAGE / "adapters" / "added.py", ast.parse("post('https://tracker.invalid/collect')"))
    sources = inventory.sources()
    monkeypatch.setattr(inventory, "sources", lambda: (*sources, added))

    assert "tracker.invalid" in codes(policies.book(), inventory.collect(), now)["undeclared-host"]


def test_a_model_that_holds_something_of_people_and_that_no_erasure_covers_is_found(monkeypatch, now):
    without = dict(erasing._parts)
    del without["interactions"]
    monkeypatch.setattr(erasing, "_parts", without)

    found = codes(policies.book(), inventory.collect(), now)

    assert "interactions." in found["unerased"]
    assert "covers" in found["unerased"]


def test_every_model_that_an_erasure_covers_is_there():
    labels = {model._meta.label for model in apps.get_models()}

    assert erasing.covered() <= labels


def test_a_column_that_nobody_classed_is_found(monkeypatch, now):
    known = inventory.holdings()
    fewer = {label: row for label, row in known["models"].items() if label != "messaging.Reply"}
    monkeypatch.setattr(inventory, "holdings", lambda: {**known, "models": fewer})

    found = codes(policies.book(), inventory.collect(), now)

    assert "messaging.Reply." in found["unclassed-field"]
    assert "holdings.toml" in found["unclassed-field"]


def test_a_question_that_a_form_asks_beyond_its_use_is_found(monkeypatch, now):
    from django import forms

    from forecourt.interactions.forms import BookingForm

    monkeypatch.setitem(BookingForm.base_fields, "birthday", forms.DateField())

    assert "BookingForm.birthday" in codes(policies.book(), inventory.collect(), now)["undeclared-question"]


def test_a_sentence_without_a_check_is_found(now):
    book = policies.book()
    added = Sentence("P-9-9", "We water your plants.", "Plants", Class.ENFORCED, 99)
    changed = [replace(policy, sentences={**policy.sentences, "P-9-9": added}) for policy in book.versions]

    found = codes(replace(book, versions=tuple(changed)), inventory.collect(), now)

    assert "P-9-9" in found["no-probe"]
    assert "P-9-9" in found["no-mutant"]


def test_a_use_that_no_code_does_any_more_is_found(now):
    found = inventory.collect()
    fewer = replace(found, uses=tuple(use for use in found.uses if use.name != "test-drive-lead"))

    assert "test-drive-lead" in codes(policies.book(), fewer, now)["idle-use"]


@pytest.mark.parametrize("table", ["models", "forms"])
def test_holdings_name_only_what_exists(table):
    if table == "models":
        real = {model._meta.label for model in inventory.apps.get_models(include_auto_created=True)}
    else:
        real = {f"{form.__module__}.{form.__name__}" for form in inventory.visitor_forms()}

    assert set(inventory.holdings()[table]) - real == set()


def test_every_column_that_holdings_names_exists():
    for label, row in inventory.holdings()["models"].items():
        model = inventory.apps.get_model(label)
        named = {*row.get("none", ()), *row.get("holds", {})}
        assert named - {field.name for field in model._meta.get_fields()} == set(), label


def test_places_can_be_clicked():
    for found in inventory.uses():
        file, _, line = found.where.rpartition(":")
        assert (inventory.PACKAGE.parent / Path(file)).is_file(), found
        assert line.isdigit(), found
