from django.apps import AppConfig


class Traffic(AppConfig):
    name = "forecourt.traffic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.traffic import forgetting

        forgetting.register()
