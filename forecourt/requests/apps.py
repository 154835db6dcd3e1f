from django.apps import AppConfig

from forecourt.web import menu


class Requests(AppConfig):
    name = "forecourt.requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.requests import erasing, offer

        erasing.register()
        menu.add_source(offer.menu_links)
