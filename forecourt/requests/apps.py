from django.apps import AppConfig

from forecourt.web import menu


class Requests(AppConfig):
    name = "forecourt.requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.people import retention
        from forecourt.requests import actions, erasing, offer, passes
        from forecourt.requests.archive import pack

        erasing.register()
        uses = (offer.USE,)
        retention.add_rule("files with everything", uses, pack.destroy_expired)
        retention.add_rule("codes for requests", uses, passes.forget_expired)
        retention.add_rule("records of requests", uses, actions.forget_old)
        menu.add_source(offer.menu_links)
