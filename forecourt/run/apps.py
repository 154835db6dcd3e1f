from django.apps import AppConfig


class Run(AppConfig):
    name = "forecourt.run"
    default_auto_field = "django.db.models.BigAutoField"
