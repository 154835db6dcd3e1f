"""The brand pack's pages brought into the CMS, again and again. What an editor changed or took away is left as it is."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from forecourt.pages.models import EditorialPage, HomePage, Loaded
from forecourt.pages.written import Written, read
from forecourt.web.brand import brand

HOME = "home"


@dataclass(frozen=True, slots=True)
class Done:
    """How many pages were added, brought up to date, and left alone because an editor had been there."""

    added: int = 0
    renewed: int = 0
    kept: int = 0

    def plus(self, what: str) -> "Done":
        return Done(**{name: getattr(self, name) + (name == what) for name in ("added", "renewed", "kept")})


@transaction.atomic
def load(now: datetime, folder: Path | None = None) -> Done:
    done = Done()
    for page in read_all(folder or settings.BRAND / "pages"):
        done = done.plus(put(page, now))
    show_home()
    return done


def read_all(folder: Path) -> list[Written]:
    """Home first, then the others in their order. A pack without a home page gets one that says its name."""
    found = [read(path) for path in sorted(folder.glob("*.md"))]
    if not any(page.slug == HOME for page in found):
        found.append(Written(slug=HOME, title=brand().name, lead="", place=0, menu=False, group="", blocks=()))
    return sorted(found, key=lambda page: (page.slug != HOME, page.place, page.slug))


def put(written: Written, now: datetime) -> str:
    """One page; what was done with it."""
    loaded = Loaded.objects.select_for_update().filter(pk=written.slug).first()
    if loaded is None:
        page = add(written)
        Loaded.objects.create(source=written.slug, page=page, digest=digest(page), at=now)
        return "added"
    page = loaded.page and loaded.page.specific
    if page is None or page.has_unpublished_changes or digest(page) != loaded.digest:
        return "kept"
    fill(page, written)
    if digest(page) == loaded.digest:
        return "as it was"
    page.save_revision().publish()
    loaded.digest, loaded.at = digest(page), now
    loaded.save(update_fields=["digest", "at"])
    return "renewed"


def add(written: Written) -> Page:
    page = fill(HomePage(slug=HOME) if written.slug == HOME else EditorialPage(slug=written.slug), written)
    if written.slug == HOME:
        # The page that the library's own migration makes has the same slug.
        Page.objects.filter(depth=2, slug=HOME).exact_type(Page).delete()
        Page.get_first_root_node().add_child(instance=page)
    else:
        HomePage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return page


def fill(page: Page, written: Written) -> Page:
    page.title, page.lead, page.show_in_menus = written.title, written.lead, written.menu
    page.body = list(written.blocks)
    if isinstance(page, EditorialPage):
        page.group = written.group
    return page


def show_home() -> None:
    home = HomePage.objects.filter(live=True).first()
    if home is not None:
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": brand().name}
        )


def digest(page: Page) -> str:
    """Of the words alone: the ids that the CMS gives to blocks change with every save."""
    said = [page.title, page.lead, page.show_in_menus, page.live, without_ids(page.body.get_prep_value())]
    # Only where there is one, so that pages which were loaded before groups came are still known.
    said += filter(None, [getattr(page, "group", "")])
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def without_ids(value: object) -> object:
    if isinstance(value, dict):
        return {name: without_ids(inner) for name, inner in value.items() if name != "id"}
    return [without_ids(inner) for inner in value] if isinstance(value, list | tuple) else value
