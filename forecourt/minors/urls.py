from django.urls import path

from forecourt.minors import views

app_name = "minors"
urlpatterns = [
    path("privacy/children/", views.parents, name="parents"),
    path("privacy/children/report/", views.report, name="report"),
]
