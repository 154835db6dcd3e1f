"""What time does for test drives."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.interactions import actions, reminders


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="remind of test drives")
def remind(timestamp: int) -> int:
    return reminders.remind_all(clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="finish past test drives")
def finish_past(timestamp: int) -> int:
    return actions.finish_past(clock.now())
