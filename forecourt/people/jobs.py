"""What time does for people: keys that no row needs are destroyed."""

from procrastinate.contrib.django import app

from forecourt.adapters import keystore
from forecourt.people.models import Subject


@app.periodic(cron="23 3 * * *")
@app.task(queue="people", queueing_lock="sweep keys")
def sweep_keys(timestamp: int) -> int:
    return destroy_orphans()


def destroy_orphans() -> int:
    """Keys whose subject's transaction never committed; each is older than any transaction may last."""
    orphans = keystore.orphans(Subject.objects.values_list("pk", flat=True).iterator())
    for subject_id in orphans:
        keystore.destroy(subject_id)
    return len(orphans)
