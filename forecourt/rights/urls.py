from django.urls import path

from forecourt.rights import views

app_name = "rights"
urlpatterns = [
    path("m/<str:token>/", views.message, name="message"),
    path("m/<str:token>/stop/", views.stop, name="stop"),
    path("m/<str:token>/resumption/", views.resumption, name="resumption"),
    path("m/<str:token>/dealers/", views.dealers, name="dealers"),
    path("contact/", views.contact, name="contact"),
]
