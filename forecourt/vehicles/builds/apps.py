from django.apps import AppConfig


class Builds(AppConfig):
    name = "forecourt.vehicles.builds"
    default_auto_field = "django.db.models.BigAutoField"
