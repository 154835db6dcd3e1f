from django.urls import path

from forecourt.vehicles.payments import views

app_name = "payments"
urlpatterns = [path("payments/", views.estimate, name="estimate")]
