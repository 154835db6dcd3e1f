"""Sessions, logins and Django's form token live under the staff's paths alone: visitors never get a cookie from them."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware

Handler = Callable[[HttpRequest], HttpResponse]


class StaffOnly:
    """A chain of middleware that requests of other paths go past."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.forms = CsrfViewMiddleware(AuthenticationMiddleware(MessageMiddleware(get_response)))
        self.chain = cast(Handler, SessionMiddleware(self.forms))  # it may be asynchronous elsewhere, never here

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self.chain if is_staff(request) else self.get_response)(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        return self.forms.process_view(request, view, args, kwargs) if is_staff(request) else None


def is_staff(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.STAFF_PATHS)
