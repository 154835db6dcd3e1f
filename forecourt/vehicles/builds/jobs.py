"""What time does for saved cars: on their last day they go."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.vehicles.builds import shelves


@app.periodic(cron="47 * * * *")
@app.task(queue="people", queueing_lock="forget saved builds")
def forget_expired(timestamp: int) -> int:
    return shelves.forget_expired(clock.now())
