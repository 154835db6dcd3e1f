from django.urls import path

from forecourt.dealers import views

app_name = "dealers"
urlpatterns = [
    path("dealers/", views.find, name="find"),
    path("dealers/map.json", views.on_the_map, name="map"),
    path("dealers/choice/", views.choice, name="choice"),
    path("dealers/choice/removal/", views.no_choice, name="no_choice"),
    path("dealers/<slug:slug>/", views.dealer, name="dealer"),
]
