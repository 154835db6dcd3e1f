"""The sentences about cookies: which there are and why, and how they end."""

from collections.abc import Callable, Iterator
from http.cookies import Morsel, SimpleCookie
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string

from forecourt.consent.choices import Answer, Choices
from forecourt.interactions.memory import COOKIE as FORM_MEMORY
from forecourt.policy.policy import Cookie, CookieReason, Policy, Switch
from forecourt.proof import surplus
from forecourt.proof.browser import Browser
from forecourt.proof.probes.remembering import TICKED, books
from forecourt.proof.probes.site import crawl
from forecourt.proof.probes.staff import at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.web.brand import brand

DAY = 86_400
RULE = "forecourt.edge.cookies.objection"
YES_TO_ALL = str(Choices().say(Answer.YES, *Switch))


def cookie(name: str, **attributes: Any) -> Morsel:
    made: SimpleCookie = SimpleCookie({name: "x"})
    ours: dict[str, Any] = {"path": "/", "httponly": True, "samesite": "Lax", "secure": True}
    made[name].update(ours | attributes)
    return made[name]


def as_declared(row: Cookie) -> Morsel:
    return cookie(row.name, path=row.path, **({"max-age": row.lifetime * DAY} if row.lifetime else {}))


def around_every_answer(change: Callable[[HttpResponse], None]) -> Callable:
    """A mutant: something past the rule changes what leaves."""

    def replace_rule(declared_only):
        def around(get_response):
            answer = declared_only(get_response)

            def handle(request):
                response = answer(request)
                change(response)
                return response

            return handle

        return around

    return replace_rule


# P-10-1


@probe("P-10-1")
def no_cookie_is_set_without_a_reason(world):
    """Looks at the reason of every cookie on the list, and holds made-up cookies against the rule that guards each answer: one that is
    not on the list, one that stays too long, one that other sites or scripts can have, and one without the yes that it needs
    have to be refused, and the declared ones pass."""
    policy, refuses = world.policy, import_string(RULE)
    page = world.get(reverse("rights:cookies")).must_be_fine()
    everything = frozenset(Switch)
    for row in policy.cookies.values():
        world.look()
        if row.reason not in set(CookieReason) or row.reason not in page.text:
            yield "the list does not say why a cookie is set"
        if row.host:
            continue
        if refuses(policy, row.name, as_declared(row), everything):
            raise CouldNotRun(f"the rule refuses {row.name}, which is declared")
        too_long = cookie(row.name, path=row.path, **{"max-age": ((row.lifetime or 0) + 1) * DAY})
        reaches = [cookie(row.name, path=row.path, domain=".example.com"), cookie(row.name, path="/elsewhere/")]
        if not all(refuses(policy, row.name, bad, everything) for bad in (too_long, *reaches)):
            yield "a cookie would be set otherwise than the list says"
        if row.switch and not refuses(policy, row.name, as_declared(row), frozenset()):
            yield "a cookie would be set without the yes that it needs"
    if not refuses(policy, "visitor", cookie("visitor"), everything):
        yield "a cookie without a reason would be set"


@mutant("P-10-1", seam=RULE, finding="a cookie without a reason would be set")
def any_cookie_will_do(objection):
    return lambda policy, name, morsel, said_yes=frozenset(): ""


@mutant("P-10-1", seam="forecourt.edge.cookies.lasts_longer", finding="otherwise than the list says")
def cookies_stay_as_long_as_they_like(lasts_longer):
    return lambda morsel, declared: False


@mutant("P-10-1", seam="forecourt.edge.cookies.differences", finding="without the yes that it needs")
def a_yes_is_taken_for_granted(differences):
    return lambda name, morsel, declared, said_yes: differences(name, morsel, declared, frozenset(Switch))


@mutant("P-10-1", seam="forecourt.web.cookie_table.rows_of", finding="the list does not say why a cookie is set")
def a_reason_is_kept_quiet(rows_of):
    return lambda policy, reason: [] if reason is CookieReason.RETYPING else rows_of(policy, reason)


# P-10-2


@probe("P-10-2")
def a_visit_brings_only_what_the_list_has(world):
    """Goes through the site as somebody new, as somebody who said yes to everything, and as a made-up member of staff, and compares
    every cookie that comes with the list: its name, who sets it, where it goes and how long it stays. Somebody new may get
    none at all. Then asks whether any had to be dropped on its way out, today or yesterday."""
    newcomer = Browser(keeps_cookies=True)
    for _ in crawl(world, newcomer, 60):
        pass
    if newcomer.offered:
        yield "somebody new was offered a cookie"
    willing = Browser(keeps_cookies=True)
    willing.holds("choices", YES_TO_ALL)
    willing.holds("browser", "of-a-check")
    for _ in crawl(world, willing, 40):
        pass
    with at_the_desk(world) as desk:
        desk.signs_in()
        desk.sees("/staff/").must_be_fine().form("/logout/").send(desk.browser)
    for browser in (newcomer, willing, desk.browser):
        for morsel in browser.offered:
            world.look()
            yield from differs(morsel, world.policy)
    if surplus.ringing(world.now).exists():
        yield "our own code tried to set a cookie against the list, and it was dropped"


@probe("P-10-2")
def what_a_visitor_asked_for_is_on_the_list(visitor):
    """Books with the box ticked that has the form remember, says no and yes on the page of choices, and compares every cookie that
    this brings with the list: its name, who sets it, where it goes and how long it stays."""
    visitor.browser.keeps_cookies = True
    books(visitor, **TICKED)
    choices = visitor.sees(reverse("rights:choices"))
    choices.form("/analytics/yes/").send(visitor.browser)
    choices.form("/sale/no/").send(visitor.browser)
    if FORM_MEMORY not in visitor.browser.jar:
        raise CouldNotRun("the ticked box brought no cookie")
    for morsel in visitor.browser.offered:
        visitor.world.look()
        yield from differs(morsel, visitor.world.policy)


def differs(morsel: Morsel, policy: Policy) -> Iterator[str]:
    """Compared by what left, and not by the rule that let it: that one is what is looked at."""
    row = policy.cookies.get(morsel.key)
    if row is None:
        yield "a cookie came that the list lacks"
        return
    if row.host or row.setter != brand().name:
        yield "a cookie was set by somebody else than the list says"
    if morsel["path"] != row.path or morsel["domain"]:
        yield "a cookie goes further than the list says"
    if str(morsel["max-age"]) == "0":
        return
    if not morsel["httponly"] or morsel["samesite"] not in ("Lax", "Strict"):
        yield "scripts or other sites can have a cookie of ours"
    stays = int(morsel["max-age"] or 0)
    if stays > (row.lifetime or 0) * DAY or (row.lifetime is None and morsel["expires"]):
        yield "a cookie stays longer than the list says"


@mutant("P-10-2", seam="forecourt.edge.cookies.declared_only", finding="a cookie came that the list lacks")
def a_rogue_cookie(declared_only):
    return around_every_answer(lambda response: response.set_cookie("_fc", "1"))(declared_only)


@mutant("P-10-2", seam="forecourt.edge.cookies.declared_only", finding="somebody new was offered a cookie")
def a_declared_cookie_for_everybody(declared_only):
    return around_every_answer(
        lambda response: response.set_cookie("recent", "pipit", max_age=DAY, httponly=True, samesite="Lax")
    )(declared_only)


@mutant("P-10-2", seam="forecourt.edge.cookies.declared_only", finding="a cookie stays longer than the list says")
def cookies_live_twice_as_long(declared_only):
    def change(response):
        for morsel in response.cookies.values():
            if morsel["max-age"]:
                morsel["max-age"] = int(morsel["max-age"]) * 2

    return around_every_answer(change)(declared_only)


@mutant("P-10-2", seam="forecourt.edge.cookies.declared_only", finding="a cookie goes further than the list says")
def cookies_go_to_every_host(declared_only):
    def change(response):
        for morsel in response.cookies.values():
            morsel["domain"] = ".wren.example"

    return around_every_answer(change)(declared_only)


@mutant("P-10-2", seam="forecourt.dealers.views.render", finding="our own code tried to set a cookie against the list")
def a_page_tries_a_tracker(render):
    def render_with_tracker(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.set_cookie("tracker", "1")
        return response

    return render_with_tracker


# P-10B-1


@probe("P-10B-1")
def cookies_of_a_visit_end_with_it(world):
    """Signs in as a made-up member of staff: the cookies that last for a visit may carry no date, signing out has to take all of them
    away, and a browser that is closed and opened again may not be signed in. All of it is taken back."""
    visit = {name for name, row in world.policy.cookies.items() if row.lifetime is None}
    with at_the_desk(world) as desk:
        desk.signs_in()
        for morsel in desk.browser.offered:
            world.look()
            if morsel.key in visit and str(morsel["max-age"]) != "0" and (morsel["max-age"] or morsel["expires"]):
                yield "a cookie of a visit carries a date"
        before = {name: held.value for name, held in desk.browser.jar.items() if name in visit}
        if not before:
            raise CouldNotRun("signing in brought no cookie")
        desk.sees("/staff/").must_be_fine().form("/logout/").send(desk.browser)
        if any(name in desk.browser.jar and desk.browser.jar[name].value == value for name, value in before.items()):
            yield "signing out left a cookie of the visit"
    with at_the_desk(world) as desk:
        desk.signs_in()
        desk.browser.closes()
        if desk.sees("/staff/").is_fine:
            yield "a browser that was closed and opened again is still signed in"


@mutant("P-10B-1", seam="forecourt.edge.cookies.declared_only", finding="a cookie of a visit carries a date")
def a_visit_lasts_a_month(declared_only):
    def change(response):
        for morsel in response.cookies.values():
            if morsel.value and not morsel["max-age"]:
                morsel["max-age"] = 30 * DAY

    return around_every_answer(change)(declared_only)


@mutant("P-10B-1", seam="forecourt.console.gate.end_visit", finding="signing out left a cookie of the visit")
def signing_out_is_half_done(end_visit):
    return lambda response, request: None
