from django.apps import AppConfig


class Adapters(AppConfig):
    name = "forecourt.adapters"
    default_auto_field = "django.db.models.BigAutoField"
