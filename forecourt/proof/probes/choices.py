"""The sentences about what a visitor chooses: one step from every page, one press for a no, two for a yes after it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from forecourt.adapters import origins
from forecourt.consent.choices import COOKIE, Answer, Choices, parse
from forecourt.people import browsers
from forecourt.policy.decide import Facts, Refused, decide
from forecourt.policy.policy import Age, Kind, Need, Switch
from forecourt.proof.browser import Browser, Form, Page
from forecourt.proof.probes.site import KINDS
from forecourt.proof.registry import CouldNotRun, mutant, probe

CHOICES = "/privacy/choices/"
AGE = "age"
WHICH = ("all", *Switch)
# Without a clock, a nonce or a signal on them, so that two visitors get the same bytes.
PLAIN = ("/", "/models/", "/dealers/", "/links/", CHOICES)
NO_SIGNALS = ("0", "", "true", "yes", "11", "1 ", "on")


class Chooser:
    """Somebody at the choices page, with a browser that keeps cookies unless told otherwise."""

    def __init__(self, world, *, keeps_cookies: bool = True, **signals: bool) -> None:
        self.world = world
        self.browser = Browser(keeps_cookies=keeps_cookies, **signals)

    def opens(self) -> Page:
        self.world.look()
        return self.browser.get(CHOICES).must_be_fine()

    def presses(self, which: str, answer: str, page: Page | None = None) -> Page:
        self.world.look()
        return button(page or self.opens(), which, answer).send(self.browser)

    @property
    def choices(self) -> Choices:
        """What this browser will send with its next request."""
        held = self.browser.jar.get(COOKIE)
        return parse(held.value) if held else Choices()

    def answers_age(self, page: Page, years: str) -> Page:
        self.world.look()
        form = page.form("/age/", having=AGE)
        return form.send(self.browser, age=value_of(form, years))

    def says_yes(self, which: str, years: str = "30") -> int:
        """With everything that is asked on the way; gives the presses that it took."""
        steps, page = 1, self.presses(which, "yes")
        while steps < 5:
            if confirms(page):
                page = page.form("/yes/", having="confirmed").send(self.browser)
            elif page.path.endswith("/age/"):
                page = self.answers_age(page, years)
            else:
                return steps
            steps += 1
        raise CouldNotRun("a yes never came to an end")


def button(page: Page, which: str, answer: str) -> Form:
    return page.form(f"/{which}/{answer}/")


def confirms(page: Page) -> bool:
    return page.path.endswith("/yes/")


def value_of(form: Form, years: str) -> str:
    found = form.element.xpath(f".//select[@name='{AGE}']/option[normalize-space()='{years}']/@value")
    if not found:
        raise CouldNotRun(f"the question about age has no answer {years}")
    return found[0]


def state_of(page: Page, which: str) -> str:
    found = page.tree.xpath(f"//*[@id='{which}-state']")
    return found[0].text_content() if found else ""


def notice_on(page: Page) -> str:
    return " ".join(found.text_content() for found in page.tree.xpath("//main//*[@role='status']"))


def marked(page: Page, which: str, answer: str) -> bool:
    """Whether this button is the one that is shown as in force."""
    return bool(button(page, which, answer).element.xpath(".//button[@aria-current='true']"))


def networks(world) -> set[str]:
    """Every host of whoever is no servant of ours, in the policy's name and in this machine's."""
    hosts = {
        host
        for recipient in world.policy.recipients.values()
        if recipient.kind not in (Kind.SERVICE_PROVIDER, Kind.DEALER)
        for host in recipient.hosts
    }
    return hosts | {urlsplit(origins.origin(host)).netloc for host in hosts}


def lets_in(page: Page, hosts: set[str]) -> bool:
    """Whether the page loads something of theirs, or would allow to."""
    allowed = page.headers.get("Content-Security-Policy", "")
    return any(host in allowed or host.encode() in page.body for host in hosts)


def is_allowed_something(world, said: Choices) -> bool:
    """Whether any use that needs a yes to sale or to ads would be allowed to a browser that says this."""
    facts = Facts(signal=said.signal, said_yes=said.said_yes, said_no=said.said_no, age=said.age)
    uses = [
        use
        for use in world.policy.uses.values()
        if use.needs is Need.YES and {Switch.SALE, Switch.ADS} & set(use.switches)
    ]
    return any(
        not isinstance(decide(world.policy, use.id, replace(facts, recipient=use.to), world.now), Refused)
        for use in uses
    )


# S-31


@probe("S-31")
def the_choices_are_one_step_from_every_page(world) -> Iterator[str]:
    """Looks at one page of each kind, one that does not exist among them, for a link to Your Privacy Choices that can be seen, and
    follows it as somebody whose browser refuses cookies: each switch has to have its two buttons, and none may ask for anything."""
    for address in KINDS:
        if not world.get(address).link(CHOICES):
            yield "a page has no link to the choices"
    page = Chooser(world, keeps_cookies=False).opens()
    for which in WHICH:
        no, yes = (button(page, which, answer) for answer in ("no", "yes"))
        if no.asked or yes.asked or no.names or yes.names:
            yield "a switch asks for something before it takes a no"


@probe("S-31")
def a_no_takes_one_press_and_counts_at_once(world) -> Iterator[str]:
    """Says yes to everything, with all that is asked on the way, then presses No once, for each switch and for all: the page that
    answers has to say so, and from the next request on no ad network's host may be let in and no use that needs that yes be allowed.
    Does the same in a browser that refuses cookies, where a no has to be taken just as well. A yes must not outlive the number by
    which a later no finds everybody who was told of it."""
    hosts = networks(world)
    for which in WHICH:
        chooser = Chooser(world)
        chooser.says_yes("all")
        page = chooser.presses(which, "no")
        if "Done" not in page.text:
            yield "the page does not say that a no was done"
        if not marked(page, which, "no"):
            yield "a no does not stand on the page that answers it"
        wanted = set(Switch) if which == "all" else {Switch(which)}
        if not wanted <= chooser.choices.said_no:
            yield "a no was not kept"
        if wanted & {Switch.SALE, Switch.ADS}:
            if lets_in(chooser.browser.get("/"), hosts):
                yield "an ad network's host is let in after a no"
            if is_allowed_something(world, chooser.choices):
                yield "a use that needs a yes is allowed after a no"
    forgetful = Chooser(world)
    forgetful.says_yes("all")
    forgetful.browser.jar.pop(browsers.COOKIE, None)
    if lets_in(forgetful.browser.get("/"), hosts):
        yield "a yes counts that no later no could take back everywhere"
    without = Chooser(world, keeps_cookies=False)
    if "Done" not in without.presses("all", "no").text:
        yield "a no is not taken where cookies are refused"


@probe("S-31")
def a_yes_never_takes_fewer_steps_than_a_no(world) -> Iterator[str]:
    """Counts presses: a no is one, whatever stood before. A yes may be one where nothing was said, and has to be two at least after a
    no, whether the page is used as it stands or its last button is sent alone."""
    for which in WHICH:
        fresh = Chooser(world)
        if fresh.says_yes(which) < 1:
            yield "a yes took no step at all"
        again = Chooser(world)
        again.presses(which, "no")
        page = again.presses(which, "yes")
        if again.choices.said_yes or not confirms(page):
            yield "a yes after a no took one step"
        if again.says_yes(which) < 2:
            yield "a yes after a no took one step"


@probe("S-31")
def an_address_is_refused_without_proof(world) -> Iterator[str]:
    """Says no for an address that nobody gave us and for one that booked a drive: both answers have to be alike, nothing may be asked
    but the address, and from then on every switch has to stand off for it."""
    visitor = world.visitor()
    visitor.books_a_test_drive(by="email")
    stranger = world.visitor()
    said = []
    for one in (visitor, stranger):
        form = one.sees(CHOICES).form("/address/")
        if form.asked - {"contact"}:
            yield "more than an address is asked"
        said.append(form.send(one.browser, contact=one.email))
    if len({page.text.split("Your browser")[0] for page in said}) != 1 or any(not page.is_fine for page in said):
        yield "the answer tells whether we know an address"
    from forecourt.consent import switches

    if any(switches.of(one.contact("email").pk).said_no != set(Switch) for one in (visitor, stranger)):
        yield "a no for an address was not kept"


@mutant("S-31", seam="forecourt.dealers.views.render", finding="a page has no link to the choices")
def the_choices_are_gone_from_a_page(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(CHOICES.encode(), b"/privacy/")
        return response

    return render_without


@mutant("S-31", seam="forecourt.rights.choice_views.show", finding="a switch asks for something before it takes a no")
def an_email_address_comes_first(show):
    def with_a_wall(*args, **kwargs):
        response = show(*args, **kwargs)
        wall = b'/no/"><input type="email" name="email" required><button'
        response.content = response.content.replace(b'/no/"><button', wall)
        return response

    return with_a_wall


@mutant("S-31", seam="forecourt.traffic.tags.allowed", finding="an ad network's host is let in after a no")
def a_no_is_recorded_and_not_obeyed(allowed):
    return lambda said, *others: allowed(Choices().say(Answer.YES, *Switch), *others)


@mutant("S-31", seam="forecourt.edge.choices.brought_by", finding="a yes counts that no later no could take back")
def a_yes_outlives_its_number(brought_by):
    return lambda request: parse(request.COOKIES.get(COOKIE, ""))


@mutant("S-31", seam="forecourt.rights.choosing.refuse_here", finding="a no was not kept")
def a_no_goes_nowhere(refuse_here):
    return lambda said, *args, **kwargs: said


@mutant("S-31", seam="forecourt.rights.asking.needs_confirmation", finding="a yes after a no took one step")
def a_yes_is_as_quick_as_a_no(needs_confirmation):
    return lambda state, wanted: False


@mutant("S-31", seam="forecourt.rights.choosing.refuse_for_address", finding="a no for an address was not kept")
def an_address_waits_for_an_email_click(refuse_for_address):
    def later(address, now):
        from forecourt.people import contacts

        contacts.find_or_add(address, source="choices-page", notice="later", now=now)

    return later


# P-11-1


@probe("P-11-1")
def the_signal_is_obeyed_shown_and_kept(world) -> Iterator[str]:
    """Sends Global Privacy Control in a first request, before and after a yes, and once more without it: each time the page has to show
    it as honored, let in no ad network's host and refuse a yes while it is sent. What is kept of it must be alike in two browsers."""
    hosts = networks(world)
    first, second = (Chooser(world, gpc=True) for _ in range(2))
    for one in (first, second):
        page = one.opens()
        if "received, honored" not in page.text or "Opt-out request honored" not in page.text:
            yield "the signal was not shown as honored"
        if lets_in(one.browser.get("/"), hosts) or is_allowed_something(world, one.choices):
            yield "an ad network's host is let in under the signal"
    if {morsel.key for morsel in first.browser.offered} - {COOKIE}:
        yield "the signal brought more than its flag"
    if [one.browser.jar[COOKIE].value for one in (first, second) if COOKIE in one.browser.jar] != [
        str(Choices().with_signal())
    ] * 2:
        yield "what is kept of the signal differs from browser to browser, or is not kept"
    first.says_yes("ads")
    if Switch.ADS in first.choices.said_yes:
        yield "a yes was taken while the signal is sent"
    first.browser.signals = {}
    later = first.opens()
    if "still honored" not in later.text:
        yield "a signal that came once was forgotten"
    changed = Chooser(world)
    changed.says_yes("all")
    changed.browser.signals = {"Sec-GPC": "1"}
    page = changed.opens()
    if "had said yes" not in page.text:
        yield "the page is silent about a yes that the signal overrules"
    if Switch.SALE in changed.choices.said_yes or lets_in(changed.browser.get("/"), hosts):
        yield "a yes of before counts more than the signal"


@probe("P-11-1")
def do_not_track_changes_nothing(world) -> Iterator[str]:
    """Compares pages byte by byte with and without Do Not Track, and with values of the other signal that mean nothing; looks whether
    the page says so, and at the file where machines look for the signal's support."""
    plain = {path: Browser().get(path).body for path in PLAIN}
    for path, body in plain.items():
        world.look()
        marked_one = Browser(dnt=True)
        if marked_one.get(path).body != body or marked_one.offered:
            yield "Do Not Track changed something"
    for value in NO_SIGNALS:
        odd = Browser()
        odd.signals = {"Sec-GPC": value} if value.strip() != "1" else {}
        if odd.get(CHOICES).body != plain[CHOICES] or odd.offered:
            yield "something that is no signal was taken for one"
    if "Do Not Track changes nothing" not in Browser().get(CHOICES).text:
        yield "the page does not say what Do Not Track does"
    answer = Browser().get("/.well-known/gpc.json")
    world.look()
    told = json.loads(answer.body) if answer.is_fine else {}
    if told.get("gpc") is not True or told.get("lastUpdate") != f"{world.policy.effective:%Y-%m-%d}":
        yield "machines are not told that the signal is obeyed"
    if answer.headers.get("Content-Type") != "application/json":
        yield "machines are not told that the signal is obeyed"


@mutant("P-11-1", seam="forecourt.consent.signals.has_gpc", finding="the signal was not shown as honored")
def the_signal_is_ignored(has_gpc):
    return lambda header: False


@mutant("P-11-1", seam="forecourt.edge.choices.must_write", finding="a signal that came once was forgotten")
def the_flag_is_not_kept(must_write):
    return lambda request: False


@mutant(
    "P-11-1",
    seam="forecourt.consent.choices.Choices.with_signal",
    finding="a yes of before counts more than the signal",
)
def a_yes_beats_the_signal(with_signal):
    return lambda said: said if said.said_yes else with_signal(said)


@mutant("P-11-1", seam="forecourt.edge.choices.read", finding="Do Not Track changed something")
def do_not_track_counts(read):
    def both(request):
        said = read(request)
        return said.with_signal() if request.headers.get("DNT") == "1" else said

    return both


@mutant("P-11-1", seam="forecourt.consent.signals.has_gpc", finding="something that is no signal was taken for one")
def any_value_is_a_signal(has_gpc):
    return lambda header: header is not None


# S-07


@probe("S-07")
def cancelling_is_no_consent(world) -> Iterator[str]:
    """Says no, asks for a yes, and then leaves the question in every way there is: reads it, has it fetched ahead, cancels, goes
    elsewhere. After each the no has to stand; only its OK may change that, so the check presses that last."""
    chooser = Chooser(world)
    chooser.presses("all", "no")
    for which in WHICH:
        question = chooser.presses(which, "yes")
        if chooser.choices.said_yes:
            yield "looking at the question counted as a yes"
        ahead = Browser(keeps_cookies=True)
        ahead.jar, ahead.signals = dict(chooser.browser.jar), {"Sec-Purpose": "prefetch"}
        ahead.get(question.address)
        if COOKIE in ahead.jar and parse(ahead.jar[COOKIE].value).said_yes:
            yield "fetching the question ahead counted as a yes"
        cancel = question.link("cancel")
        if not cancel:
            yield "the question has no Cancel"
            continue
        after = chooser.browser.get(cancel)
        if chooser.choices.said_yes or not marked(after, which, "no"):
            yield "cancelling counted as a yes"
        chooser.browser.get("/")
        if chooser.choices.said_yes:
            yield "walking away counted as a yes"
    chooser.says_yes(Switch.ANALYTICS)
    if chooser.choices.said_yes != {Switch.ANALYTICS}:
        yield "the question's OK does not do what it says"


@mutant("S-07", seam="forecourt.rights.choice_views.render", finding="looking at the question counted as a yes")
def being_asked_is_a_yes(render):
    def render_and_agree(request, template, *args, **kwargs):
        if template == "rights/confirm.html":
            request.choices = request.choices.say(Answer.YES, *Switch)
        return render(request, template, *args, **kwargs)

    return render_and_agree


@mutant("S-07", seam="forecourt.rights.choice_views.shown", finding="cancelling counted as a yes")
def going_back_is_a_yes(shown):
    def and_agree(chooser):
        said = chooser.request.choices
        if said.said_no and "told" not in chooser.request.GET:
            chooser.request.choices = said.say(Answer.YES, *said.answers)
        return shown(chooser)

    return and_agree


@mutant("S-07", seam="forecourt.rights.choice_views.render", finding="the question has no Cancel")
def there_is_no_way_back(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        if template == "rights/confirm.html":
            response.content = response.content.replace(b"Cancel</a>", b"</a>")
        return response

    return render_without


# P-10B-2


@probe("P-10B-2")
def an_age_is_asked_once_and_not_kept(world) -> Iterator[str]:
    """Asks for ads and says 10, then asks again and says 30, by the page and by sending the first question once more: it has to stay
    refused until the browser is closed. Looks at what is kept, which has to be a group and no age, gone with the browser, and at the
    question, which must not show what is wanted. Somebody of 14 may say yes for themselves."""
    child = Chooser(world)
    question = child.presses(Switch.ADS, "yes")
    form = question.form("/age/", having=AGE)
    if form.values.get(AGE):
        yield "the question about age suggests an answer"
    shown = [said.strip() for said in form.element.xpath(f".//select[@name='{AGE}']/option[@value!='']/text()")]
    if shown[:-1] != [str(years) for years in range(1, len(shown))]:
        yield "the question about age suggests an answer"
    grown = value_of(form, "30")
    refused = child.answers_age(question, "10")
    if Switch.ADS in child.choices.said_yes:
        yield "a child's yes was taken"
    if any(letter.isdigit() for letter in notice_on(refused)):
        yield "the refusal tells which age is wanted"
    kept = child.browser.jar.get(AGE)
    if kept is None or kept.value not in {str(group) for group in Age} or str(kept["max-age"]):
        yield "more than an outcome for one visit was kept of an age"
    child.says_yes(Switch.ADS)
    form.send(child.browser, age=grown)
    if child.choices.said_yes & {Switch.SALE, Switch.ADS}:
        yield "another age was taken in the same visit"
    child.browser.closes()
    child.says_yes(Switch.ADS)
    if Switch.ADS not in child.choices.said_yes:
        raise CouldNotRun("nobody can say yes to ads, so a refusal says nothing")
    teen = Chooser(world)
    teen.says_yes(Switch.ADS, years="14")
    if Switch.ADS not in teen.choices.said_yes:
        yield "the own yes of somebody of 14 was refused"


@mutant("P-10B-2", seam="forecourt.edge.choices.age_of", finding="another age was taken in the same visit")
def the_last_age_counts(age_of):
    return lambda request: Age.UNKNOWN


@mutant(
    "P-10B-2", seam="forecourt.rights.choice_views.remember_age", finding="more than an outcome for one visit was kept"
)
def the_age_itself_is_kept(remember_age):
    return lambda response, outcome, request: remember_age(
        response, "10 years" if outcome == Age.CHILD else outcome, request
    )


@mutant("P-10B-2", seam="forecourt.rights.choice_forms.outcome", finding="a child's yes was taken")
def everybody_is_grown_up(outcome):
    return lambda years: Age.GROWN
