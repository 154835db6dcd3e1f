from django.apps import AppConfig


class Pages(AppConfig):
    name = "forecourt.pages"
    default_auto_field = "django.db.models.BigAutoField"
