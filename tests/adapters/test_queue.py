"""A job is there when the row that it is about is there, in the worker as elsewhere."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from forecourt.adapters.queue import enqueue


@pytest.fixture(params=["site", "worker"])
def process(request):
    """A worker's own app speaks over a connection of its own; here it is one that leads nowhere."""
    if request.param == "site":
        yield
    else:
        with app.replace_connector(InMemoryConnector()):
            yield


def jobs() -> list[dict]:
    return list(ProcrastinateJob.objects.values_list("task_name", "queue_name", "args"))


def test_a_job_is_enqueued_with_its_arguments(db, process):
    enqueue("some.task", "messages", message_id="7")

    assert jobs() == [("some.task", "messages", {"message_id": "7"})]


def test_a_job_is_undone_with_its_transaction(db, process):
    with transaction.atomic():
        enqueue("some.task", "messages", message_id="7")
        transaction.set_rollback(True)

    assert jobs() == []
