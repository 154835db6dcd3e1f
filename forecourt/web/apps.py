from django.apps import AppConfig


class Web(AppConfig):
    name = "forecourt.web"
    default_auto_field = "django.db.models.BigAutoField"
