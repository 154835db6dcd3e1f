"""The sentences about a browser that keeps no cookie: what works all the same, and how it is told of what does not."""

import re

from django.http import HttpResponse
from django.urls import reverse

from forecourt.interactions.memory import COOKIE as FORM_MEMORY
from forecourt.proof.probes.booking import filled_in, sent
from forecourt.proof.registry import mutant, probe
from forecourt.proof.visitor import ZIP

TICKED = {"remember": "on"}
SIGN_IN = "/staff/account/login/"
KEPT_NONE = "Your browser kept no cookie"


# P-10E-3


@probe("P-10E-3")
def with_every_cookie_refused_the_site_works(visitor):
    """Refuses every cookie, and looks at the cars, finds a dealer, books a drive, moves through its page and cancels it, says no on the
    page of choices and asks how to reach us: each has to work, and the list of cookies has to say how a browser refuses them."""
    world = visitor.world
    models = visitor.sees("/models/")
    if not models.link("/models/") or not world.get(models.link("/models/p") or "/models/").is_fine:
        yield "the cars cannot be looked at with every cookie refused"
    found = visitor.browser.get(f"/dealers/?place={ZIP}")
    if not found.is_fine or not found.link("/dealers/"):
        yield "no dealer is found with every cookie refused"
        return
    _, form = visitor.opens_the_booking_form()
    booked = sent(visitor, form, filled_in(visitor, form))
    if booked is None:
        yield "nothing can be booked with every cookie refused"
        return
    if not visitor.sees(booked.manage).form("/cancellation/").send(visitor.browser).is_fine:
        yield "a booking cannot be cancelled with every cookie refused"
    said = visitor.browser.get(reverse("rights:choices")).must_be_fine().form("/sale/no/").send(visitor.browser)
    asked = visitor.browser.get("/contact/")
    world.look(2)
    if not said.is_fine or not asked.is_fine:
        yield "a privacy request does not work with every cookie refused"
    page = world.get(reverse("rights:cookies")).must_be_fine()
    if not re.search(r"refuse (them )?all", page.text) or "warn" not in page.text:
        yield "the list does not say how a browser refuses cookies"


@mutant("P-10E-3", seam="forecourt.interactions.views.send", finding="nothing can be booked with every cookie refused")
def no_cookie_no_booking(send):
    return lambda request: send(request) if request.COOKIES else HttpResponse("Allow cookies first.", status=403)


@mutant("P-10E-3", seam="forecourt.dealers.views.render", finding="no dealer is found with every cookie refused")
def a_wall_before_the_dealers(render):
    def walled(request, template, *args, **kwargs):
        if request.COOKIES:
            return render(request, template, *args, **kwargs)
        return HttpResponse("We value your privacy. Accept cookies to go on.")

    return walled


@mutant("P-10E-3", seam="forecourt.rights.choosing.refuse_here", finding="a privacy request does not work")
def no_cookie_no_opt_out(refuse_here):
    def refuse_with_cookie(*args, **kwargs):
        raise PermissionError

    return refuse_with_cookie


# P-10E-4


@probe("P-10E-4")
def what_needs_a_cookie_says_so(visitor):
    """Compares the list of what stops without cookies with what our software declares, in both directions. Then refuses every cookie
    and uses those things: the form that is to remember, the page of choices, and signing in. Each has to go on, and to say in plain
    words what does not work. The list also has to say that we cannot vouch for other companies' tools."""
    world = visitor.world
    page = world.get(reverse("rights:cookies")).must_be_fine()
    declared = {name: row for name, row in world.policy.cookies.items() if not row.host}
    world.look(len(declared))
    shown = {name.removeprefix("without-") for name in page.tree.xpath("//main//@id") if name.startswith("without-")}
    if shown != set(declared) or any(not row.without or row.without not in page.text for row in declared.values()):
        yield "the list of what stops without cookies is not the one that our software has"
    if "cannot vouch" not in page.text:
        yield "the list does not say that other companies’ tools are beyond us"
    _, form = visitor.opens_the_booking_form()
    booked = sent(visitor, form, filled_in(visitor, form) | TICKED)
    if booked is None:
        yield "a form that is to remember fails where cookies are refused"
    elif KEPT_NONE not in booked.page.text or declared[FORM_MEMORY].without not in booked.page.text:
        yield "a form that is to remember does not say that it cannot"
    said = visitor.sees(reverse("rights:choices")).form("/analytics/yes/").send(visitor.browser)
    if not said.is_fine or "did not keep our cookie" not in said.text:
        yield "the page of choices does not say that a yes cannot be kept"
    entrance = visitor.sees(SIGN_IN).form(having="password")
    refused = entrance.send(visitor.browser, login="check-nobody", password="nothing")  # noqa: S106 (nobody's)
    if KEPT_NONE not in refused.text:
        yield "signing in does not say that it needs a cookie"


@mutant("P-10E-4", seam="forecourt.web.cookies.told", finding="a form that is to remember does not say that it cannot")
def nobody_says_that_it_cannot_remember(told):
    return lambda path, *names: path


@mutant("P-10E-4", seam="forecourt.rights.cookie_views.render", finding="is not the one that our software has")
def one_thing_is_left_out(render):
    def render_without(request, template, context=None, **how):
        shown = {**(context or {})}
        if template == "rights/cookies.html":
            shown["stops"] = shown["stops"][1:]
        return render(request, template, shown, **how)

    return render_without


@mutant("P-10E-4", seam="forecourt.interactions.memory.confirm", finding="a form that is to remember fails")
def it_fails_instead(confirm):
    def demand(request):
        if request.GET.getlist("cookie") and FORM_MEMORY not in request.COOKIES:
            raise PermissionError

    return demand


@mutant("P-10E-4", seam="forecourt.rights.panel.confirmation", finding="the page of choices does not say")
def the_yes_vanishes_without_a_word(confirmation):
    return lambda told, **how: None
