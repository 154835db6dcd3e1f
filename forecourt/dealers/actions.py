"""Bringing the network in the database to what the brand pack says."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.db import connection, transaction

from forecourt.dealers import pack
from forecourt.dealers.models import ClosedDay, Dealer, Loading, OpeningHours
from forecourt.dealers.pack import ContractRow, DealerRow, NetworkPack
from forecourt.policy.policy import Kind
from forecourt.policy.problems import Problems
from forecourt.sharing import recipients
from forecourt.sharing.models import Recipient

LOCK = 4_200_840_101  # one load at a time
COLUMNS = (
    "name street city state postal_code latitude longitude zone phone services capacity by_appointment policy_url lead_endpoint active"
).split()


@dataclass(frozen=True, slots=True)
class Loaded:
    """`changed` is False where the same files were loaded before."""

    dealers: int
    changed: bool


@transaction.atomic
def load(folder: Path, now: datetime) -> Loaded:
    """All of it or nothing; BrokenPack with every problem. The same files again change nothing, quickly."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    digest = pack.digest(folder)
    before = Loading.objects.order_by("-pk").first()
    if before and before.digest == digest:
        return Loaded(before.dealers, changed=False)
    network = pack.read(folder, now)
    keep_dealers(network)
    keep_recipients(network)
    sign_contracts(network, now)
    Loading.objects.create(digest=digest, dealers=len(network.dealers), at=now)
    return Loaded(len(network.dealers), changed=True)


def keep_dealers(network: NetworkPack) -> None:
    slugs = [row.slug for row in network.dealers]
    Dealer.objects.bulk_create(
        map(dealer, network.dealers), update_conflicts=True, unique_fields=["slug"], update_fields=COLUMNS
    )
    Dealer.objects.exclude(slug__in=slugs).update(active=False)
    OpeningHours.objects.filter(dealer__in=slugs).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(dealer_id=row.slug, weekday=weekday, opens=span.opens, closes=span.closes)
        for row in network.dealers
        for weekday, spans in enumerate(row.hours)
        for span in spans
    )
    ClosedDay.objects.filter(dealer__in=slugs).delete()
    ClosedDay.objects.bulk_create(
        [
            ClosedDay(dealer_id=slug, day=row.day, why=row.why)
            for row in network.closed_days
            for slug in row.dealers or slugs
        ],
        ignore_conflicts=True,  # a day may be named for all and for some
    )


def dealer(row: DealerRow) -> Dealer:
    return Dealer(
        slug=row.slug,
        name=row.name,
        street=row.street,
        city=row.city,
        state=row.state,
        postal_code=row.postal_code,
        latitude=row.place.latitude,
        longitude=row.place.longitude,
        zone=row.zone,
        phone=row.phone,
        services=list(row.services),
        capacity=row.capacity,
        by_appointment=row.by_appointment,
        policy_url=row.policy_url,
        lead_endpoint=row.lead_endpoint,
        active=True,
    )


def keep_recipients(network: NetworkPack) -> None:
    """A dealer is somebody whom we share with, under its slug, for as long as the pack has it."""
    for row in network.dealers:
        recipients.register(row.slug, Kind.DEALER, row.name, row.lead_endpoint)
    gone = Recipient.objects.filter(kind=Kind.DEALER).exclude(code__in=[row.slug for row in network.dealers])
    gone.update(active=False)


def sign_contracts(network: NetworkPack, now: datetime) -> None:
    problems = Problems(network.folder / pack.CONTRACTS)
    for row in network.contracts:
        try:
            recipients.sign(row.dealer, row.version, row.terms, *term(row), now)
        except ValueError as error:
            problems.add(row.line, str(error))
    problems.stop_if_any()


def term(row: ContractRow) -> tuple[datetime, datetime]:
    """From the start of its first day to the end of its last, in UTC."""
    return (
        datetime.combine(row.starts, time.min, UTC),
        datetime.combine(row.ends + timedelta(days=1), time.min, UTC),
    )
