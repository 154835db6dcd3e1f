"""What time does for messages to us: months that are over are counted."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.inquiries import months


@app.periodic(cron="13 4 * * *")
@app.task(queue="inquiries", queueing_lock="count the months that are over")
def close_months(timestamp: int) -> int:
    return months.close(clock.now())
