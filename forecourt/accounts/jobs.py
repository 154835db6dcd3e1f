"""What time does for accounts: codes leave, and what has run out goes."""

import uuid

from procrastinate.contrib.django import app

from forecourt.accounts import closing, tickets
from forecourt.adapters import clock


@app.task(queue="messages")
def send_code(ticket_id: str) -> None:
    tickets.send(uuid.UUID(ticket_id), clock.now())


@app.periodic(cron="11 * * * *")
@app.task(queue="people", queueing_lock="forget old tickets")
def forget_expired(timestamp: int) -> int:
    return closing.forget_expired(clock.now())
