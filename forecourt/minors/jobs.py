"""What time does for children's data: a case is closed once its erasure is done, whatever it waited for."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.minors import reports


@app.periodic(cron="*/10 * * * *")
@app.task(queue="rights", queueing_lock="finish reports of children")
def finish_reports(timestamp: int) -> int:
    return reports.finish_all(clock.now())
