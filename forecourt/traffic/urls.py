from django.urls import path

from forecourt.traffic import views

app_name = "traffic"
urlpatterns = [
    path("beacon/page.gif", views.page, name="page"),
    path("beacon/email/<str:token>.gif", views.email, name="email"),
]
