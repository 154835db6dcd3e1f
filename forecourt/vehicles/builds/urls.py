from django.urls import path

from forecourt.vehicles.builds import comparing, saved_views, takeaway, views

app_name = "builds"
urlpatterns = [
    path("build/", views.start, name="start"),
    path("build/compare/", comparing.compare, name="compare"),
    path("build/saved/", saved_views.saved, name="saved"),
    path("build/saved/new/", saved_views.save, name="save"),
    path("build/saved/<uuid:build_id>/name/", saved_views.name, name="name"),
    path("build/saved/<uuid:build_id>/link/", saved_views.link, name="link"),
    path("build/saved/<uuid:build_id>/link/removal/", saved_views.no_link, name="no_link"),
    path("build/saved/<uuid:build_id>/deletion/", saved_views.deletion, name="deletion"),
    path("build/shared/<slug:token>/", saved_views.shared, name="shared"),
    path("build/<slug:slug>/", views.build, name="build"),
    path("build/<slug:slug>/car.svg", views.drawn, name="picture"),
    path("build/<slug:slug>/payment/", views.payment, name="payment"),
    path("build/<slug:slug>/car.png", takeaway.photo, name="photo"),
    path("build/<slug:slug>/sheet.pdf", takeaway.sheet, name="sheet"),
    path("build/<slug:slug>/rules-<slug:digest>.bin", views.rules, name="rules"),
]
