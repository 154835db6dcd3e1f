"""What happens to every request, whichever page it asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.adapters import clock

Handler = Callable[[HttpRequest], HttpResponse]


def moment(get_response: Handler) -> Handler:
    """One `now` a request, so that one page never tells two times."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        return get_response(request)

    return handle
