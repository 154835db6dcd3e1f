"""The restore drill: a backup is made, somebody is erased, the backup comes back, and they do not."""

import json
import tarfile
from datetime import timedelta

import pytest

from forecourt.consent import kept_noes
from forecourt.consent.models import KeptNo
from forecourt.interactions.models import TestDrive
from forecourt.messaging.models import Message
from forecourt.people import contacts, memory
from forecourt.people.models import Contact, Memory, Sealed, Subject
from forecourt.policy.policy import Switch
from forecourt.proof import audits
from forecourt.rights import choosing
from forecourt.rights.erasure import actions
from forecourt.rights.models import Erasure
from forecourt.run import backup, database, ready
from forecourt.trouble import Trouble
from tests.cast import ADA, BRUNO, booked, first_slot, make_dealer, work

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(fresh_database, at, tmp_path):
    """Ada and Bruno booked, and a form remembers Ada; then a backup was made."""
    dealer = make_dealer(at.now)
    booked(ADA, dealer, at.now)
    booked(BRUNO, dealer, at.now, first_slot(dealer, at.now, 6))
    work(at.now)
    typed = {"user.name": ADA.name, "user.contact.email": ADA.address}
    memory.remember(typed, lasts=timedelta(days=180), notice="2026-10-15", now=at.now)
    file = tmp_path / "monday.backup"
    backup.make(file, revision="r1", name=fresh_database)
    return file


def of(person) -> Contact | None:
    return contacts.find(contacts.read(person.contact))


def restored(file, name: str) -> int:
    ready.leave()
    _, again = backup.restore(file, replace=True, name=name)
    return again


def test_whoever_was_erased_after_the_backup_does_not_come_back_with_it(copy, fresh_database, at):
    ada = of(ADA)
    choosing.refuse([ada.pk], [Switch.SALE], "choices-page", at.now)
    actions.erase([ada.pk], case="3467-CDFG", reason="asked", now=at.now)

    assert restored(copy, fresh_database) == 1

    assert of(ADA) is None
    assert not Sealed.objects.filter(subject=ada.pk).exists()
    assert not Message.objects.filter(contact=ada.pk).exists()
    assert not Memory.objects.exists()
    assert [drive.contact for drive in TestDrive.objects.all()] == [of(BRUNO)]
    assert Erasure.objects.get().removed["interactions.TestDrive"] == 1
    assert audits.audit().findings == ()


def test_a_no_that_was_said_after_the_backup_by_somebody_erased_since_still_holds(copy, fresh_database, at):
    index = bytes(of(ADA).index)
    choosing.refuse([of(ADA).pk], [Switch.SALE], "choices-page", at.now)
    actions.erase([of(ADA).pk], case="3467-CDFG", reason="asked", now=at.now)

    restored(copy, fresh_database)

    assert KeptNo.objects.get(index=index).noes == ["withdrew data purpose:sale"]
    again = contacts.find_or_add(contacts.read(ADA.contact), source="list", notice="2026-10-15", now=at.now)
    assert kept_noes.of(again.pk) == ["withdrew data purpose:sale"]


def test_everybody_else_comes_back_readable(copy, fresh_database, at):
    bruno = of(BRUNO).pk
    TestDrive.objects.all().delete()

    restored(copy, fresh_database)

    assert contacts.address_of(of(BRUNO), purpose="manage-own-booking", who="visitor", now=at.now).text == BRUNO.address
    assert of(BRUNO).pk == bruno
    assert TestDrive.objects.count() == 2


def test_restoring_twice_is_restoring_once(copy, fresh_database, at):
    actions.erase([of(ADA).pk], case="3467-CDFG", reason="asked", now=at.now)

    assert [restored(copy, fresh_database), restored(copy, fresh_database)] == [1, 1]
    assert of(ADA) is None


def test_the_file_says_what_it_is_and_holds_no_key_and_no_name(copy, at):
    with backup.opened(copy) as (manifest, dump):
        content = dump.read_bytes()

    assert (manifest["revision"], manifest["keys"]) == ("r1", "not in this file")
    assert copy.stat().st_mode & 0o077 == 0
    for word in (ADA.name, ADA.address, BRUNO.address):
        assert word.encode() not in content


def test_what_holds_something_is_not_replaced_unasked(copy, fresh_database):
    with pytest.raises(Trouble, match="--replace"):
        backup.restore(copy, name=fresh_database)
    assert Subject.objects.exists()


def test_a_file_that_is_there_is_not_written_over(copy, fresh_database):
    with pytest.raises(Trouble, match="nothing is written over"):
        backup.make(copy, revision="r1", name=fresh_database)


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def turned(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "harm", [cut, turned, lambda content: b"", lambda content: b"a letter", lambda content: content[:600]]
)
def test_a_broken_file_is_refused_and_nothing_is_lost(copy, fresh_database, tmp_path, harm):
    before = set(Subject.objects.values_list("pk", flat=True))
    broken = tmp_path / "broken.backup"
    broken.write_bytes(harm(copy.read_bytes()))

    with pytest.raises(Trouble, match="Nothing was changed"):
        backup.restore(broken, replace=True, name=fresh_database)

    assert set(Subject.objects.values_list("pk", flat=True)) == before


def test_a_dump_that_postgresql_cannot_read_leaves_the_database_as_it_was(copy, fresh_database, tmp_path):
    harmed = tmp_path / "harmed.backup"
    dump = tmp_path / backup.DUMP
    dump.write_bytes(b"PGDMP" + bytes(500))
    backup._pack(harmed, {"format": 1, "dump": {"sha256": backup.digest(dump)}}, dump)

    with pytest.raises(Trouble, match="nothing was changed"):
        backup.restore(harmed, replace=True, name=fresh_database)

    assert Subject.objects.exists()
    with database.connect("owner", "postgres") as owner:
        assert not owner.execute("SELECT 1 FROM pg_database WHERE datname LIKE 'restoring_%'").fetchall()


def test_a_backup_of_another_format_says_so(copy, fresh_database, tmp_path):
    file = tmp_path / "coming.backup"
    with tarfile.open(copy) as archive, tarfile.open(file, "w") as changed:
        archive.extractall(tmp_path, filter="data")
        manifest = json.loads((tmp_path / backup.MANIFEST).read_text()) | {"format": 99}
        (tmp_path / backup.MANIFEST).write_text(json.dumps(manifest))
        changed.add(tmp_path / backup.MANIFEST, backup.MANIFEST)
        changed.add(tmp_path / backup.DUMP, backup.DUMP)

    with pytest.raises(Trouble, match="format 99"):
        backup.restore(file, replace=True, name=fresh_database)
