from django.apps import AppConfig


class Minors(AppConfig):
    name = "forecourt.minors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.minors import erasing

        erasing.register()
