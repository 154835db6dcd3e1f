from django.apps import AppConfig


class Programs(AppConfig):
    name = "forecourt.programs"
    default_auto_field = "django.db.models.BigAutoField"
