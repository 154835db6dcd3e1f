from django.urls import path

from forecourt.vehicles.machines import views

app_name = "machines"
urlpatterns = [
    path("previews/stock/<slug:slug>.png", views.car_preview, name="car_preview"),
    path("previews/<slug:digest>/<slug:name>.png", views.preview, name="preview"),
    path("previews/brand.png", views.brand_preview, name="brand_preview"),
    path("feeds/vehicles.csv", views.vehicles_csv, name="vehicles_csv"),
    path("feeds/vehicles.xml", views.vehicles_xml, name="vehicles_xml"),
]
