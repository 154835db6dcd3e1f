from django.apps import AppConfig


class Proof(AppConfig):
    name = "forecourt.proof"
    default_auto_field = "django.db.models.BigAutoField"
