"""After a backup came back: whoever was erased since it was made is erased again, before anybody is served."""

from datetime import datetime

from django.db import transaction

from forecourt.consent import kept_noes
from forecourt.people import erasing, subjects, tombstones
from forecourt.rights.models import Erasure

REASON = "erased before a backup came back"
AT_ONCE = 200


def replay(now: datetime) -> int:
    """How many contacts and browsers rose with the backup, and are gone again. Nothing rises twice."""
    risen = tombstones.risen_contacts()
    for start in range(0, len(risen), AT_ONCE):
        _erase_again(risen[start : start + AT_ONCE], now)
    for subject_id in tombstones.risen_subjects():
        subjects.silence(subject_id)
    kept_noes.restore()
    return len(risen)


@transaction.atomic
def _erase_again(contact_ids: list, now: datetime) -> None:
    """Their keys are gone, so this is about rows; whoever was told to erase hears it once more, which harms nobody."""
    erasing.hold_still(contact_ids)
    removed = dict(erasing.remove_all(contact_ids, now))
    receipt = {"reason": REASON, "asked_at": now, "done_at": now, "removed": removed}
    Erasure.objects.update_or_create(case="", contacts=contact_ids, defaults=receipt)
