"""Whatever is refused leaves a line in the log, wherever in the house it was refused: by how the answer went, or by what the
room that refused it wrote on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.edge.staff import is_staff
from forecourt.people import vault
from forecourt.security_log import Event, tell

Handler = Callable[[HttpRequest], HttpResponse]
REFUSALS = {401: Event.PAGE_REFUSED, 403: Event.PAGE_REFUSED, 429: Event.LIMIT_FULL}


def refusals(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        request.refused_as = None
        response = get_response(request)
        if event := request.refused_as or REFUSALS.get(response.status_code):
            match = request.resolver_match
            tell(event, page=match.view_name if match else "", account=account_of(request))
        return response

    return handle


def account_of(request: HttpRequest) -> str:
    """The number of whoever is signed in; none where nobody is."""
    if is_staff(request):
        user = getattr(request, "user", None)
        return vault.number_of("staff", str(user.pk)) if user is not None and user.is_authenticated else ""
    session = getattr(request, "signed_in", None)
    return vault.number_of("visitor", str(session.account_id)) if session else ""
