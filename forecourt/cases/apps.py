from django.apps import AppConfig


class Cases(AppConfig):
    name = "forecourt.cases"
    default_auto_field = "django.db.models.BigAutoField"
