"""What of a build can be taken away: a picture, and a sheet to print. Both are made of the address, and kept nowhere."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from forecourt.vehicles.builds import sheets
from forecourt.vehicles.builds.asked import address, line_to_build, seen_in, state_in
from forecourt.vehicles.builds.wishes import Wishes, title
from forecourt.vehicles.options import picture
from forecourt.web.brand import brand

AN_HOUR = "public, max-age=3600"


@require_safe
def photo(request: HttpRequest, slug: str) -> HttpResponse:
    line, compiled = line_to_build(slug)
    car = Wishes.read(compiled, request.GET.get("b", "")).standing.car
    assert car is not None
    image = picture.image(line, compiled.range, car, seen_in(request, line))
    return HttpResponse(image, content_type="image/png", headers=taken_as(f"{line.slug}.png"))


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    line, compiled = line_to_build(slug)
    wishes, state = Wishes.read(compiled, request.GET.get("b", "")).standing, state_in(request)
    car = wishes.car
    assert car is not None
    printed = sheets.printed(
        sheets.Sheet(
            line=line,
            title=title(compiled.range, car),
            image=picture.image(line, compiled.range, car),
            price=compiled.range.price(car, state, request.now.date()),
            weeks=compiled.range.delivery(car)[0],
            state=state,
            address=f"{brand().site_url.rstrip('/')}{address(line.slug, wishes, state)}",
            on=request.now.date(),
        )
    )
    return HttpResponse(printed, content_type="application/pdf", headers=taken_as(f"{line.slug}.pdf"))


def taken_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'inline; filename="{brand().name.lower()}-{name}"', "Cache-Control": AN_HOUR}
