from django.apps import AppConfig


class Recalls(AppConfig):
    name = "forecourt.vehicles.recalls"
    default_auto_field = "django.db.models.BigAutoField"
