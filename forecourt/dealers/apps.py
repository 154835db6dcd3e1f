from django.apps import AppConfig

from forecourt.web import sitemap


class Dealers(AppConfig):
    name = "forecourt.dealers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.dealers import structured

        sitemap.add_source(structured.addresses)
