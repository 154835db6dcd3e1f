from django.urls import path

from forecourt.agents import views

app_name = "agents"
urlpatterns = [
    path(".well-known/data-rights.json", views.discovery, name="discovery"),
    path("v1/data-rights-request", views.exercise, name="exercise"),
    # Versions of the protocol before 0.9.3 wrote it so.
    path("v1/data-rights-request/", views.exercise, name="exercise_as_before"),
    path("v1/data-rights-request/<str:request_id>", views.request_of_agent, name="request"),
    path("v1/agent/<str:code>", views.agent, name="agent"),
]
