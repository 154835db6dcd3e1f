"""The demo's addresses, which exist in the demo alone."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path("demo/", include("forecourt.run.tour.urls"))] if settings.DEMO else []
