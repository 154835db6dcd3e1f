"""Keys that no row needs do not stay."""

import time
import uuid

import pytest

from forecourt.adapters import keystore
from forecourt.people import jobs, subjects
from forecourt.people.models import Subject


def test_a_key_whose_subject_never_came_to_be_is_destroyed_and_no_other(db, now, monkeypatch, settings, tmp_path):
    settings.VAR = tmp_path  # a key store of this test alone: others' keys are orphans here
    ada = subjects.add(Subject.Kind.CONTACT, now)
    lost = uuid.uuid4()
    keystore.create(lost)
    assert jobs.destroy_orphans() == 0, "it may belong to a transaction that is still open"

    later = time.time() + 2 * 3600
    monkeypatch.setattr("forecourt.adapters.keystore.store.time.time", lambda: later)
    assert jobs.destroy_orphans() == 1

    assert keystore.get(ada.pk)
    with pytest.raises(keystore.KeyDestroyed):
        keystore.get(lost)
