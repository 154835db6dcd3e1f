"""Who told us that they are 13 to 15, kept beside their account or browser, so that nothing is sold or shared without their own yes in
whichever browser they come with (Cal. Civ. Code 1798.120(c), R-CA-12). A later answer makes nobody older.

No age is kept, and nothing of a child: only that this answer was given, for the years after which everybody who gave it is 16.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import connection

from forecourt.consent.models import UnderSixteen
from forecourt.consent.switches import BY_ID, BY_INDEX
from forecourt.people import browsers, erasing, retention
from forecourt.people.erasing import Contacts, Part
from forecourt.policy import law
from forecourt.policy.periods import Period
from forecourt.policy.policy import Age

USE = "keep-under-sixteen"
# Of it, or of anybody known to be the same.
KNOWN = "SELECT EXISTS (SELECT FROM linked JOIN consent_undersixteen AS told ON told.contact = linked.id WHERE told.at > %s)"


def register() -> None:
    retention.add_rule("answers about being 13 to 15", (USE,), forget)
    erasing.add_part(Part("consent", frozenset({"consent.UnderSixteen"}), remove))


def told(contact_ids: Collection[uuid.UUID], age: Age, now: datetime) -> None:
    """An age of 13 to 15 is kept from now on; every other answer changes nothing."""
    if age is Age.TEEN:
        rows = [UnderSixteen(contact=contact_id, at=now) for contact_id in sorted(set(contact_ids))]
        UnderSixteen.objects.bulk_create(rows, update_conflicts=True, unique_fields=["contact"], update_fields=["at"])


def youngest(age: Age, contact_id: uuid.UUID, now: datetime) -> Age:
    """What was told here and now, or what we know of this contact, whichever is younger."""
    return _or_known(age, BY_ID, contact_id, now)


def youngest_here(age: Age, token: str, now: datetime) -> Age:
    """The same for a browser that is known by its cookie."""
    return _or_known(age, BY_INDEX, browsers.index_of(token), now)


def _or_known(age: Age, first: str, key: uuid.UUID | bytes, now: datetime) -> Age:
    if age in (Age.CHILD, Age.TEEN):
        return age
    with connection.cursor() as cursor:
        cursor.execute(first + KNOWN, [key, all_sixteen_since(now)])
        return Age.TEEN if cursor.fetchone()[0] else age


def all_sixteen_since(now: datetime) -> datetime:
    """Whoever was 13 at this moment is 16 now."""
    years = law.value("teen_below_years", now) - law.value("child_below_years", now)
    return Period(months=12 * years).before(now)


def forget(now: datetime) -> int:
    return UnderSixteen.objects.filter(at__lte=all_sixteen_since(now)).delete()[0]


def remove(contact_ids: Contacts, now: datetime):
    return erasing.delete(UnderSixteen.objects.filter(contact__in=contact_ids))
