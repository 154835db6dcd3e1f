"""Checks out of turn."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.adapters import clock
from forecourt.consent.models import Evidence
from forecourt.run import jobs


def evidence(at):
    return Evidence.objects.create(
        promise="P-3F-5", probe="p", outcome="green", at=at, expires=at + timedelta(days=1), revision="r", signature="s",
        policy_version="1",
    )  # fmt: skip


@pytest.mark.parametrize(("age", "queued"), [(None, 1), (timedelta(minutes=59), 0), (timedelta(minutes=61), 1)])
def test_a_worker_that_finds_no_check_of_the_last_hour_asks_for_one(db, age, queued):
    if age is not None:
        evidence(clock.now() - age)

    jobs.check_what_was_not()

    assert ProcrastinateJob.objects.filter(task_name="forecourt.run.jobs.check_everything").count() == queued
