"""What happens to every request, whichever page it asks for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from forecourt.adapters import clock

Handler = Callable[[HttpRequest], HttpResponse]

# What a browser could lend a page to look at somebody, to spend or to advertise. None of our pages asks for any of it.
NOBODY_GETS = (
    "accelerometer", "attribution-reporting", "bluetooth", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "hid", "idle-detection", "interest-cohort", "join-ad-interest-group", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "private-state-token-issuance", "private-state-token-redemption", "run-ad-auction",
    "serial", "shared-storage", "usb", "xr-spatial-tracking",
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
