from django.apps import AppConfig


class Offers(AppConfig):
    name = "forecourt.vehicles.offers"
    default_auto_field = "django.db.models.BigAutoField"
