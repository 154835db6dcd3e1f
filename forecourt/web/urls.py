from django.urls import path

from forecourt.web import patterns, views

app_name = "web"
urlpatterns = [
    path("style/<str:digest>/<str:name>", views.asset, name="asset"),
    path("sitemap.xml", views.site_map, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("demo/patterns/", patterns.patterns, name="patterns"),
]
