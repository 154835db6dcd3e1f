"""The tests' own database server, a copy of one migrated database for each process, and a fixed moment."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Before anything reads the environment: what the machine is set to is not what the tests run with.
for name in [name for name in os.environ if name.startswith("FORECOURT_")]:
    if name != "FORECOURT_POSTGRES":
        del os.environ[name]
os.environ["FORECOURT_VAR"] = str(ROOT / "var" / "tests")
os.environ["FORECOURT_HOSTS"] = "localhost,127.0.0.1,[::1],testserver"
os.environ["FORECOURT_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "forecourt.settings"

import hypothesis  # noqa: E402

from forecourt.run import secrets  # noqa: E402

# How long an example takes says more about the machine than about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

secrets.make_all()


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.test.utils import override_settings

    # The signals of an override reach what has read its settings already, as it has where xdist's workers start.
    override_settings(
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        UNDECLARED_COOKIES_ARE_ERRORS=True,
    ).enable()


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    from forecourt.run import keeper

    with keeper.held(durable=False):
        yield


@pytest.fixture(scope="session")
def django_db_setup(database_server: None, django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """pytest-django's own would migrate anew, as the application, which may not."""
    from django.db import connections

    from forecourt.run.scratch import scratch_database

    with scratch_database() as name, django_db_blocker.unblock():
        use_database(name)
        with django_db_blocker.block():
            yield
        connections["default"].close_pool()


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker, monkeypatch
) -> Iterator[str]:
    """A database of this test alone, for real commits, threads and processes; subprocesses find it in the environment."""
    from django.db import connections

    from forecourt.run.scratch import scratch_database

    usual = connections["default"].settings_dict["NAME"]
    with ExitStack() as stack:
        name = stack.enter_context(scratch_database())
        stack.enter_context(django_db_blocker.unblock())
        stack.callback(use_database, usual)
        use_database(name)
        monkeypatch.setenv("FORECOURT_DATABASE", name)
        yield name


def use_database(name: str) -> None:
    from django.db import connections

    connection = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


@pytest.fixture
def at(now: datetime, monkeypatch):
    """The clock that rules see, for the whole machine; `at.now` may be moved."""
    from forecourt.adapters import clock
    from tests.cast import Time

    moved = Time(now)
    monkeypatch.setattr(clock, "now", lambda: moved.now)
    return moved


@pytest.fixture
def dealer(db, now: datetime):
    """Wren of Salem: two cars, open but on Sundays, a contract that holds."""
    from tests.cast import make_dealer

    return make_dealer(now)
