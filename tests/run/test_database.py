"""The database as the application finds it."""

import threading

import pytest
from django.db import connection, transaction
from psycopg import errors

from forecourt.run import database
from forecourt.trouble import Trouble


@pytest.mark.django_db
def test_the_application_owns_no_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user GROUP BY 1"
        )
        owned = cursor.fetchall()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = 'forecourt_owner'")

        assert owned == []
        assert cursor.fetchone()[0] > 20


@pytest.mark.django_db
def test_the_application_cannot_change_the_shape_of_the_database():
    with (
        pytest.raises(Exception, match="permission denied") as refused,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TABLE sneaked (id int)")

    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege)


@pytest.mark.django_db
def test_a_function_with_the_owners_rights_looks_at_temporary_names_last():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname, array_to_string(proconfig, ' ') FROM pg_proc
               WHERE prosecdef AND pronamespace = 'public'::regnamespace"""
        )
        functions = dict(cursor.fetchall())

    assert len(functions) >= 6
    assert {
        name for name, settings in functions.items() if not settings.endswith("pg_catalog, public, pg_temp")
    } == set()


@pytest.mark.django_db
def test_a_temporary_type_runs_nothing_as_the_owner():
    with database.connect("app", connection.settings_dict["NAME"]) as app:
        app.autocommit = False
        app.execute(
            """CREATE FUNCTION pg_temp.spy(pg_catalog.timestamptz) RETURNS boolean LANGUAGE plpgsql
               AS $$ BEGIN RAISE EXCEPTION 'this ran as %', current_user; END $$"""
        )
        app.execute("CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz CHECK (pg_temp.spy(VALUE))")

        assert app.execute("SELECT public.consent_forget_erased(now())").fetchone() == (0,)
        app.rollback()


def test_a_fresh_database_sees_commits_of_other_threads(fresh_database):
    from django.contrib.contenttypes.models import ContentType

    def add():
        ContentType.objects.create(app_label="a", model="b")
        connection.close()

    thread = threading.Thread(target=add)
    thread.start()
    thread.join()

    assert ContentType.objects.filter(app_label="a").exists()
    assert fresh_database != database.NAME


@pytest.mark.django_db
def test_a_fresh_database_leaves_nothing_behind():
    from django.contrib.contenttypes.models import ContentType

    assert not ContentType.objects.filter(app_label="a").exists()


@pytest.mark.parametrize(
    ("theirs", "mode"),
    [
        ("postgresql://app@db.example/x", "require"),
        ("postgresql://app@203.0.113.9/x", "require"),
        ("postgresql://app@db.example/x?sslmode=verify-full", "verify-full"),
        ("postgresql://app@localhost,db.example/x", "require"),
        ("postgresql://app@localhost/x?hostaddr=203.0.113.9", "require"),
        ("postgresql://app@127.0.0.1:5432/x", None),
        ("postgresql:///x?host=/run/postgresql", None),
    ],
)
def test_a_database_on_another_machine_is_reached_over_tls(monkeypatch, theirs, mode):
    monkeypatch.setattr(database.environment, "DATABASE_URL", theirs)

    for role in ("app", "owner"):
        assert database.address(role).get("sslmode") == mode
        assert database.django_settings(role)["OPTIONS"].get("sslmode") == mode


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_a_database_on_another_machine_is_not_reached_in_clear(monkeypatch, mode):
    monkeypatch.setattr(database.environment, "DATABASE_URL", f"postgresql://app@db.example/x?sslmode={mode}")

    with pytest.raises(Trouble, match="verify-full"):
        database.address("app")
