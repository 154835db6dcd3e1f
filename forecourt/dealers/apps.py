from django.apps import AppConfig


class Dealers(AppConfig):
    name = "forecourt.dealers"
    default_auto_field = "django.db.models.BigAutoField"
