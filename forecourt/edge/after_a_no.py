"""What a yes brought into the browser goes with the answer that hears the no, whichever page that is."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.consent import policies
from forecourt.edge.choices import is_page
from forecourt.web import cookies

Handler = Callable[[HttpRequest], HttpResponse]


def cookies_gone(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.COOKIES or not is_page(response):
            return response
        policy = policies.in_force(request.now)
        for name in request.COOKIES:
            row = policy.cookies.get(name)
            if row and row.switch and not row.host and row.switch not in request.choices.said_yes:
                cookies.delete(response, name, policy)
        return response

    return handle
