from django.apps import AppConfig


class Payments(AppConfig):
    name = "forecourt.vehicles.payments"
    default_auto_field = "django.db.models.BigAutoField"
