from django.urls import path

from forecourt.web import views

app_name = "web"
urlpatterns = [path("style/<str:digest>/<str:name>", views.asset, name="asset")]
