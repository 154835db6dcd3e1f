from django.urls import path

from forecourt.programs import finance_views, views

app_name = "programs"
urlpatterns = [
    path("claims/<str:token>/", views.claim, name="claim"),
    path("claims/<str:token>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("requests/<str:token>/", finance_views.own_page, name="request"),
    path("requests/<str:token>/withdrawal/", finance_views.withdrawal, name="request_withdrawal"),
    path("programs/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:slug>/form/", views.form, name="form"),
]
