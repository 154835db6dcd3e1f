"""What happens to every request, whichever page it asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.adapters import clock

Handler = Callable[[HttpRequest], HttpResponse]

# What a browser could lend a page to look at somebody, to spend or to advertise. None of our pages asks for any of it.
# Names that browsers gave up are left out, since each would be a complaint in every visitor's console.
NOBODY_GETS = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection",
    "interest-cohort", "local-fonts", "magnetometer", "microphone", "midi", "payment", "private-state-token-issuance",
    "private-state-token-redemption", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{feature}=()" for feature in NOBODY_GETS)


def moment(get_response: Handler) -> Handler:
    """One `now` a request, so that one page never tells two times."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()
        return get_response(request)

    return handle


def nothing_lent(get_response: Handler) -> Handler:
    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        return response

    return handle
