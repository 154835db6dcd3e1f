"""The public pages: the policy with its marks, its versions, and what the checks found; and the same for machines."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forecourt.consent import policies, signals
from forecourt.policy.policy import Policy
from forecourt.proof import evidence, machine, page, registry, safeguards
from forecourt.traffic import tags
from forecourt.web.marks import Kind, Mark

SIGNALS = {
    "sent": "It sends Global Privacy Control: received with this page, and honored.",
    "kept": "It sends none now, and sent Global Privacy Control before: still honored.",
    "": "It sends no opt-out signal.",
}
SIGNALLED = "We do not sell or share your data, and no ad network learns what you do here, on this page and on every one after it."
NOTHING_ON = "Whatever you have not said yes to is off, and you have said yes to nothing."
SOMETHING_ON = "You said yes to some of what stands under Your Privacy Choices; everything else is off."
DNT_ALONE = "It also sends Do Not Track, which alone changes nothing here."


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    in_force = policies.in_force(request.now)
    shown = page.of(in_force, request.now)
    context = {"page": shown, "browser": browser_now(request), "marks": legend(shown), **about_versions(request)}
    return private_copy(render(request, "proof/policy.html", context | {"uses": page.whole_list(in_force)}))


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    found = find(version)
    live = found.version == policies.in_force(request.now).version
    context = {"page": page.of(found, request.now, live=live), "live": live, "uses": page.whole_list(found)}
    return render(request, "proof/version.html", context | about_versions(request))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    versions = policies.book().versions
    newest = policies.book().coming(request.now) or policies.in_force(request.now)
    place = [one.version for one in versions].index(newest.version)
    older = request.GET.get("from") or versions[max(0, place - 1)].version
    newer = request.GET.get("to") or newest.version
    context = {"older": find(older), "newer": find(newer), "difference": policies.book().diff(older, newer)}
    return render(request, "proof/compare.html", context | about_versions(request))


@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    shown = page.of(policies.in_force(request.now), request.now)
    return private_copy(
        render(
            request, "proof/checks.html", {"page": shown, "marks": legend(shown), "safeguards": safeguards.register()}
        )
    )


@require_safe
def safeguard_list(request: HttpRequest) -> HttpResponse:
    found = safeguards.lines(request.now)
    if not found:
        raise Http404("This brand has no list of safeguards.")
    context = {"lines": found, "red": sum(line.is_red for line in found)}
    return private_copy(render(request, "proof/safeguards.html", context))


@require_safe
def check(request: HttpRequest, promise: str) -> HttpResponse:
    shown = page.of(policies.in_force(request.now), request.now)
    sentence = next((one for one in shown.sentences if one.id == promise), None)
    if sentence is None:
        raise Http404(f"The policy in force has no sentence {promise}.")
    context = {
        "sentence": sentence,
        "turns": evidence.turns(promise),
        "probes": registry.probes([promise]),
        "troubles": [trouble for trouble in shown.troubles if trouble.sentence.id == promise],
    }
    return private_copy(render(request, "proof/check.html", context))


@require_safe
def well_known(request: HttpRequest) -> JsonResponse:
    response = JsonResponse(machine.table(request.now), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def find(version: str) -> Policy:
    try:
        return policies.book().version(version)
    except LookupError:
        raise Http404("There is no version of that name.") from None


def browser_now(request: HttpRequest) -> dict:
    chosen, policy = request.choices, policies.in_force(request.now)
    signal = "sent" if chosen.sent else "kept" if chosen.kept else ""
    effect = [SIGNALLED] if signal else []
    if not signal or chosen.said_yes:
        effect.append(SOMETHING_ON if chosen.said_yes else NOTHING_ON)
    if signals.has_dnt(request.headers.get("DNT")):
        effect.append(DNT_ALONE)
    return {
        "gpc": bool(signal),
        "signal": SIGNALS[signal],
        "effect": " ".join(effect),
        "cookies": len(request.COOKIES),
        "hosts": len({urlsplit(use.src).netloc for use in tags.allowed(chosen, policy, request.now)}),
        "at": request.now,
    }


def about_versions(request: HttpRequest) -> dict:
    book = policies.book()
    return {
        "versions": [one for one in reversed(book.versions) if one.posted <= request.now],
        "in_force": policies.in_force(request.now),
        "coming": book.coming(request.now),
    }


def legend(shown: page.PolicyPage) -> list[tuple[Mark, str]]:
    """The marks that stand on this page, with what each means."""
    words = {
        Kind.CHECKED: "software looked, and found no failure",
        Kind.SIGNED: "a person answers for it until that day",
        Kind.INFORMS: "there is nothing to check",
        Kind.REVIEW: "a check found a failure",
        Kind.UNCHECKED: "no check has told yet, or the last one is too old",
    }
    first: dict[Kind, Mark] = {}
    for sentence in shown.sentences:
        first.setdefault(sentence.mark.kind, sentence.mark)
    return [(first[kind], words[kind]) for kind in words if kind in first]


def private_copy(response: HttpResponse) -> HttpResponse:
    """It shows what this browser sent and what was known a moment ago."""
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "Sec-GPC", "DNT"]))
    response["Cache-Control"] = "no-cache"
    return response
