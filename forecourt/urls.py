"""Each room's addresses; the CMS answers what no room claims."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = (
    "web",
    "vehicles.builds",
    "vehicles.offers",
    "vehicles.payments",
    "vehicles.stock",
    "vehicles.recalls",
    "vehicles.machines",
    "vehicles",
    "dealers",
    "traffic",
    "interactions",
    "programs",
    "inquiries",
    "agents",
    "requests",
    "accounts",
    "minors",
    "rights",
    "messaging",
    "proof",
    "console",
    "run",
    "pages",
)

urlpatterns = [path("", include(f"forecourt.{room}.urls")) for room in ROOMS if find_spec(f"forecourt.{room}.urls")]
