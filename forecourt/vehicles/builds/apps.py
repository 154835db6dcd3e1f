from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Builds(AppConfig):
    name = "forecourt.vehicles.builds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.people import retention
        from forecourt.vehicles.builds import erasing, shelves, views

        menu.add_source(views.menu_links)
        sitemap.add_source(views.addresses)
        erasing.register()
        retention.add_rule("saved cars", ("save-build",), shelves.forget_expired)
