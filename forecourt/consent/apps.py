from django.apps import AppConfig


class Consent(AppConfig):
    name = "forecourt.consent"
    default_auto_field = "django.db.models.BigAutoField"
