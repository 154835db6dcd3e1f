"""The sentence about what lies encrypted."""

import base64
import secrets
import sqlite3
import tempfile
import uuid
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import connection

from forecourt.consent.models import Wording
from forecourt.people import vault
from forecourt.proof.registry import mutant, probe
from forecourt.proof.sweep import columns_with, spellings
from forecourt.proof.visitor import NAME

MARK = bytes(16)


# P-3D-2


@probe("P-3D-2", secret=True)
def nothing_lies_in_clear(visitor):
    """Books by phone, answers a text, books by email, and then looks through every text, JSON and binary column of every table,
    declared or not, for that visitor's name, addresses and answer, plain and in the usual spellings: they may stand nowhere."""
    answer = f"Is there room for a {secrets.token_hex(8)}?"
    visitor.books_a_test_drive(texts=True)
    visitor.books_a_test_drive(by="email")
    visitor.waits(visitor.booked[0].reminder_due)
    visitor.replies(answer)
    clear = {"a name": NAME, "an email address": visitor.email, "a phone number": visitor.phone, "a reply": answer}
    found = list(columns_with({kind: spellings(text) for kind, text in clear.items()}, visitor.world))
    for kind in dict.fromkeys(found):
        yield f"{kind} lies readable in the database"


@probe("P-3D-2", secret=True)
def keys_lie_apart(visitor):
    """Looks for the visitor's own key in every column of the database, and for the store of keys inside the database's folder:
    neither may be there. Each person has to have another key."""
    visitor.books_a_test_drive(by="email")
    contact = visitor.contact("email")
    submission = visitor.booked[-1].drive.submission_id
    keys = [vault.keystore.get(subject) for subject in (contact.pk, submission)]
    if keys[0] == keys[1]:
        yield "two share a key"
    written = {spelt for key in keys for spelt in (key, key.hex().encode(), base64.b64encode(key))}
    if any(columns_with({"key": written}, visitor.world)):
        yield "a key lies beside the data that it opens"
    data = folder_of_the_data()
    places = [Path(settings.SECRETS), Path(settings.KEY_ENCRYPTION_KEY_FILE), Path(settings.VAR) / "keys"]
    if data and any(data in (place, *place.parents) for place in places):
        yield "the keys lie in the folder of the data"


@probe("P-3D-2", secret=True)
def exchanging_the_key_of_keys_loses_nothing(world):
    """Makes a store of keys of its own in a folder of its own, seals some words under a few of them, and exchanges the key that locks them
    up. All the words have to open afterwards, also for a process that comes new, and the old key may open nothing that lies there."""
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        place = Path(folder) / "keys.sqlite3", Path(folder) / "key-encryption-key"
        store, subjects = vault.keystore.KeyStore(*place), [uuid.uuid4() for _ in range(5)]
        sealed = {
            one: vault.cipher.seal(key, NAME.encode(), one.bytes) for one, key in store.create_many(subjects).items()
        }
        old = place[1].read_bytes()
        store.rotate()
        world.look(len(sealed))
        if place[1].read_bytes() == old:
            yield "the key of keys is the old one"
        for one in sealed:
            try:
                name = vault.cipher.open(vault.keystore.KeyStore(*place).get(one), sealed[one], one.bytes)
            except (vault.keystore.NotReadable, vault.cipher.Broken):
                name = b""
            if name != NAME.encode():
                yield "what was sealed before the keys were exchanged does not open after it"
                break
        if any(opens(old, wrapped, owner) for owner, wrapped in wrapped_keys(place[0])):
            yield "the old key of keys still opens what lies there"


def wrapped_keys(file: Path) -> list[tuple[bytes, bytes]]:
    with closing(sqlite3.connect(file)) as store:
        return store.execute("SELECT subject, wrapped FROM subject_key").fetchall()


def opens(kek: bytes, wrapped: bytes, owner: bytes) -> bool:
    try:
        return bool(vault.cipher.unwrap(kek, wrapped, owner))
    except vault.cipher.Broken:
        return False


@mutant(
    "P-3D-2",
    seam="forecourt.adapters.keystore.store.KeyStore._rewrap_batch",
    finding="the keys were exchanged does not open",
)
def nothing_is_wrapped_anew(rewrap_batch):
    return lambda store, new_kek, fingerprint: 0


@mutant("P-3D-2", seam="forecourt.adapters.keystore.store.KeyStore.rotate", finding="the key of keys is the old one")
def exchanging_does_nothing(rotate):
    return lambda store, new_kek=None: 0


@probe("P-3D-2")
def it_travels_encrypted(visitor):
    """Where the site is reached over a network, asks for a page without encryption: it has to send the browser to the encrypted one,
    and to tell it to come back no other way. On its own machine alone (a demo) it needs none."""
    visitor.world.look()
    if not settings.HTTPS:
        if not set(settings.ALLOWED_HOSTS) <= settings.LOOPBACK:
            yield "the site can be reached over a network without encryption"
        return
    plain = visitor.browser.get(f"http://{visitor.browser.site.partition('://')[2]}/", follow=0)
    if plain.status not in (301, 308) or not plain.headers.get("Location", "").startswith("https://"):
        yield "a page came without encryption"
    if "max-age=" not in visitor.sees("/").headers.get("Strict-Transport-Security", ""):
        yield "browsers are not told to come encrypted"


def folder_of_the_data() -> Path | None:
    """Where the database keeps its files, if it tells us and is on this machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory', true) WHERE pg_has_role('pg_read_all_settings', 'MEMBER')"
        )
        row = cursor.fetchone()
    return Path(row[0]) if row and row[0] else None


@mutant("P-3D-2", seam="forecourt.adapters.cipher._cipher", finding="lies readable in the database")
def sealing_only_looks_like_it(cipher):
    """What is sealed from now on is as it was, with a mark; what was sealed before still opens."""

    def pretend(key):
        real = cipher(key)

        def decrypt(nonce, sealed, associated):
            return sealed[:-16] if sealed.endswith(MARK) else real.decrypt(nonce, sealed, associated)

        return SimpleNamespace(encrypt=lambda nonce, plain, associated: plain + MARK, decrypt=decrypt)

    return pretend


@mutant("P-3D-2", seam="forecourt.people.vault.seal_text", finding="a reply lies readable in the database")
def a_copy_is_kept_for_convenience(seal_text):
    def seal_and_keep(subject_id, field, row_id, text):
        if field == "message.reply":
            Wording.objects.get_or_create(id=row_id.hex, defaults={"text": text, "kept_at": "2026-01-01T00:00Z"})
        return seal_text(subject_id, field, row_id, text)

    return seal_and_keep


@mutant("P-3D-2", seam="forecourt.adapters.keystore.create", finding="a key lies beside the data that it opens")
def keys_are_kept_with_the_data(create):
    def create_and_keep(subject_id):
        key = create(subject_id)
        Wording.objects.create(id=subject_id.hex, text=key.hex(), kept_at="2026-01-01T00:00Z")
        return key

    return create_and_keep


@mutant("P-3D-2", seam="forecourt.adapters.keystore.get", finding="two share a key")
def one_key_for_all(get):
    first: list[bytes] = []

    def get_first(subject_id):
        if not first:
            first.append(get(subject_id))
        return first[0]

    return get_first
