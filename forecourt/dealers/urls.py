from django.urls import path

from forecourt.dealers import views

app_name = "dealers"
urlpatterns = [
    path("dealers/", views.find, name="find"),
    path("dealers/<slug:slug>/", views.dealer, name="dealer"),
]
