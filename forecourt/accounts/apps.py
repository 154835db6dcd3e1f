from django.apps import AppConfig

from forecourt.web import menu


class Accounts(AppConfig):
    name = "forecourt.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.accounts import closing, erasing, offer
        from forecourt.people import retention

        menu.add_source(offer.menu_links)
        erasing.register()
        retention.add_rule("sign-ins", ("open-account",), closing.forget_expired)
