from django.urls import path

from forecourt.vehicles.offers import views

app_name = "offers"
urlpatterns = [
    path("offers/", views.all_offers, name="all"),
    path("offers/<slug:slug>/", views.offer, name="offer"),
]
