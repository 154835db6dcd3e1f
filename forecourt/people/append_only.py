"""Tables that the application may read and add to, and nothing more, by the database's own grants."""

from django.db.migrations import RunPython

APPLICATION = "forecourt_app"
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass"


def operation(*tables: str) -> RunPython:
    """A migration step that takes every other right on the tables away from the application's role.

    A partition is reached through its table alone: whoever may write to it directly may change the past.
    """

    def restrict(apps, schema_editor) -> None:
        with schema_editor.connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"REVOKE ALL ON {table} FROM {APPLICATION}")
                cursor.execute(f"GRANT SELECT, INSERT ON {table} TO {APPLICATION}")
                cursor.execute(PARTITIONS, [table])
                for (partition,) in cursor.fetchall():
                    cursor.execute(f"REVOKE ALL ON {partition} FROM {APPLICATION}")

    return RunPython(restrict, RunPython.noop)
