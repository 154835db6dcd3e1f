"""The tour's second chapter: a yes, what it brings, a no, and that nothing is left of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.adapters import murmur, origins
from forecourt.consent import policies
from forecourt.people import browsers
from forecourt.policy.sales import SIGNALLED
from forecourt.proof.browser import own_address
from forecourt.proof.registry import CouldNotRun
from forecourt.run.tour import breaks, four_browsers, partners
from forecourt.run.tour.breaks import Chapter
from forecourt.traffic import tags
from forecourt.web.private import private


@private
@require_safe
def no_means_no(request: HttpRequest) -> HttpResponse:
    policy, said = policies.in_force(request.now), request.choices
    network, news = (address for _, address in murmur.addresses(origins.port()))
    context = {
        "cookies": sorted(set(request.COOKIES) & set(policy.cookies)),
        "said_yes": said.said_yes >= SIGNALLED,
        "said_no": said.said_no >= SIGNALLED,
        "signal": said.signal,
        "network": network,
        "news": news,
        "words": partners.newest_words(request.COOKIES.get(browsers.COOKIE, "")),
        "gpp": four_browsers.read(tags.gpp(said)),
        "breaks": breaks.states(Chapter.NO, policy.uses.values()),
    }
    return render(request, "tour/no.html", context)


@private
@require_safe
def signal(request: HttpRequest) -> HttpResponse:
    problem = ""
    try:
        answered = four_browsers.ask()
    except CouldNotRun as reason:
        answered, problem = [], f"Our own site did not answer: {reason}."
    context = {
        "answered": answered,
        "problem": problem,
        "path": four_browsers.PATH,
        "address": f"{own_address()}{four_browsers.PATH}",
    }
    return render(request, "tour/signal.html", context, status=503 if problem else 200)
