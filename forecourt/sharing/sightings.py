"""Which hosts of others a walk through our own pages met, and when: what the list of vendors calls "last seen"."""

from collections.abc import Iterable
from datetime import datetime

from forecourt.sharing.models import Sighting


def seen(hosts: Iterable[str], now: datetime) -> None:
    Sighting.objects.bulk_create(
        [Sighting(host=host, at=now) for host in sorted(set(hosts))],
        update_conflicts=True,
        unique_fields=["host"],
        update_fields=["at"],
    )


def last_seen(hosts: Iterable[str]) -> datetime | None:
    """The newest of any of them; None where no walk has met one."""
    return Sighting.objects.filter(host__in=list(hosts)).order_by("-at").values_list("at", flat=True).first()
