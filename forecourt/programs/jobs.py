"""What time does for programs: undecided claims are destroyed on their day, and answers that hold no more go."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.programs import claims, finance


@app.periodic(cron="7 * * * *")
@app.task(queue="programs", queueing_lock="discard undecided claims")
def discard_overdue(timestamp: int) -> int:
    return claims.discard_overdue(clock.now())


@app.periodic(cron="37 3 * * *")
@app.task(queue="programs", queueing_lock="forget past answers")
def forget_past(timestamp: int) -> int:
    now = clock.now()
    return claims.forget_past(now) + finance.forget_past(now)
