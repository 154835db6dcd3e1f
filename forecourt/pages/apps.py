from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Pages(AppConfig):
    name = "forecourt.pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.pages import placed

        menu.add_source(placed.links, asks_database=True)
        sitemap.add_source(placed.addresses)
