"""What base.html may put at the end of a page. Both are asked as they are rendered, so that what is not shown is not decided."""

from collections.abc import Callable

from django.http import HttpRequest

from forecourt.traffic import beacons, tags


def traffic(request: HttpRequest) -> dict[str, Callable[[], object]]:
    if not hasattr(request, "choices"):  # an error from before anything was read
        return {}
    return {"tags": lambda: tags.of_page(request), "beacon": lambda: beacon(request)}


def beacon(request: HttpRequest) -> str:
    if address := beacons.address_for(request):
        request.made_for_one = True
    return address
