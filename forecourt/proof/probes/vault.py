"""The sentence about what lies encrypted."""

import base64
import secrets
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from forecourt.consent.models import Wording
from forecourt.people import vault
from forecourt.proof.registry import mutant, probe
from forecourt.proof.visitor import NAME

MARK = bytes(16)
READABLE = """
SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, NULL)
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type e ON e.oid = t.typelem
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
  AND n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
  AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
  AND (t.typcategory IN ('S', 'U') OR e.typcategory IN ('S', 'U'))
  AND t.typname NOT IN ('uuid', 'inet', 'cidr') AND coalesce(e.typname, '') NOT IN ('uuid', 'inet', 'cidr')
ORDER BY 1, 2, 3
"""


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


def spellings(text: str) -> set[bytes]:
    """As it stands, without a phone's plus and country, in base64 at each of the three places where it may begin, and in hex."""
    plain = {text.encode()}
    if text.startswith("+1"):
        plain.add(text[2:].encode())
    coded = {base64.b64encode(b" " * shift + text.encode())[4 if shift else 0 : -4] for shift in range(3)}
    return plain | coded | {text.encode().hex().encode()}


def columns_with(wanted: dict[str, set[bytes]], world) -> Iterator[str]:
    """The kinds of `wanted` that stand in some column, looked for in one pass over each table."""
    with connection.cursor() as cursor:
        cursor.execute(READABLE)
        rows = cursor.fetchall()
    for (schema, table), columns in groupby(rows, key=lambda row: row[:2]):
        tests, values = [], []
        for _, _, column, kind in columns:
            world.look()
            for parts in wanted.values():
                tests.append(contains(column, kind, len(parts)))
                values.append(list(parts))
        query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(tests), sql.Identifier(schema, table))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            cursor.execute(query, [part for parts in values for part in parts])
            hits = cursor.fetchone()
        kinds = list(wanted)
        yield from (kinds[place % len(kinds)] for place, hit in enumerate(hits or ()) if hit)


def contains(column: str, kind: str, parts: int) -> sql.Composed:
    """Whether any row holds one of so many byte strings."""
    name = sql.Identifier(column)
    held = name if kind == "bytea" else sql.SQL("convert_to({}::text, 'UTF8')").format(name)
    tests = [sql.SQL("position(%s::bytea in {}) > 0").format(held)] * parts
    return sql.SQL("coalesce(bool_or({}), false)").format(sql.SQL(" OR ").join(tests))


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
