from django.apps import AppConfig


class Vehicles(AppConfig):
    name = "forecourt.vehicles"
    default_auto_field = "django.db.models.BigAutoField"
