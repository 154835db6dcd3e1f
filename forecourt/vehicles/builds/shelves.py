"""Saving, finding, naming, showing and deleting cars. Only the token in somebody's browser finds their shelf; only a token of its own
shows one build to others, and leads to nothing else.

Until the browser has shown that it kept the token, its shelf lasts an hour: nothing stays that nobody can reach.
"""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from forecourt.people import subjects, vault
from forecourt.people.models import Subject
from forecourt.vehicles.builds.models import MOST, SavedBuild, Shelf
from forecourt.vehicles.builds.wishes import Wishes, title

UNCONFIRMED = timedelta(hours=1)
TOKEN = "saved-builds"  # noqa: S105 (what the index is of)
NAME = "saved-build.name"
LINK = "saved-build.link"
CONTENT = "user.content.private"


class Full(Exception):
    """As many builds as a shelf holds are on it already."""


@dataclass(frozen=True, slots=True)
class Saved:
    """`is_new` is false where this very car was there already."""

    token: str
    build: SavedBuild
    is_new: bool


def save(token: str, wishes: Wishes, *, lasts: timedelta, now: datetime) -> Saved:
    """On the shelf that the token finds, or on a new one where it finds none. Full where nothing more fits.

    `wishes` go together. The state that somebody lives in is no part of the car, and is not kept.
    """
    with transaction.atomic():
        shelf = _of_browser(token, now).select_for_update().first() if token else None
        if shelf is None:
            token = new_token()
            subject = subjects.add(Subject.Kind.MEMORY, now)
            shelf = Shelf.objects.create(subject=subject, index=index(token), expires_at=now + UNCONFIRMED)
        else:
            shelf.expires_at = now + lasts
            shelf.save(update_fields=["expires_at"])
        build = made(wishes, now.date(), now)
        if there := shelf.builds.filter(car_digest=build.car_digest).first():
            return Saved(token, there, is_new=False)
        return Saved(token, _put(shelf, build), is_new=True)


def made(wishes: Wishes, today: date, now: datetime) -> SavedBuild:
    """Not on any shelf yet."""
    car, found = wishes.car, wishes.compiled.range
    if car is None:
        raise ValueError("these wishes do not go together")
    price = found.price(car, "", today)
    slugs = sorted(part.option.slug for part in price.parts)
    return SavedBuild(
        line=found.slug,
        title=title(found, car),
        wishes=str(wishes),
        parts=[
            [part.option.slug, part.option.name, "" if part.price is None else str(part.price)] for part in price.parts
        ],
        total=price.total,
        car_digest=hashlib.sha256(" ".join((found.slug, *slugs)).encode()).digest(),
        saved_at=now,
    )


def _put(shelf: Shelf, build: SavedBuild) -> SavedBuild:
    build.shelf = shelf
    taken = set(shelf.builds.values_list("place", flat=True))
    for place in range(1, MOST + 1):
        if place in taken:
            continue
        build.place = place
        try:
            with transaction.atomic():
                build.save(force_insert=True)
        except IntegrityError:
            continue
        return build
    raise Full


def confirm(token: str, *, lasts: timedelta, now: datetime) -> None:
    """The browser sent it back, so the shelf stays for as long as it was asked to."""
    _of_browser(token, now).filter(expires_at__lte=now + UNCONFIRMED).update(expires_at=now + lasts)


def of_browser(token: str, now: datetime) -> list[SavedBuild]:
    return _in_order(SavedBuild.objects.filter(shelf__in=_of_browser(token, now))) if token else []


def of_person(person: uuid.UUID) -> list[SavedBuild]:
    return _in_order(SavedBuild.objects.filter(shelf__person=person))


def one_of(token: str, build_id: uuid.UUID, now: datetime) -> SavedBuild | None:
    """None for one that is on another shelf, or on none."""
    return next((build for build in of_browser(token, now) if build.pk == build_id), None)


def join(token: str, person: uuid.UUID, now: datetime) -> int:
    """The browser's shelf becomes the person's, with all that is on it: how many builds. The token finds nothing any more, so whoever
    signs somebody in deletes the cookie with the same answer."""
    with transaction.atomic():
        shelf = _of_browser(token, now).select_for_update().first()
        if shelf is None:
            return 0
        Shelf.objects.filter(pk=shelf.pk).update(person=person, index=None, expires_at=None)
        return shelf.builds.count()


def rename(build: SavedBuild, name: str) -> None:
    """ "" gives it back the name of the car."""
    sealed = vault.seal_text(build.shelf_id, NAME, build.pk, name) if name else None
    SavedBuild.objects.filter(pk=build.pk).update(name=sealed)


def names_of(builds: Collection[SavedBuild], *, purpose: str, now: datetime) -> dict[uuid.UUID, str]:
    """What their owner calls them, for their owner."""
    for shelf_id in {build.shelf_id for build in builds if build.name is not None}:
        vault.log_opening(shelf_id, [CONTENT], purpose=purpose, who="visitor", now=now)
    return {
        build.pk: build.title
        if build.name is None
        else vault.open_text(build.shelf_id, NAME, build.pk, bytes(build.name))
        for build in builds
    }


def share(build: SavedBuild) -> str:
    """The token of its link: the one that it has, or a new one."""
    token = new_token()
    sealed = vault.seal_text(build.shelf_id, LINK, build.pk, token)
    unshared = SavedBuild.objects.filter(pk=build.pk, link__isnull=True)
    if unshared.update(link=sealed, link_digest=digest(token)):
        return token
    build.refresh_from_db(fields=["link"])
    return link_of(build)


def unshare(build: SavedBuild) -> None:
    """Whoever opens the link from now on finds nothing, and a link made later is another one."""
    SavedBuild.objects.filter(pk=build.pk).update(link=None, link_digest=None)


def link_of(build: SavedBuild) -> str:
    """ "" where it was not shared."""
    return vault.open_text(build.shelf_id, LINK, build.pk, bytes(build.link)) if build.link is not None else ""


def shown_by(token: str, now: datetime) -> SavedBuild | None:
    """The one build that a link shows."""
    found = SavedBuild.objects.select_related("shelf").filter(link_digest=digest(token)).first()
    return found if found and (found.shelf.expires_at is None or found.shelf.expires_at > now) else None


def delete(build: SavedBuild) -> None:
    """With the last of them the shelf goes too, key and all."""
    with transaction.atomic():
        shelf = Shelf.objects.select_for_update().filter(pk=build.shelf_id).first()
        SavedBuild.objects.filter(pk=build.pk).delete()
        if shelf and not shelf.builds.exists():
            subjects.erase(shelf.pk)


def forget(token: str) -> None:
    """All that a browser saved."""
    for shelf_id in Shelf.objects.filter(index=index(token)).values_list("pk", flat=True):
        subjects.erase(shelf_id)


def forget_expired(now: datetime) -> int:
    expired = list(Shelf.objects.filter(expires_at__lte=now).values_list("pk", flat=True))
    for shelf_id in expired:
        subjects.erase(shelf_id)
    return len(expired)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def index(token: str) -> bytes:
    return vault.blind_index(TOKEN, token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _of_browser(token: str, now: datetime) -> QuerySet[Shelf]:
    return Shelf.objects.filter(index=index(token), expires_at__gt=now)


def _in_order(builds: QuerySet[SavedBuild]) -> list[SavedBuild]:
    return list(builds.order_by("-saved_at", "-place"))
