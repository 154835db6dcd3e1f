from django.urls import path

from forecourt.inquiries import views

app_name = "inquiries"
urlpatterns = [
    path("contact/", views.contact, name="contact"),
    path("contact/messages/<str:token>/", views.message, name="message"),
    path("contact/messages/<str:token>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("privacy/answered/", views.answered, name="answered"),
]
