from django.urls import path

from forecourt.vehicles.machines import views

app_name = "machines"
urlpatterns = [
    path("previews/<slug:digest>/<slug:name>.png", views.preview, name="preview"),
    path("previews/brand.png", views.brand_preview, name="brand_preview"),
]
