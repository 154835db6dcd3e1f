from django.apps import AppConfig


class Edge(AppConfig):
    name = "forecourt.edge"
    default_auto_field = "django.db.models.BigAutoField"
