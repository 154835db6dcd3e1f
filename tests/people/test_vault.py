"""What people gave us opens with their key, for a purpose, in its own place, and leaves a trace each time."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from forecourt.adapters import cipher, keystore
from forecourt.people import contacts, subjects, vault
from forecourt.people.models import Opening, Sealed, Subject


@pytest.fixture
def ada(db, now) -> Subject:
    return subjects.add(Subject.Kind.SUBMISSION, now)


def give(subject, field, text, now):
    return vault.seal(subject.pk, field, text, source="test-drive", notice="2026-10-15", now=now)


def test_a_sealed_field_opens_for_a_purpose_and_the_opening_is_logged_once(ada, now):
    give(ada, "user.name", "Ada Lovelace", now)

    for _ in range(2):
        opened = vault.open_fields(ada.pk, ["user.name"], purpose="test-drive-lead", who="sharing", now=now)

    assert opened == {"user.name": "Ada Lovelace"}
    [opening] = Opening.objects.filter(subject=ada.pk)
    assert (opening.purpose, opening.who, opening.fields) == ("test-drive-lead", "sharing", ["user.name"])


def test_nobody_opens_a_field_without_a_purpose(ada, now):
    give(ada, "user.name", "Ada", now)

    with pytest.raises(ValueError, match="purpose"):
        vault.open_fields(ada.pk, ["user.name"], purpose="", who="desk", now=now)


def test_the_newest_value_is_the_one_that_opens(ada, now):
    give(ada, "user.name", "Ada Byron", now)
    give(ada, "user.name", "Ada Lovelace", now.replace(hour=now.hour + 1))

    assert vault.open_fields(ada.pk, ["user.name"], purpose="test-drive-lead", who="sharing", now=now) == {
        "user.name": "Ada Lovelace"
    }


def test_a_value_moved_to_another_row_field_or_subject_does_not_open(ada, now):
    sealed = give(ada, "user.name", "Ada", now)
    other = subjects.add(Subject.Kind.SUBMISSION, now)

    for subject_id, field, row_id in (
        (other.pk, "user.name", sealed.pk),
        (ada.pk, "user.contact.email", sealed.pk),
        (ada.pk, "user.name", uuid.uuid4()),
    ):
        with pytest.raises(cipher.Broken):
            vault.open_text(subject_id, field, row_id, sealed.value)


def test_a_destroyed_key_takes_every_value_with_it(ada, now):
    give(ada, "user.name", "Ada", now)
    keystore.destroy(ada.pk)

    with pytest.raises(keystore.KeyDestroyed):
        vault.open_fields(ada.pk, ["user.name"], purpose="test-drive-lead", who="sharing", now=now)


@pytest.mark.parametrize("missing", ["source", "notice"])
def test_a_value_without_provenance_cannot_be_written(ada, now, missing):
    provenance = {"source": "test-drive", "notice": "2026-10-15", missing: ""}

    with pytest.raises(IntegrityError, match="provenance"), transaction.atomic():
        vault.seal(ada.pk, "user.name", "Ada", **provenance, now=now)


def test_the_same_address_is_one_contact_however_it_is_written(db, now):
    first, second = (
        contacts.find_or_add(contacts.read(typed), source="test", notice="1", now=now)
        for typed in ("Ada@Example.com", "ada@EXAMPLE.com")
    )

    assert first == second
    assert Sealed.objects.filter(subject=first.pk).count() == 1


def test_a_contact_shows_only_a_mask_of_itself(db, now):
    contact = contacts.find_or_add(contacts.read("ada@example.com"), source="test", notice="1", now=now)

    assert contacts.masked(contact, purpose="manage-own-booking", who="person", now=now) == "a…@e….com"
