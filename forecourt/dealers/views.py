from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from forecourt.dealers import beside, hours, mine, search, structured
from forecourt.dealers.forms import SearchForm
from forecourt.dealers.locator import Entry
from forecourt.dealers.models import Dealer
from forecourt.dealers.network import network
from forecourt.dealers.pack import SERVICES
from forecourt.web import cookies
from forecourt.web.forms import takes

# How far ahead a dealer's page tells of closed days.
HORIZON = timedelta(days=60)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET if set(request.GET) & set(SearchForm.base_fields) else None, label_suffix="")
    if not form.is_bound or not form.is_valid():
        shown = {"form": form, "total": len(network().dealers), "mine": mine.of(request)}
        return render(request, "dealers/find.html", shown)
    typed, services = form.cleaned_data["place"], form.cleaned_data["service"]
    answer = search.answer(network(), typed, services, request.GET.get("after", ""))
    if answer.trouble:
        form.add_error("place", answer.trouble)

    def link(**changes: str | list[str]) -> str:
        return f"{reverse('dealers:find')}?{urlencode({'place': typed, 'service': services, **changes}, doseq=True)}"

    context = {
        "form": form,
        "mine": mine.of(request),
        "answer": answer,
        "typed": typed,
        "services": services,
        "rows": [(found, open_words(found.dealer, request)) for found in answer.page.found] if answer.page else (),
        "meant": [(choice, link(place=choice)) for choice in answer.choices],
        "start_url": link(),
        "more_url": answer.page and answer.page.after and link(after=answer.page.after),
        "any_service_url": link(service=[]),
    }
    return render(request, "dealers/find.html", context)


def open_words(dealer: Entry, request: HttpRequest) -> str:
    words = hours.today_words(dealer.timetable, request.now)
    return words if "test-drive" in dealer.services else f"{words}. No test drives here"


@require_safe
def dealer(request: HttpRequest, slug: str) -> HttpResponse:
    found = Dealer.objects.prefetch_related("hours", "closed_days").filter(slug=slug).first()
    if found is None:
        raise Http404("There is no dealer at this address.")
    if not found.active:
        return render(request, "dealers/gone.html", {"dealer": found}, status=410)
    timetable = found.timetable
    today = timetable.local(request.now).date()
    context = {
        "dealer": found,
        "open_words": hours.today_words(timetable, request.now),
        "week": hours.week(timetable),
        "today": hours.WEEKDAYS[today.weekday()],
        "closed_days": sorted((day, why) for day, why in timetable.closed.items() if today <= day <= today + HORIZON),
        "services": [SERVICES[service] for service in SERVICES if service in found.services],
        "drives": "test-drive" in found.services,
        "beside": beside.links(found.slug),
        "is_mine": request.COOKIES.get(mine.COOKIE) == found.slug,
        "structured": structured.nodes(found),
    }
    return render(request, "dealers/dealer.html", context)


@require_safe
def on_the_map(request: HttpRequest) -> HttpResponse:
    """Where each dealer stands, for the map beside the list."""
    dealers = [
        {
            "slug": entry.slug,
            "name": entry.name,
            "where": f"{entry.city}, {entry.state}",
            "at": [round(entry.latitude, 4), round(entry.longitude, 4)],
            "services": sorted(entry.services),
        }
        for entry in network().dealers
    ]
    return JsonResponse({"dealers": dealers})


@require_POST
@takes("dealer")
def choice(request: HttpRequest) -> HttpResponse:
    """ "Make this my dealer": the one press that sets the cookie."""
    found = network().find(request.POST.get("dealer", ""))
    if found is None:
        raise Http404("There is no such dealer (any more). Look for another one.")
    answer = HttpResponseRedirect(cookies.told(reverse("dealers:dealer", args=[found.slug]), mine.COOKIE))
    mine.choose(request, answer, found)
    return answer


@require_POST
@takes()
def no_choice(request: HttpRequest) -> HttpResponse:
    answer = HttpResponseRedirect(reverse("dealers:find"))
    mine.clear(request, answer)
    return answer
