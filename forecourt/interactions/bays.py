"""Which car a drive takes. The database's constraint decides; who comes second is told that the time is taken.

Whoever takes or gives back a car holds the dealer's row meanwhile, so that two drives which swap their times cannot
wait for each other. Correctness rests on the constraint alone.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count

from forecourt.dealers import slots
from forecourt.dealers.models import Dealer
from forecourt.interactions.models import Hold, TestDrive


class SlotTaken(Exception):
    """Every car of the dealer is out at that time."""


def lock(dealer_id: str) -> Dealer:
    return Dealer.objects.select_for_update(no_key=True).get(pk=dealer_id)


def take(drive: TestDrive, starts_at: datetime) -> None:
    """Hold the first free car for the whole drive, or raise SlotTaken. Call it inside the booking's transaction."""
    for bay in range(1, drive.dealer.capacity + 1):
        try:
            with transaction.atomic():
                Hold.objects.bulk_create(
                    Hold(drive=drive, dealer=drive.dealer, at=block, bay=bay) for block in slots.blocks(starts_at)
                )
                return
        except IntegrityError as error:
            if not breaks(error, "one_drive_a_car"):
                raise
    raise SlotTaken


def give_back(drive: TestDrive) -> None:
    Hold.objects.filter(drive=drive).delete()


def taken(dealer: Dealer, now: datetime, but: TestDrive | None = None) -> dict[datetime, int]:
    """Drives booked by their start, for showing what is left; `but` leaves out one's own."""
    drives = TestDrive.objects.filter(dealer=dealer, state=TestDrive.State.BOOKED, starts_at__gt=now - slots.DRIVE)
    if but:
        drives = drives.exclude(pk=but.pk)
    return dict(drives.values_list("starts_at").annotate(Count("pk")).order_by())


def breaks(error: IntegrityError, constraint: str) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return constraint in (getattr(diagnosis, "constraint_name", None) or "")
