from django.apps import AppConfig


class Interactions(AppConfig):
    name = "forecourt.interactions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.interactions import erasing, forgetting

        erasing.register()
        forgetting.register()
