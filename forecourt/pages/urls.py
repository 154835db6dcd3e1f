"""The CMS behind the staff's gate, and the pages that editors wrote. Last of all rooms: it answers what no other claims."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.static import serve as serve_file
from wagtail.admin import urls as cms
from wagtail.views import serve

from forecourt.pages import views

# Pictures as they are shown; what editors uploaded is not served.
SHOWN = settings.MEDIA_ROOT / "images"

urlpatterns = [
    path("staff/cms/", include(cms)),
    path("links/", views.where_links_lead, name="where_links_lead"),
    path("media/images/<path:path>", serve_file, {"document_root": SHOWN}, name="picture"),
    re_path(r"^((?:[\w\-]+/)*)$", serve, name="wagtail_serve"),
]
