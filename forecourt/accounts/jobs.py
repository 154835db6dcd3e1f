"""Codes leave."""

import uuid

from procrastinate.contrib.django import app

from forecourt.accounts import tickets
from forecourt.adapters import clock


@app.task(queue="messages")
def send_code(ticket_id: str) -> None:
    tickets.send(uuid.UUID(ticket_id), clock.now())
