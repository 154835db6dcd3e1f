from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Stock(AppConfig):
    name = "forecourt.vehicles.stock"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.dealers import beside
        from forecourt.vehicles.stock import structured, views

        menu.add_source(views.menu_links)
        sitemap.add_source(structured.addresses)
        beside.add_source(views.on_a_dealers_page)
