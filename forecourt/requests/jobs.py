"""What time does for requests: codes leave, files are made and destroyed, records go."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.requests import actions, corrections, deleting, moves, passes
from forecourt.requests.archive import pack
from forecourt.requests.models import Request

log = logging.getLogger(__name__)


@app.task(queue="messages")
def send_code(pass_id: str) -> None:
    passes.send(uuid.UUID(pass_id), clock.now())


@app.task(queue="people")
def make_archive(case_id: str) -> None:
    pack.make(Request.objects.select_related("case").get(pk=uuid.UUID(case_id)), clock.now())


@app.task(queue="people")
def erase(case_id: str) -> None:
    deleting.carry_out(Request.objects.select_related("case").get(pk=uuid.UUID(case_id)), clock.now())


@app.task(queue="people")
def correct(case_id: str) -> None:
    correct_on(Request.objects.select_related("case").get(pk=uuid.UUID(case_id)), clock.now())


@app.periodic(cron="*/2 * * * *")
@app.task(queue="people", queueing_lock="go on with requests")
def go_on(timestamp: int) -> int:
    """Whatever waited for something, or lost its job."""
    return sum(goes_on(request) for request in actions.open_requests())


def goes_on(request: Request) -> bool:
    try:
        return GOES_ON[request.kind](request, clock.now())
    except Exception:
        # One that fails must not hold up those behind it.
        log.exception("request %s is not answered", request.pk)
        return False


def correct_on(request: Request, now: datetime) -> bool:
    return moves.carry_on(request, now) and corrections.carry_on(request, now)


GOES_ON: dict[str, Callable[[Request, datetime], bool]] = {
    Request.Kind.KNOW: pack.make,
    Request.Kind.DELETE: deleting.carry_out,
    Request.Kind.CORRECT: correct_on,
}
