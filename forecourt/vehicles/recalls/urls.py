from django.urls import path

from forecourt.vehicles.recalls import views

app_name = "recalls"
urlpatterns = [
    path("recalls/", views.recalls, name="recalls"),
    path("maintenance/", views.maintenance, name="maintenance"),
]
