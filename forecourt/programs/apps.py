from django.apps import AppConfig

from forecourt.web import menu, sitemap


class Programs(AppConfig):
    name = "forecourt.programs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.people import retention
        from forecourt.programs import claims, erasing, finance, pack

        menu.add_source(pack.menu_links)
        sitemap.add_source(pack.form_addresses)
        erasing.register()
        kinds = tuple(f"{kind}-claim" for kind in ("military", "diplomatic", "mobility"))
        retention.add_rule("claims that nobody decided", (*kinds, "protection-question"), claims.discard_overdue)
        retention.add_rule("answers to claims", (*kinds, "protection-question"), claims.forget_past)
        retention.add_rule("requests for credit", ("credit-request",), finance.forget_past)
