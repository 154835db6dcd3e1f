"""To know: the file with everything is made at once, by a job."""

import uuid
from datetime import datetime

from django.db import transaction

from forecourt.adapters.queue import enqueue
from forecourt.cases.models import Case
from forecourt.requests import actions
from forecourt.requests.models import Request

MAKE = "forecourt.requests.jobs.make_archive"


@transaction.atomic
def ask(
    contact_id: uuid.UUID, received: datetime, now: datetime, *, came_by: Case.Channel = Case.Channel.WEB
) -> Request:
    request = actions.open_request(Request.Kind.KNOW, contact_id, received, now, came_by=came_by)
    enqueue(MAKE, "people", case_id=str(request.pk))
    return request
