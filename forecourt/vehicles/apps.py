from django.apps import AppConfig

from forecourt.web import menu


class Vehicles(AppConfig):
    name = "forecourt.vehicles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.vehicles import catalogue

        menu.add_source(catalogue.menu_links)
