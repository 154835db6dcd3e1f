from django.apps import AppConfig


class Console(AppConfig):
    name = "forecourt.console"
    default_auto_field = "django.db.models.BigAutoField"
