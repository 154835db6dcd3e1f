from django.apps import AppConfig

from forecourt.web import menu


class Payments(AppConfig):
    name = "forecourt.vehicles.payments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.vehicles.payments import views

        menu.add_source(views.menu_links)
