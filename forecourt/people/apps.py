from django.apps import AppConfig


class People(AppConfig):
    name = "forecourt.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.people import erasing

        erasing.register()
