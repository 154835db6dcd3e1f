"""Saved cars: the list of one browser, what its owner does with them, and the page that a link shows."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST, require_safe

from forecourt.vehicles import catalogue
from forecourt.vehicles.builds import again, saving, shelves
from forecourt.vehicles.builds.again import Today
from forecourt.vehicles.builds.asked import address, line_to_build, named, query
from forecourt.vehicles.builds.forms import NameForm
from forecourt.vehicles.builds.models import MOST, SavedBuild
from forecourt.vehicles.builds.wishes import Wishes
from forecourt.vehicles.options import picture
from forecourt.web import cookies
from forecourt.web.brand import brand
from forecourt.web.forms import takes
from forecourt.web.private import private

NO_LINK = (
    "This link shows no car, or not any more",
    "Whoever sent it to you can make a new one, or you build your own.",
)
NOT_MINE = ("That car is not saved on this device, or not any more", "Its address, if you kept it, is the whole car.")


@dataclass(frozen=True, slots=True)
class Card:
    """A saved car as a page shows it. `to` is where it can be built on, "" where its line is not built any more."""

    build: SavedBuild
    name: str
    today: Today
    drawing: SafeString | str
    to: str
    sheet: str
    link: str = ""
    form: NameForm | None = None

    @property
    def compared(self) -> str:
        return named(self.today.wishes) if self.today.wishes else ""


def card(
    request: HttpRequest, build: SavedBuild, name: str, *, key: str, link: str = "", form: NameForm | None = None
) -> Card:
    today = again.today(build, request.now.date())
    line = catalogue.line(build.line)
    if line is None or today.wishes is None:
        return Card(build, name, today, "", "", "", link, form)
    found, car = today.wishes.compiled.range, today.wishes.car
    assert car is not None  # they were made of a car
    drawing = picture.drawn(line, found, car, key=key)
    sheet = f"{reverse('builds:sheet', args=[line.slug])}{query(today.wishes)}"
    return Card(build, name, today, drawing, address(line.slug, today.wishes), sheet, link, form)


def listed(
    request: HttpRequest, *, full: str = "", wrong: tuple[uuid.UUID, NameForm] | None = None, status: int = 200
) -> HttpResponse:
    builds = saving.mine(request)
    names = shelves.names_of(builds, purpose=saving.PURPOSE, now=request.now)
    cards = [
        card(
            request,
            build,
            names[build.pk],
            key=f"saved-{place}",
            link=link_to(shelves.link_of(build)),
            form=wrong[1] if wrong and wrong[0] == build.pk else name_form(build, names[build.pk]),
        )
        for place, build in enumerate(builds)
    ]
    context = {"cards": cards, "full": full, "most": MOST, "days": saving.days(request)}
    return render(request, "builds/saved.html", context, status=status)


def name_form(build: SavedBuild, name: str) -> NameForm:
    return NameForm(initial={"name": "" if build.name is None else name}, auto_id=f"name-{build.pk}", label_suffix="")


def link_to(token: str) -> str:
    return f"{brand().site_url.rstrip('/')}{reverse('builds:shared', args=[token])}" if token else ""


@private
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    return listed(request)


@private
@require_POST
@takes("line", "b", "state")
def save(request: HttpRequest) -> HttpResponse:
    """The one press that sets the cookie. It leads back to the car, whose address holds it whether or not the cookie was kept."""
    if not saving.days(request):
        raise Http404("Cars are not saved here: the address of a car is the whole car.")
    line, compiled = line_to_build(request.POST.get("line", ""))
    wishes = Wishes.read(compiled, request.POST.get("b", "")).standing
    back = address(line.slug, wishes, request.POST.get("state", ""))
    try:
        saved = saving.save(request, wishes)
    except shelves.Full:
        return listed(request, full=back, status=409)
    answer = HttpResponseRedirect(cookies.told(back, saving.COOKIE), status=303)
    saving.hand_over(request, answer, saved.token)
    return answer


def none_there(request: HttpRequest, title: str, body: str) -> HttpResponse:
    return render(request, "builds/none_there.html", {"said": title, "more": body}, status=404)


def of_mine(view: Callable[[HttpRequest, SavedBuild], HttpResponse]) -> Callable[..., HttpResponse]:
    """Somebody else's car and one that does not exist are answered alike."""

    @wraps(view)
    def wrapped(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
        build = shelves.one_of(saving.token_of(request), build_id, request.now)
        return view(request, build) if build else none_there(request, *NOT_MINE)

    return wrapped


@private
@require_POST
@takes("name")
@of_mine
def name(request: HttpRequest, build: SavedBuild) -> HttpResponse:
    form = NameForm(request.POST, auto_id=f"name-{build.pk}", label_suffix="")
    if not form.is_valid():
        return listed(request, wrong=(build.pk, form), status=422)
    shelves.rename(build, form.cleaned_data["name"])
    return to_the_list(build)


@private
@require_POST
@takes()
@of_mine
def link(request: HttpRequest, build: SavedBuild) -> HttpResponse:
    shelves.share(build)
    return to_the_list(build)


@private
@require_POST
@takes()
@of_mine
def no_link(request: HttpRequest, build: SavedBuild) -> HttpResponse:
    shelves.unshare(build)
    return to_the_list(build)


@private
@require_POST
@takes()
@of_mine
def deletion(request: HttpRequest, build: SavedBuild) -> HttpResponse:
    """With the last one nothing is left to find, so the cookie goes too."""
    shelves.delete(build)
    answer = HttpResponseRedirect(reverse("builds:saved"), status=303)
    if not saving.mine(request):
        saving.take_back(request, answer)
    return answer


def to_the_list(build: SavedBuild) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('builds:saved')}#car-{build.pk}", status=303)


@private
@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The car and nothing else of whoever saved it: not their name for it, not the day, not the others."""
    build = shelves.shown_by(token, request.now)
    if build is None:
        return none_there(request, *NO_LINK)
    return render(
        request,
        "builds/shared.html",
        {"card": card(request, build, build.title, key="shared"), "line": catalogue.line(build.line)},
    )
