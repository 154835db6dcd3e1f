"""The sentences about cookies: which there are and why, what they remember, how they end, and what works without any."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.cookies import Morsel, SimpleCookie
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string

from forecourt.consent.choices import Answer, Choices
from forecourt.interactions.memory import COOKIE as FORM_MEMORY
from forecourt.people import subjects
from forecourt.people.models import Memory, Sealed
from forecourt.policy.policy import Cookie, CookieReason, Policy, Switch
from forecourt.proof import surplus
from forecourt.proof.browser import Browser
from forecourt.proof.probes.booking import filled_in, sent
from forecourt.proof.probes.site import crawl
from forecourt.proof.probes.staff import at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import NAME, ZIP
from forecourt.web import login_id
from forecourt.web.brand import brand

DAY = 86_400
# Browsers keep no cookie longer (RFC 6265bis, "The Max-Age Attribute").
LONGEST = 400
RULE = "forecourt.edge.cookies.objection"
SIGN_IN = "/staff/account/login/"
YES_TO_ALL = str(Choices().say(Answer.YES, *Switch))
TICKED = {"remember": "on"}
KEPT_NONE = "Your browser kept no cookie"


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


# P-10A-1


@probe("P-10A-1")
def a_form_remembers_only_when_asked(visitor):
    """Books without the box ticked: the next visit has to find the form empty, and no cookie. Books with it ticked: the next visit
    finds it filled in and says so, and the cookie holds nothing but a random number. Presses "Forget this": the form is empty
    again, and what lay with us is destroyed with its key. Ticks once more, then books without: that forgets as well."""
    visitor.browser.keeps_cookies = True
    books(visitor)
    if FORM_MEMORY in visitor.browser.jar or any(typed(visitor)):
        yield "a form remembered without being asked"
        return
    books(visitor, **TICKED)
    kept = newest_memory()
    if typed(visitor) != (NAME, visitor.email):
        yield "a form that was asked to remember did not"
        return
    page, _ = visitor.opens_the_booking_form()
    if not page.has_form("/forgetting/") or "filled in" not in page.text:
        yield "the form does not say that it was filled in"
        return
    if "no-store" not in page.headers.get("Cache-Control", ""):
        yield "a filled-in form may be kept by a cache"
    value = visitor.browser.jar[FORM_MEMORY].value
    if len(value) > 32 or NAME.split()[0] in value or visitor.email in value:
        yield "the cookie holds more than a random number"
    page.form("/forgetting/").send(visitor.browser)
    yield from still_there(visitor, kept)
    books(visitor, **TICKED)
    kept = newest_memory()
    books(visitor)
    yield from still_there(visitor, kept)


def books(visitor, **more: str) -> None:
    """With the box for remembering as `more` says; one that stands ticked from an earlier visit is left empty."""
    _, form = visitor.opens_the_booking_form()
    answers = filled_in(visitor, form)
    answers.pop("remember", None)
    if sent(visitor, form, answers | more) is None:
        raise CouldNotRun("the booking was not taken")


def typed(visitor) -> tuple[str, str]:
    """What the form has filled in on the next visit."""
    _, form = visitor.opens_the_booking_form()
    visitor.world.look()
    return form.values.get("name", ""), form.values.get("contact", "")


def newest_memory() -> Memory:
    newest = Memory.objects.order_by("-kept_at", "-expires_at").first()
    if newest is None:
        raise CouldNotRun("nothing was kept of what the form was to remember")
    return newest


def still_there(visitor, kept: Memory) -> Iterator[str]:
    if FORM_MEMORY in visitor.browser.jar or any(typed(visitor)):
        yield "what was to be forgotten is filled in again"
    if Memory.objects.filter(pk=kept.pk).exists() or Sealed.objects.filter(subject=kept.pk).exists():
        yield "what was to be forgotten still lies with us"
    if not subjects.is_erased(kept.pk):
        yield "the key of what was to be forgotten is still there"


@mutant("P-10A-1", seam="forecourt.interactions.memory.settle", finding="a form remembered without being asked")
def remembered_without_a_tick(settle):
    return lambda request, response, typed, ticked: settle(request, response, typed, ticked=True)


@mutant("P-10A-1", seam="forecourt.people.memory.forget", finding="what was to be forgotten still lies with us")
def forgetting_is_for_show(forget):
    return lambda token: False


@mutant("P-10A-1", seam="forecourt.people.subjects.erase", finding="the key of what was to be forgotten")
def rows_go_and_the_key_stays(erase):
    return lambda subject_id: (
        Memory.objects.filter(pk=subject_id).delete() and Sealed.objects.filter(subject=subject_id).delete()
    )


@mutant("P-10A-1", seam="forecourt.interactions.views.render", finding="the form does not say that it was filled in")
def filled_in_without_a_word(render):
    return lambda request, template, context=None, **how: render(
        request, template, {**(context or {}), "remembered": False}, **how
    )


@mutant("P-10A-1", seam="forecourt.people.memory.new_token", finding="the cookie holds more than a random number")
def the_cookie_names_its_owner(new_token):
    return lambda: f"Robin-Hedgerow-booked-at-{new_token()}"


# P-10A-2


@probe("P-10A-2")
def the_login_name_alone_is_filled_in(world):
    """Signs in as a made-up member of staff: without the box ticked the login name has to be empty next time; with it, the name is
    filled in, the password is not, and the cookie goes to no page but that one. On a device that is said to be shared nothing
    may be remembered, and what was remembered has to go. All of it is taken back."""
    for more, remembers in (({}, False), ({"remember_login": "on"}, True), (SHARED, False)):
        with at_the_desk(world) as desk:
            if more is SHARED:
                signs_in(desk, remember_login="on")
            signs_in(desk, **more)
            form = next_visit(desk)
            world.look()
            login = form.values.get("login", "")
            if remembers and login != desk.user.username:
                yield "the login name was not remembered"
            if login and not remembers:
                yield "a shared device remembers" if more is SHARED else "the login name was remembered without a tick"
            if form.values.get("password"):
                yield "the password is filled in too"
            held = desk.browser.jar.get(login_id.COOKIE)
            if held is not None and (held["path"] != SIGN_IN or desk.password in held.value):
                yield "the cookie with the login name goes further than the page to sign in"


SHARED = {"remember_login": "on", "shared_device": "on"}


def signs_in(desk, **more: str) -> None:
    desk.browser.closes()
    form = next_visit(desk)
    desk.world.look()
    answers = {name: value for name, value in form.values.items() if name not in SHARED}
    answers |= {"login": desk.user.username, "password": desk.password} | more
    if not desk.browser.post(form.action, answers).is_fine:
        raise CouldNotRun("the password was not taken")


def next_visit(desk):
    desk.browser.closes()
    return desk.browser.get(SIGN_IN).must_be_fine().form(having="password")


@mutant("P-10A-2", seam="forecourt.web.login_id.settle", finding="a shared device remembers")
def sharing_makes_no_difference(settle):
    return lambda request, response, login, **told: settle(request, response, login, **told | {"shared": False})


@mutant("P-10A-2", seam="forecourt.web.login_id.settle", finding="the login name was remembered without a tick")
def every_name_is_remembered(settle):
    return lambda request, response, login, **told: settle(request, response, login, **told | {"remember": True})


@mutant("P-10A-2", seam="forecourt.console.sign_in.SignIn.__init__", finding="the password is filled in too")
def the_password_is_remembered_too(init):
    def init_with_password(form, *args, **kwargs):
        init(form, *args, **kwargs)
        form.fields["password"].widget.render_value = True
        form.initial["password"] = "remembered"  # noqa: S105 (nobody's)

    return init_with_password


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


# P-10B-4


@probe("P-10B-4")
def what_stays_can_be_seen_and_deleted(visitor):
    """Looks whether each cookie that stays has a last day, puts every one of ours into the browser in turn, and opens the list: it has to
    say that the cookie is there, and after the press on Delete the next request may not carry it. What lies with us behind the
    one that a form remembers by has to be destroyed."""
    world, address = visitor.world, reverse("rights:cookies")
    for row in world.policy.cookies.values():
        world.look()
        if row.lifetime is None or row.host:
            continue
        if not 0 < row.lifetime <= LONGEST:
            yield "a cookie that stays has no last day"
        browser = Browser(keeps_cookies=True)
        browser.holds(row.name, "sale-no" if row.name == "choices" else "unknown", row.path)
        page = browser.get(address).must_be_fine()
        button = next((form for form in page.forms() if form.values.get("name") == row.name), None)
        if button is None or row.name not in page.text:
            yield "the list does not show a cookie that the browser has"
            continue
        button.send(browser)
        if row.name in browser.jar:
            yield "a deleted cookie came again"
    visitor.browser.keeps_cookies = True
    books(visitor, **TICKED)
    kept = newest_memory()
    page = visitor.sees(address)
    everything = next((form for form in page.forms() if form.values.get("name") == "all"), None)
    if everything is None:
        yield "no button deletes all of them"
        return
    everything.send(visitor.browser)
    yield from still_there(visitor, kept)


@mutant("P-10B-4", seam="forecourt.web.cookies.delete", finding="a deleted cookie came again")
def deleting_is_for_show(delete):
    return lambda response, name, policy: None


@mutant("P-10B-4", seam="forecourt.rights.my_cookies.jar", finding="does not show a cookie that the browser has")
def the_list_is_empty(jar):
    return lambda sent, policy, said, now: replace(jar(sent, policy, said, now), here=(), unseen=())


@mutant("P-10B-4", seam="forecourt.rights.my_cookies.forget", finding="what was to be forgotten still lies with us")
def the_cookie_goes_and_the_row_stays(forget):
    return lambda names, sent, said, now, **more: said


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
