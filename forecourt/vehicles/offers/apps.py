from django.apps import AppConfig

from forecourt.web import menu


class Offers(AppConfig):
    name = "forecourt.vehicles.offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.vehicles.offers import views

        menu.add_source(views.menu_links)
