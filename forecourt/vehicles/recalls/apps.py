from collections.abc import Iterator

from django.apps import AppConfig
from django.urls import reverse

from forecourt.web import menu
from forecourt.web.menu import Link


class Recalls(AppConfig):
    name = "forecourt.vehicles.recalls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        menu.add_source(menu_links)


def menu_links() -> Iterator[tuple[str, Link]]:
    """What the brand pack has files for."""
    from forecourt.vehicles.recalls import cars, cover

    if cover.covers():
        yield "shopping", Link("Covered maintenance", reverse("recalls:maintenance"))
    if cars.ours():
        yield "legal", Link("Safety and emission recalls", reverse("recalls:recalls"))
