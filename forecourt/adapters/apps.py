from django.apps import AppConfig
from django.core import checks


class Adapters(AppConfig):
    name = "forecourt.adapters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        checks.register(warn_of_fakes)


def warn_of_fakes(**options: object) -> list[checks.CheckMessage]:
    """A fake accepts everything and delivers nothing, which only the demo should take for success."""
    from django.conf import settings

    if settings.DEMO:
        return []
    fakes = {
        "Emails": ("FORECOURT_MAIL=smtp", settings.MAIL_ADAPTER),
        "Texts": ("FORECOURT_TEXTS=twilio", settings.TEXTS_ADAPTER),
        "Leads": ("FORECOURT_CRM=http", settings.CRM_ADAPTER),
    }
    return [
        checks.Warning(f"{what} are kept in the database and reach nobody.", hint=f"Set {cure}.", id="forecourt.W001")
        for what, (cure, adapter) in fakes.items()
        if adapter == "fake"
    ]
