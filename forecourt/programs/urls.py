from django.urls import path

from forecourt.programs import views

app_name = "programs"
urlpatterns = [
    path("claims/<str:token>/", views.claim, name="claim"),
    path("claims/<str:token>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("programs/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:slug>/form/", views.form, name="form"),
]
