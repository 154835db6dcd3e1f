"""What time does for agents: they hear how requests stand."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock
from forecourt.agents import telling


@app.periodic(cron="*/2 * * * *")
@app.task(queue="sharing", queueing_lock="tell agents")
def tell_agents(timestamp: int) -> int:
    return telling.tell_due(clock.now())
