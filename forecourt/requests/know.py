"""To know: the file with everything is made at once, by a job."""

import uuid
from datetime import datetime

from django.db import transaction

from forecourt.adapters.queue import enqueue
from forecourt.requests import actions
from forecourt.requests.models import Request

MAKE = "forecourt.requests.jobs.make_archive"


@transaction.atomic
def ask(contact_id: uuid.UUID, received: datetime, now: datetime) -> Request:
    request = actions.open_request(Request.Kind.KNOW, contact_id, received, now)
    enqueue(MAKE, "people", case_id=str(request.pk))
    return request
