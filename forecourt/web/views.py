"""What every page leans on: stylesheets, font, mark."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forecourt.web import sitemap, style

FOREVER = "public, max-age=31536000, immutable"


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    return HttpResponse(sitemap.written(request.now), content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(sitemap.robots(), content_type="text/plain; charset=utf-8")


@require_safe
def asset(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    found = style.assets().get(name)
    if found is None:
        raise Http404("No such style or font.")
    zipped = found.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(found.gzipped if zipped else found.body, content_type=found.kind)
    # A page that was kept from before the last release asks with an old hash; it gets today's file, but may not keep it.
    response["Cache-Control"] = FOREVER if digest == found.digest else "no-cache"
    if found.gzipped is not None:
        response["Vary"] = "Accept-Encoding"
    if zipped:
        response["Content-Encoding"] = "gzip"
    return response
