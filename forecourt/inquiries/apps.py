from django.apps import AppConfig


class Inquiries(AppConfig):
    name = "forecourt.inquiries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from forecourt.inquiries import erasing

        erasing.register()
