"""Recalls by VIN, and what maintenance is still covered. What is typed here comes by POST, is answered, and is gone."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from forecourt.vehicles import catalogue
from forecourt.vehicles.recalls import campaigns, cars, cover, limit, makers
from forecourt.vehicles.recalls import vin as vins
from forecourt.vehicles.recalls.cars import Car, Line
from forecourt.vehicles.recalls.forms import CoverForm, RecallForm
from forecourt.web.forms import takes

OFFICIAL = "https://www.nhtsa.gov/recalls"
SLOWLY = "Many lookups came from your network within this minute. Wait a minute, then press the button again."


@dataclass(frozen=True, slots=True)
class Meant:
    """Whose car a VIN is: ours, or, with what is known of the maker, somebody else's. `says` is why it can be neither."""

    car: Car | None = None
    maker: str = ""
    says: str = ""


def meant_by(vin: str) -> Meant:
    ours = cars.ours()
    assert ours is not None, "the page is there for brands that have VINs"
    if not ours.is_ours(vin):
        return Meant(maker=makers.whose(vin))
    found = ours.car(vin)
    return Meant(car=found) if isinstance(found, Car) else Meant(says=found)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("vin")
def recalls(request: HttpRequest) -> HttpResponse:
    ours = cars.ours()
    if ours is None:
        raise Http404("We look up no recalls here.")
    shown: dict[str, object] = {"age": campaigns.age(request.now), "official": OFFICIAL, "examples": ours.examples}
    if request.method != "POST":
        return render(request, "recalls/recalls.html", {**shown, "form": RecallForm(label_suffix="")})
    request.made_for_one = True
    form = RecallForm(request.POST, label_suffix="")
    status = 200
    if not limit.may_look_up(request):
        form.add_error("vin", SLOWLY)
        status = 429
    elif form.is_valid():
        meant = meant_by(form.cleaned_data["vin"])
        if not meant.says:
            found = campaigns.open_for(form.cleaned_data["vin"])
            answer = {"vin": form.cleaned_data["vin"], "meant": meant, "found": found}
            shown["line"] = drawn(meant.car.line) if meant.car else None
            return render(
                request, "recalls/recalls.html", {**shown, "form": RecallForm(label_suffix=""), "answer": answer}
            )
        form.add_error("vin", meant.says)
    shown["suggestion"] = vins.suggestion(request.POST.get("vin", "")) if status == 200 else None
    return render(request, "recalls/recalls.html", {**shown, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@takes("vin", "car", "miles", "first_day")
def maintenance(request: HttpRequest) -> HttpResponse:
    if not cover.covers():
        raise Http404("Our cars come without maintenance.")
    shown = {"covers": cover.covers(), "examples": cars.ours().examples}  # type: ignore[union-attr]  # covers come with VINs
    today = request.now.date()
    if request.method != "POST":
        return render(request, "recalls/maintenance.html", {**shown, "form": CoverForm(today=today)})
    request.made_for_one = True
    form = CoverForm(request.POST, today=today)
    status = 200
    if not limit.may_look_up(request):
        form.add_error("vin", SLOWLY)
        status = 429
    elif form.is_valid() and (answer := covered(form)):
        return render(request, "recalls/maintenance.html", {**shown, "form": form, "answer": answer})
    return render(request, "recalls/maintenance.html", {**shown, "form": form}, status=status)


def covered(form: CoverForm) -> dict | None:
    """None, and the form says why, where no car of ours is meant. Of a car that the maker knows, the maker's day counts."""
    data = form.cleaned_data
    first_day = data["first_day"]
    if data["vin"]:
        meant = meant_by(data["vin"])
        if meant.car is None:
            whose = f"seems to be a {meant.maker}’s" if meant.maker else "is none of ours"
            form.add_error("vin", meant.says or f"This VIN {whose}, and its cover is its maker’s to tell.")
            return None
        line, year = meant.car.line, meant.car.year
        known = campaigns.first_day(meant.car)
    else:
        line, year = chosen(data["car"])
        known = None
    first_day = known or first_day
    left = cover.remaining(cover.covers(), line, year, data["miles"], first_day, form.today)
    return {
        "line": drawn(line),
        "name": f"{year} {line.name}",
        "miles": data["miles"],
        "first_day": first_day,
        "known": known,
        "left": left,
    }


def drawn(line: Line) -> catalogue.Line | None:
    """In its newest shape; a line that has no page any more has no drawing either."""
    return catalogue.line(line.slug)


def chosen(car: str) -> tuple[Line, int]:
    ours = cars.ours()
    assert ours is not None
    return next(line for line in ours.lines if line.letter == car[0]), int(car[1:])
