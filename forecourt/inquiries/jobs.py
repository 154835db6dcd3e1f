"""What time does for messages to us: words go on their day, and then the cases."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.inquiries import actions, months


@app.periodic(cron="47 3 * * *")
@app.task(queue="inquiries", queueing_lock="forget what was said long ago")
def forget(timestamp: int) -> int:
    now = clock.now()
    return actions.forget_words(now) + actions.forget_past(now)


@app.periodic(cron="13 4 * * *")
@app.task(queue="inquiries", queueing_lock="count the months that are over")
def close_months(timestamp: int) -> int:
    return months.close(clock.now())
