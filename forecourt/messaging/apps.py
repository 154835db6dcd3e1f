from django.apps import AppConfig


class Messaging(AppConfig):
    name = "forecourt.messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.messaging import erasing, forgetting

        erasing.register()
        forgetting.register()
