from django.apps import AppConfig

from forecourt.web import menu


class Accounts(AppConfig):
    name = "forecourt.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.accounts import erasing, offer

        menu.add_source(offer.menu_links)
        erasing.register()
