from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Programs(AppConfig):
    name = "forecourt.programs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.programs import erasing, pack

        menu.add_source(pack.menu_links)
        sitemap.add_source(pack.form_addresses)
        erasing.register()
