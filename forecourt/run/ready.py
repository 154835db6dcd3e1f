"""What a command stands on: the database up and migrated, and Django set up upon it."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from forecourt.run import database, keeper, migration, secrets
from forecourt.run.scratch import scratch_database


@contextmanager
def ready(*, scratch: bool = False, migrated: bool = True) -> Iterator[str]:
    """Within it, models work. With `scratch` they work in a database that is gone afterwards; child processes find the same."""
    secrets.make_all()
    with ExitStack() as stack:
        stack.enter_context(keeper.held())
        name = database.NAME
        if scratch:
            name = stack.enter_context(scratch_database())
        elif migrated:
            migration.migrate(name)
        os.environ["FORECOURT_DATABASE"] = name
        set_up(name)
        stack.callback(leave)
        yield name


def set_up(name: str, role: database.Role = "app") -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    settings.DATABASES["default"] = database.django_settings(role, name)
    django.setup()


def leave() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
