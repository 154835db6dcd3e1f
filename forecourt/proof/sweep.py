"""Looking for somebody's words in every place where software may have left them: every column of every table, declared or not, and
every file of ours; as they are, and in the disguises that formats and digests give them."""

import base64
import hashlib
import quopri
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, Model
from psycopg import sql

from forecourt.people.models import Contact, Subject

BLOCK = 1 << 20
# The database's own files hold what its columns hold, and are looked at through them; the rest is nobody's words.
LEFT_OUT = {"postgres", "static", "audit", "tests"}
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


def disguises(text: str) -> set[bytes]:
    """Spellings, and what else is the word to whoever has it: other encodings and letters, and digests that anybody can make."""
    ways = {text, text.lower(), text.upper(), text.encode("unicode_escape").decode()}
    found = {spelt for way in ways for spelt in spellings(way)}
    found |= {text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode().hex().upper().encode()}
    found |= {
        quote(text, safe="").encode(),
        quote_plus(text).encode(),
        quopri.encodestring(text.encode(), quotetabs=True),
    }
    for digest in (hashlib.sha256, hashlib.sha1, hashlib.md5):
        for way in (text, text.lower()):
            made = digest(way.encode(), usedforsecurity=False)
            found |= {made.digest(), made.hexdigest().encode(), base64.b64encode(made.digest())}
    return {spelt for spelt in found if len(spelt) >= 8}


def files_with(wanted: dict[str, set[bytes]], folder: Path, world) -> Iterator[str]:
    """The kinds of `wanted` that stand in some file of the installation: logs, key store, queues on disk, what was exported."""
    for file in our_files(folder):
        world.look()
        found = {
            kind for block in blocks(file) for kind, parts in wanted.items() if any(part in block for part in parts)
        }
        yield from sorted(found)


def our_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in LEFT_OUT or (path / "postgres.users").exists():
            continue
        yield from (file for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())


def blocks(file: Path, overlap: int = 4096) -> Iterator[bytes]:
    """One after the other, each with the end of the one before, so that no word is cut in two."""
    before = b""
    try:
        with file.open("rb") as opened:
            while block := opened.read(BLOCK):
                yield before + block
                before = block[-overlap:]
    except FileNotFoundError:
        return  # it went meanwhile, and that is fine


def rows_of(subject_ids: Collection[UUID]) -> Iterator[str]:
    """Tables in which a row still points to these subjects, whatever it says."""
    for model in apps.get_models(include_auto_created=True):
        for field in pointing(model):
            if model._default_manager.filter(**{f"{field.name}__in": list(subject_ids)}).exists():
                yield model._meta.label


def pointing(model: type[Model]) -> Iterable[ForeignKey]:
    fields = model._meta.local_concrete_fields
    return [field for field in fields if isinstance(field, ForeignKey) and field.related_model in (Contact, Subject)]
