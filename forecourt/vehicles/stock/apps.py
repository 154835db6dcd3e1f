from django.apps import AppConfig


class Stock(AppConfig):
    name = "forecourt.vehicles.stock"
    default_auto_field = "django.db.models.BigAutoField"
