"""Tables that the application may read and add to, and nothing more, by the database's own grants."""

from django.db.migrations import RunPython

APPLICATION = "forecourt_app"


def operation(*tables: str) -> RunPython:
    """A migration step that takes every other right on the tables away from the application's role."""

    def restrict(apps, schema_editor) -> None:
        role = schema_editor.quote_name(APPLICATION)
        for table in tables:
            name = schema_editor.quote_name(table)
            schema_editor.execute(f"REVOKE ALL ON {name} FROM {role}")
            schema_editor.execute(f"GRANT SELECT, INSERT ON {name} TO {role}")

    return RunPython(restrict, RunPython.noop)
