from django.apps import AppConfig

from forecourt.web import sitemap


class Inquiries(AppConfig):
    name = "forecourt.inquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.inquiries import erasing, notices

        erasing.register()
        sitemap.add_source(notices.public_addresses)
