from django.apps import AppConfig


class Sharing(AppConfig):
    name = "forecourt.sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.sharing import erasing, forgetting

        erasing.register()
        forgetting.register()
