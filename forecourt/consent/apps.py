from django.apps import AppConfig


class Consent(AppConfig):
    name = "forecourt.consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.consent import forgetting, kept_noes

        kept_noes.register()
        forgetting.register()
