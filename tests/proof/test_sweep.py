"""The sweep finds what somebody left behind, wherever nobody thought of looking; and nothing of somebody who was erased."""

import base64
import hashlib
from pathlib import Path

import pytest

from forecourt.consent import wordings
from forecourt.people import contacts, erasing
from forecourt.proof import sweep
from forecourt.rights.erasure import actions
from forecourt.run import database
from tests.cast import ADA, CHEN, booked, first_slot, make_dealer, work

WORDS = {"a name": sweep.disguises(ADA.name), "an email address": sweep.disguises(ADA.address)}


class World:
    def look(self, things: int = 1) -> None:
        """Counts nothing."""


def found(folder: Path | None = None) -> set[str]:
    return {*sweep.columns_with(WORDS, World()), *(sweep.files_with(WORDS, folder, World()) if folder else ())}


def test_a_column_that_nobody_declared_is_found(fresh_database, at):
    booked(ADA, make_dealer(at.now), at.now)
    assert found() == set()

    with database.connect("owner", fresh_database) as owner:
        owner.execute("CREATE TABLE somebodys_spreadsheet (row jsonb)")
        owner.execute("""INSERT INTO somebodys_spreadsheet VALUES ('{"mail": "ada.brightwater@post.example"}')""")
        owner.execute("GRANT SELECT ON somebodys_spreadsheet TO forecourt_app")

    assert found() == {"an email address"}


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: base64.b64encode(b"x: " + text.encode()),
        lambda text: text.encode().hex().encode(),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.upper().encode(),
        lambda text: hashlib.sha256(text.encode()).hexdigest().encode(),
        lambda text: hashlib.md5(text.encode()).digest(),
        lambda text: text.replace("@", "%40").encode(),
    ],
)
def test_a_word_in_disguise_is_found_in_a_file_even_across_two_blocks_of_it(db, tmp_path, disguise):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "site.log").write_bytes(b"." * (sweep.BLOCK - 9) + disguise(ADA.address))

    assert found(tmp_path) == {"an email address"}


def test_a_drive_still_points_to_somebody_until_they_are_erased(dealer, at):
    booked(ADA, dealer, at.now)
    work(at.now)
    ada = contacts.find(contacts.read(ADA.contact))
    keys = erasing.keys_of([ada.pk]) | {ada.pk}
    assert {"interactions.TestDrive", "messaging.Message", "people.Sealed"} <= set(sweep.rows_of(keys))

    actions.erase([ada.pk], case="3467-CDFG", reason="asked", now=at.now)

    assert set(sweep.rows_of(keys)) == {"people.Contact", "sharing.Lead", "sharing.Share"}


def test_a_word_that_stood_beside_a_box_is_found(dealer, at):
    booked(CHEN, dealer, at.now, first_slot(dealer, at.now, 6))
    wordings.keep(f"Dear {ADA.name}", at.now)

    assert found() == {"a name"}
