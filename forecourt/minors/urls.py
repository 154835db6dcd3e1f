from django.urls import path

from forecourt.minors import consent_views, views

app_name = "minors"
urlpatterns = [
    path("privacy/children/", views.parents, name="parents"),
    path("privacy/children/report/", views.report, name="report"),
    path("privacy/children/asking/", consent_views.ask, name="ask"),
    path("privacy/children/consent/<str:token>/", consent_views.consent, name="consent"),
    path("privacy/children/consent/<str:token>/yes/", consent_views.yes, name="consent_yes"),
    path("privacy/children/consent/<str:token>/no/", consent_views.no, name="consent_no"),
    path("privacy/children/consent/<str:token>/here/", consent_views.here, name="consent_here"),
]
