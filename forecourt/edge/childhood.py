"""A browser that was told an age below 13 sends us nothing: the form of every room is refused before its view sees it, but those
that minors/asking.py names."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.edge.choices import AGE_COOKIE
from forecourt.edge.staff import is_staff
from forecourt.minors import asking, consents, views
from forecourt.policy.policy import Age


class NothingFromChildren:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if is_staff(request) or not asking.is_asked(request, name):
            return None
        if stands_still(request) and name not in asking.OPEN_TO_REPORTED:
            return views.stands_still(request)
        if request.choices.age is not Age.CHILD:
            return None
        if consents.lets(request.COOKIES.get(AGE_COOKIE, "").partition("+")[2], name):
            return None
        return views.refused(request)


def stands_still(request: HttpRequest) -> bool:
    """Whoever is signed in, with an address that was reported as a child's or is being erased."""
    return request.signed_in is not None and request.signed_in.account.contact.frozen_at is not None
