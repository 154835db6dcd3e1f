from django.urls import path

from forecourt.vehicles.builds import views

app_name = "builds"
urlpatterns = [
    path("build/", views.start, name="start"),
    path("build/<slug:slug>/", views.build, name="build"),
    path("build/<slug:slug>/compare/", views.compare, name="compare"),
    path("build/<slug:slug>/car.svg", views.drawn, name="picture"),
    path("build/<slug:slug>/rules-<slug:digest>.bin", views.rules, name="rules"),
]
