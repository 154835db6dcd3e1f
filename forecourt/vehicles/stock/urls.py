from django.urls import path

from forecourt.vehicles.stock import views

app_name = "stock"
urlpatterns = [
    path("stock/", views.find, name="search"),
    path("stock/<slug:slug>/", views.car, name="car"),
]
