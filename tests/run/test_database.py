"""The database as the application finds it."""

import threading

import pytest
from django.db import connection, transaction
from psycopg import errors

from forecourt.run import database


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
