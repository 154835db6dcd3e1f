from django.urls import path

from forecourt.rights import ad_views, choice_views, cookie_views, views

app_name = "rights"
urlpatterns = [
    path("m/<str:token>/", views.message, name="message"),
    path("m/<str:token>/stop/", views.stop, name="stop"),
    path("m/<str:token>/resumption/", views.resumption, name="resumption"),
    path("m/<str:token>/dealers/", views.dealers, name="dealers"),
    path("m/<str:token>/choices/<str:which>/no/", choice_views.no, name="message-no"),
    path("m/<str:token>/choices/<str:which>/yes/", choice_views.yes, name="message-yes"),
    path("m/<str:token>/choices/<str:which>/age/", choice_views.age, name="message-age"),
    path("privacy/choices/", choice_views.choices, name="choices"),
    path("privacy/choices/address/", choice_views.address, name="address"),
    path("privacy/choices/<str:which>/no/", choice_views.no, name="no"),
    path("privacy/choices/<str:which>/yes/", choice_views.yes, name="yes"),
    path("privacy/choices/<str:which>/age/", choice_views.age, name="age"),
    path(".well-known/gpc.json", choice_views.signal, name="signal"),
    path("privacy/ads/", ad_views.page, name="ads"),
    path("privacy/cookies/", cookie_views.page, name="cookies"),
    path("privacy/cookies/deletion/", cookie_views.deletion, name="cookie_deletion"),
]
