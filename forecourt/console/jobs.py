"""What time does for the console: counts of what staff looked at go after ninety days, sessions when they are over."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.console import caps, visits


@app.periodic(cron="23 4 * * *")
@app.task(queue="people", queueing_lock="forget old counts of looks")
def forget_old_counts(timestamp: int) -> int:
    return caps.forget_old(clock.now())


@app.periodic(cron="41 4 * * *")
@app.task(queue="people", queueing_lock="forget ended sessions of staff")
def forget_ended_sessions(timestamp: int) -> int:
    return visits.forget_expired()
