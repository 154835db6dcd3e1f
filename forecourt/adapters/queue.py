"""The job queue, as an outside system that lives in our own database."""

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task


def enqueue(task: str, queue: str, **arguments: str) -> None:
    """In the caller's transaction, also in the worker: its own app would speak over a connection of its own, and a job
    would run before the row that it is about was committed, or though it never was."""
    manager = JobManager(DjangoConnector(alias="default"))
    configure_task(name=task, job_manager=manager, queue=queue).defer(**arguments)
