from django.apps import AppConfig


class Consent(AppConfig):
    name = "forecourt.consent"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.consent import forgetting, kept_noes, purposes, under_sixteen
        from forecourt.people import vault

        vault.add_guard(purposes.guard)
        kept_noes.register()
        forgetting.register()
        under_sixteen.register()
