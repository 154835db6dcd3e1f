"""The machine is switched off in the middle of an erasure: whoever comes next ends it, and nothing of anybody else is touched."""

import signal
import subprocess
import sys
import uuid

import pytest

from forecourt.adapters import keystore
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts, erasing
from forecourt.people.models import Contact, Sealed
from forecourt.rights.erasure import actions
from forecourt.rights.models import Erasure
from tests.cast import ADA, BRUNO, booked, first_slot, make_dealer, work
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
STEPS = ("asking", "keys", "accounts", "programs", "interactions", "messaging", "sharing", "people", "rows", "all")


@pytest.mark.parametrize("step", STEPS)
def test_an_erasure_that_was_killed_after_a_step_is_gone_on_with(fresh_database, at, step):
    dealer = make_dealer(at.now)
    booked(ADA, dealer, at.now)
    work(at.now)
    booked(BRUNO, dealer, at.now, first_slot(dealer, at.now, 6))
    ada, bruno = (contacts.find(contacts.read(person.contact)) for person in (ADA, BRUNO))
    keys = {ada.pk, *erasing.keys_of([ada.pk])}

    child = subprocess.run(
        [sys.executable, "-m", "tests.rights.dies", step, str(ada.pk), at.now.isoformat()], cwd=ROOT, check=False
    )
    assert child.returncode == -signal.SIGKILL
    actions.go_on(at.now)

    assert Erasure.objects.get().done_at == at.now
    assert Contact.objects.get(pk=ada.pk).erased_at == at.now
    assert contacts.find(contacts.read(ADA.contact)) is None
    assert not Sealed.objects.filter(subject__in=keys).exists()
    assert not Message.objects.filter(contact=ada.pk).exists()
    assert [drive.contact_id for drive in TestDrive.objects.all()] == [bruno.pk]
    assert not any(opens(key) for key in keys)
    assert contacts.address_of(bruno, purpose="manage-own-booking", who="visitor", now=at.now).text == BRUNO.address


def opens(key: uuid.UUID) -> bool:
    try:
        return bool(keystore.get(key))
    except keystore.KeyDestroyed:
        return False
