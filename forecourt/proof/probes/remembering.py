"""The sentences about what a browser is asked to remember: what a form fills in, the login name, and how it is all deleted."""

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse

from forecourt.interactions.memory import COOKIE as FORM_MEMORY
from forecourt.people import subjects
from forecourt.people.models import Memory, Sealed
from forecourt.proof.browser import Browser
from forecourt.proof.probes.booking import filled_in, sent
from forecourt.proof.probes.staff import at_the_desk
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import NAME
from forecourt.web import login_id

# Browsers keep no cookie longer (RFC 6265bis, "The Max-Age Attribute").
LONGEST = 400
SIGN_IN = "/staff/account/login/"
TICKED = {"remember": "on"}


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
