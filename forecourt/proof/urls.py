from django.urls import path

from forecourt.proof import california, views

app_name = "proof"
urlpatterns = [
    path("privacy/", views.policy, name="policy"),
    path("privacy/versions/<str:version>/", views.version, name="version"),
    path("privacy/compare/", views.compare, name="compare"),
    path("privacy/california/", california.in_force, name="california"),
    path("privacy/california/<str:version>/", california.version, name="california_version"),
    path("privacy/safeguards/", views.safeguard_list, name="safeguards"),
    path("privacy/checks/", views.checks, name="checks"),
    path("privacy/checks/<str:promise>/", views.check, name="check"),
    path(".well-known/privacy-checks.json", views.well_known, name="well_known"),
]
