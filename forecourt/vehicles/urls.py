from django.urls import path

from forecourt.vehicles import views

app_name = "vehicles"
urlpatterns = [
    path("models/", views.models, name="models"),
    path("models/<slug:slug>/", views.line, name="line"),
    path("models/<slug:slug>/<int:year>/", views.edition, name="edition"),
    path("models/<slug:slug>/<slug:view>/<slug:name>.<slug:kind>", views.layer, name="layer"),
]
