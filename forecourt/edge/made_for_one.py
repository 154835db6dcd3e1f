"""A page with a tag, a beacon or somebody's own cars in it was made for one browser, and no cache on the way may keep it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]


def kept_nowhere(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "made_for_one", False):
            response["Cache-Control"] = "private, no-store"
        return response

    return handle
