from django.urls import path

from forecourt.messaging import views

app_name = "messaging"
urlpatterns = [path("hooks/texts/", views.incoming_text, name="incoming_text")]
