from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Offers(AppConfig):
    name = "forecourt.vehicles.offers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.vehicles.offers import structured, views

        menu.add_source(views.menu_links)
        sitemap.add_source(structured.addresses)
