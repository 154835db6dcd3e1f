"""What time does for people: keys that no row needs are destroyed, and whatever was kept for a time goes on its day."""

from procrastinate.contrib.django import app

from forecourt.adapters import clock, keystore
from forecourt.people import retention
from forecourt.people.models import Subject


@app.periodic(cron="23 3 * * *")
@app.task(queue="people", queueing_lock="sweep keys")
def sweep_keys(timestamp: int) -> int:
    return destroy_orphans()


@app.periodic(cron="41 * * * *")
@app.task(queue="people", queueing_lock="forget what is over")
def forget_what_is_over(timestamp: int) -> int:
    return retention.run(clock.now())


def destroy_orphans() -> int:
    """Keys whose subject's transaction never committed; each is older than any transaction may last."""
    orphans = keystore.orphans(Subject.objects.values_list("pk", flat=True).iterator())
    for subject_id in orphans:
        keystore.destroy(subject_id)
    return len(orphans)
