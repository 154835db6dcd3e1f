"""Your Privacy Choices, for this browser and behind a message's link: no account, no proof of who asks, no wall.

A no is one press. Looking, confirming pages, cancelling and leaving change nothing. See asking.py for what a yes takes.
"""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forecourt.consent import policies, switches, under_sixteen
from forecourt.consent.choices import Choices
from forecourt.messaging import outbox
from forecourt.messaging.models import Message
from forecourt.people import browsers
from forecourt.policy.policy import Age, Switch
from forecourt.policy.sales import GROWN_UP
from forecourt.rights import asking, choosing, panel
from forecourt.rights.asking import ADDRESS, ALL, Hold, Next, Told
from forecourt.rights.choice_forms import AddressForm, AgeForm
from forecourt.sharing import optouts
from forecourt.web import cookies
from forecourt.web.forms import takes
from forecourt.web.private import private

AGE_COOKIE = "age"
ASKED = "asked"
REQUESTS = "answer-request"
COUNTED = (
    "All five are off.",
    "One of the five is on.",
    "Two of the five are on.",
    "Three of the five are on.",
    "Four of the five are on.",
    "All five are on.",
)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Whose choices a page is about: this browser's, or those of the address that a message went to."""

    request: HttpRequest
    token: str = ""
    message: Message | None = None

    @property
    def base(self) -> str:
        """The frame that the questions on the way to a yes stand in."""
        return "web/base.html"

    @property
    def whose(self) -> str:
        return str(self.message.contact_id) if self.message else "here"

    @property
    def browser(self) -> str:
        return self.request.COOKIES.get(browsers.COOKIE, "")

    @property
    def account(self) -> uuid.UUID | None:
        """The verified address of whoever is signed in with this browser."""
        session = getattr(self.request, "signed_in", None)
        return session.account.contact_id if session else None

    def state(self) -> Choices:
        here = self.request.choices
        if self.message is None:
            return here
        age = under_sixteen.youngest(here.age, self.message.contact_id, self.request.now)
        return replace(switches.remembered(self.message.contact_id), sent=here.sent, age=age)

    def known(self) -> list[uuid.UUID]:
        """Whom this page is about, where the ledger knows them: this very browser, or this very address."""
        if self.message:
            return [self.message.contact_id]
        browser = browsers.find(self.browser)
        return [browser.pk] if browser else []

    def refuse(self, wanted: Collection[Switch]) -> None:
        now = self.request.now
        if self.message:
            choosing.refuse([self.message.contact_id], wanted, choosing.LINK, now)
            optouts.settled([self.message.contact_id])
        else:
            self.request.choices = choosing.refuse_here(
                self.request.choices, wanted, self.browser, now, account=self.account
            )

    def allow(self, wanted: Collection[Switch], response: HttpResponse) -> None:
        now = self.request.now
        if self.message:
            choosing.allow(self.message.contact_id, wanted, choosing.LINK, now)
            return
        said, fresh = choosing.allow_here(self.request.choices, wanted, self.browser, now)
        self.request.choices = said
        if fresh:
            cookies.set_declared(response, browsers.COOKIE, fresh, policies.in_force(now))

    def home(self, told: Told | None = None) -> str:
        path = reverse("rights:message", args=[self.token]) if self.message else reverse("rights:choices")
        return f"{path}?{urlencode({'told': told.seal()})}#choices" if told else f"{path}#choices"

    def page(self, name: str, which: str, **query: str) -> str:
        place = [self.token, which] if self.message else [which]
        path = reverse(f"rights:{'message-' if self.message else ''}{name}", args=place)
        return f"{path}?{urlencode(query)}" if query else path

    def tell(self, which: str, on: bool, *held: Hold, did: bool = True) -> HttpResponse:
        told = Told(which, on, self.request.now, did, tuple(dict.fromkeys(held)))
        return HttpResponseRedirect(self.home(told), status=303)


def of_chooser(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Both kinds of address lead to one view: with a message's token, and without."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: str, token: str = "", **kwargs: str) -> HttpResponse:
        message = outbox.by_link(token) if token else None
        if token and message is None:
            return render(request, "rights/unknown_link.html", status=404)
        which = kwargs.get("which")
        if which is not None and not asking.named(which):
            raise Http404("There is no such switch.")
        return view(Chooser(request, token, message), *args, **kwargs)

    return wrapped


@private
@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    return show(Chooser(request), AddressForm(auto_id="%s"))


def show(chooser: Chooser, form: AddressForm, *, status: int = 200) -> HttpResponse:
    takes_requests = REQUESTS in policies.in_force(chooser.request.now).uses
    context = {"form": form, "takes_requests": takes_requests, **shown(chooser)}
    return render(chooser.request, "rights/choices.html", context, status=status)


def shown(chooser: Chooser) -> dict[str, object]:
    """What the panel shows, and what the last press did."""
    state = chooser.state()
    told = asking.read_told(chooser.request.GET.get("told", ""), chooser.request.now)
    return {
        "panel": panel_of(chooser, state),
        "back": chooser.home(),
        "told": optouts.progress(chooser.known()),
        "done": confirmation_of(chooser, state, told) if told else None,
    }


def panel_of(chooser: Chooser, state: Choices) -> panel.Panel:
    def row(which: str, on: bool | None, says: str) -> panel.Row:
        asks = asking.needs_confirmation(state, asking.named(which))
        sealed = asking.question(chooser.whose, which, state).seal(Next.CONFIRMATION) if asks else ""
        no, yes = (chooser.page(word, which) for word in ("no", "yes"))
        return panel.Row(which, panel.words_of(which), on, says, no, yes, sealed)

    rows = tuple(row(switch, switch in state.said_yes, panel.state_of(state, switch)) for switch in Switch)
    on = len(state.said_yes)
    everything = row(ALL, None if 0 < on < len(rows) else bool(on), COUNTED[on])
    return panel.Panel(rows, everything, panel.signal_of(state), bool(state.overruled))


def confirmation_of(chooser: Chooser, state: Choices, told: Told) -> panel.Confirmation | None:
    """None where something else was said since, as on a page that somebody goes back to."""
    wanted = set(asking.named(told.which))
    since = state.said_no - asking.holds(state, wanted).keys() if told.on else state.said_yes
    if told.did and wanted & since:
        return None
    return panel.confirmation(told, kept=bool(wanted & state.said_yes) if told.on else wanted <= state.said_no)


@private
@require_POST
@of_chooser
def no(chooser: Chooser, which: str) -> HttpResponse:
    return take_no(chooser, which)


def take_no(chooser: Chooser, which: str) -> HttpResponse:
    """One press, whatever stood before and whatever else came with it; it counts from this very request on."""
    chooser.refuse(asking.named(which))
    return chooser.tell(which, False)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("confirmed")
@of_chooser
def yes(chooser: Chooser, which: str) -> HttpResponse:
    return take_yes(chooser, which)


def take_yes(chooser: Chooser, which: str) -> HttpResponse:
    request, state, wanted = chooser.request, chooser.state(), asking.named(which)
    question = asking.question(chooser.whose, which, state)
    if request.method != "POST":
        return render(
            request,
            "rights/confirm.html",
            {
                "words": panel.words_of(which),
                "action": chooser.page("yes", which),
                "sealed": question.seal(Next.CONFIRMATION),
                "back": chooser.home(),
                "base": chooser.base,
            },
        )
    confirmed = question.was_asked(Next.CONFIRMATION, request.POST.get("confirmed", ""))
    match asking.what_is_next(state, wanted, confirmed=confirmed):
        case Next.CONFIRMATION:
            return HttpResponseRedirect(chooser.page("yes", which), status=303)
        case Next.AGE:
            response = HttpResponseRedirect(chooser.page("age", which, asked=question.seal(Next.AGE)), status=303)
            return remember_age(response, ASKED, request)
    return say_yes(chooser, which)


@private
@require_http_methods(["GET", "HEAD", "POST"])
@takes("age")
@of_chooser
def age(chooser: Chooser, which: str) -> HttpResponse:
    return take_age(chooser, which)


def take_age(chooser: Chooser, which: str) -> HttpResponse:
    """Asked once a visit; what was answered first counts until the browser is closed. Nobody gets to know the age itself."""
    request, state = chooser.request, chooser.state()
    if not asking.question(chooser.whose, which, state).was_asked(Next.AGE, request.GET.get("asked", "")):
        return HttpResponseRedirect(chooser.home(), status=303)
    if AGE_COOKIE not in request.COOKIES:
        return chooser.tell(which, True, Hold.COOKIES, did=False)
    if state.age is not Age.UNKNOWN:
        return say_yes(chooser, which)
    form = AgeForm(request.POST or None, auto_id="%s")
    if not form.is_valid():
        context = {"form": form, "words": panel.words_of(which), "back": chooser.home(), "base": chooser.base}
        return render(request, "rights/age.html", context, status=422 if form.is_bound else 200)
    answered = form.cleaned_data["age"]
    request.choices = replace(request.choices, age=answered)
    under_sixteen.told([*chooser.known(), *([chooser.account] if chooser.account else [])], answered, request.now)
    return remember_age(say_yes(chooser, which), answered, request)


def say_yes(chooser: Chooser, which: str) -> HttpResponse:
    """What nothing holds back becomes a yes; the page says what was held back, and by what."""
    state, wanted = chooser.state(), asking.named(which)
    held = asking.holds(state, wanted)
    if state.age is Age.CHILD and GROWN_UP & set(wanted):
        # A child who pressed "all" meant none of it in particular. What somebody else had allowed here is not the child's yes.
        if GROWN_UP & state.said_yes:
            chooser.refuse(tuple(sorted(GROWN_UP & state.said_yes)))
        return chooser.tell(which, True, Hold.AGE, did=False)
    allowed = asking.open_to_yes(state, wanted)
    response = chooser.tell(which, True, *held.values(), did=bool(allowed))
    if allowed:
        chooser.allow(allowed, response)
    return response


def remember_age(response: HttpResponse, outcome: str, request: HttpRequest) -> HttpResponse:
    if outcome != ASKED or AGE_COOKIE not in request.COOKIES:
        cookies.set_declared(response, AGE_COOKIE, str(outcome), policies.in_force(request.now))
    return response


@private
@require_POST
@takes("contact")
def address(request: HttpRequest) -> HttpResponse:
    """A no for an address or number as well. The answer is the same whether we know it or not."""
    chooser, form = Chooser(request), AddressForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return show(chooser, form, status=422)
    choosing.refuse_for_address(form.cleaned_data["contact"], request.now)
    return chooser.tell(ADDRESS, False)


@require_safe
def signal(request: HttpRequest) -> JsonResponse:
    """That this site obeys Global Privacy Control, in the signal's own format (R-CA-03)."""
    return JsonResponse({"gpc": True, "lastUpdate": f"{policies.in_force(request.now).effective:%Y-%m-%d}"})
