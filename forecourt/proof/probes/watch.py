"""An hourly visitor in a real browser, new each time: who only looks, who sends the signal, who refuses, who says yes and then no.

It compares every request, cookie and stored thing with the policy, and what it can see and press with what must be there.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings

from forecourt.adapters import origins
from forecourt.consent.choices import Answer
from forecourt.policy.policy import Action, Switch
from forecourt.proof import watch, window
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.sharing import sightings
from forecourt.web import style

PHONE, DESK = (390, 844), (1440, 900)
SIZES = (PHONE, DESK)
# One page of each kind that a visitor may begin with.
PAGES = ("/", "/models/", "/dealers/", "/test-drive/", "/contact/", "/privacy/", "/privacy/checks/")
CHOICES, ADS = "/privacy/choices/", "/privacy/ads/"
FLAG = "choices"
BOTH = frozenset({Switch.SALE, Switch.ADS})

# Whether the link can be seen, read and pressed: its middle and near its corners, once somebody has scrolled to it.
CAN_BE_PRESSED = """(link) => {
    if (!link.checkVisibility({opacityProperty: true, visibilityProperty: true})) return 'invisible';
    const light = (color) => {
        const paint = new OffscreenCanvas(1, 1).getContext('2d');
        paint.fillStyle = color;
        paint.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
        const linear = [red, green, blue].map((part) => ((part / 255 + .055) / 1.055) ** 2.4);
        return {alpha, value: .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2]};
    };
    let behind = link, paper = light(getComputedStyle(link).backgroundColor);
    while (paper.alpha < 255 && (behind = behind.parentElement)) paper = light(getComputedStyle(behind).backgroundColor);
    const style = getComputedStyle(link), ink = light(style.color);
    const contrast = (Math.max(ink.value, paper.value) + .05) / (Math.min(ink.value, paper.value) + .05);
    if (ink.alpha < 128 || contrast < 3 || parseFloat(style.fontSize) < 10) return 'invisible';
    link.scrollIntoView({block: 'nearest'});
    const box = link.getBoundingClientRect();
    if (box.width < 8 || box.height < 8) return 'invisible';
    const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const points = [[.5, .5], [.1, .3], [.9, .3], [.1, .7], [.9, .7]];
    return points.every(([x, y]) => link.contains(at(x, y))) ? 'free' : 'covered';
}"""
# What makes one button easier than another: whatever a style can say of it, of what is drawn before and after its words, and of
# the form around it, but for the dot of the one in force. And where it is.
LOOKS = """(button) => {
    const inForce = button.getAttribute('aria-current');
    button.removeAttribute('aria-current');
    const drawn = (one, part) => [...getComputedStyle(one, part)].map((name) => getComputedStyle(one, part)[name]).join(';');
    const looks = [drawn(button), drawn(button, '::before'), drawn(button, '::after'), drawn(button.form), button.disabled];
    if (inForce !== null) button.setAttribute('aria-current', inForce);
    const box = button.getBoundingClientRect();
    const size = [Math.round(box.width), Math.round(box.height)];
    return {looks: [...looks, ...size].join('|'), top: Math.round(box.top), left: Math.round(box.left)};
}"""
# Buttons that a page shows without being asked, by what they answer.
OFFERS = """(answer) => [...document.querySelectorAll(`form[action$='/${answer}/'] button`)]
    .filter((button) => !button.closest('dialog')).length"""


def presses(visit: window.Visit, which: str, answer: str) -> None:
    button = visit.page.locator(f"form[action$='/{which}/{answer}/'] button").first
    if not button.count():
        raise CouldNotRun("the page of choices has no button to press")
    button.click()
    visit.page.wait_for_load_state()


def says_yes_to_everything(visit: window.Visit) -> None:
    """As a grown-up, through whatever a yes takes."""
    presses(visit, "all", "yes")
    age = visit.page.locator("main form select[name=age]")
    if age.count():
        age.select_option(label="34")
        visit.page.locator("main form:has(select[name=age]) button[type=submit]").first.click()
        visit.page.wait_for_load_state()


def tags_of(world) -> list:
    return [use for use in world.policy.uses.values() if use.action is Action.TAG]


def partners(world) -> list[str]:
    """Hosts that the browser may find: only where a partner is really there to answer."""
    if settings.ADS_ADAPTER == "fake":
        return []
    return sorted({origins.origin(host).split("//")[1].split(":")[0] for use in tags_of(world) for host in
                   world.policy.recipients[use.to].hosts})  # fmt: skip


def clock() -> datetime:
    """The browser's: cookies end by it, and a moved demo clock moves no browser."""
    return datetime.now(UTC)


# P-10-2


@probe("P-10-2")
def a_new_browser_is_left_as_it_came(world) -> Iterator[str]:
    """Comes in a real browser as somebody new, at the size of a phone and of a desk, and looks at a page of each kind: no other
    site may be asked for anything, and no cookie and nothing else may stay in the browser."""
    with window.opened() as browser:
        for size in SIZES:
            with browser.visit(size) as visit:
                for path in PAGES:
                    visit.goes(path)
                    world.look()
                    if watch.surplus_hosts(visit, (), world.policy):
                        yield "a page had a new visitor’s browser turn to another site"
                    yield from watch.stored(visit)
                if visit.cookies():
                    yield "a browser was left with a cookie after looking around"


@probe("P-10-2")
def every_cookie_after_a_yes_is_on_the_list(world) -> Iterator[str]:
    """Says yes to everything in a real browser and looks around: each cookie, ours and others', has to stand on the list with its
    setter and be gone when the list says; nothing else may be stored, and no site asked that the policy does not name."""
    with window.opened(partners(world)) as browser, browser.visit(DESK, takes_others_cookies=True) as visit:
        visit.goes(CHOICES)
        says_yes_to_everything(visit)
        for path in PAGES:
            visit.goes(path)
            world.look()
            if watch.surplus_hosts(visit, tags_of(world), world.policy):
                yield "after a yes a page turned to a site that the policy does not name"
            yield from watch.stored(visit)
        yield from watch.surplus_cookies(visit, world.policy, clock(), yes=frozenset(Switch))
        met = watch.partners_met(visit, world.policy)
        visit.goes(CHOICES)
        presses(visit, "all", "no")  # so that no partner keeps somebody on its list who does not exist
    sightings.seen(met, world.now)


# P-10D-1


@probe("P-10D-1")
def no_partner_hears_of_a_visitor_who_said_no(world) -> Iterator[str]:
    """Walks through the site in a real browser four times: having chosen nothing, sending the signal, having refused, and having
    said yes and then no. In none of them may the browser turn to another site; in between, with the yes, it may turn to the
    named partners alone."""
    with window.opened(partners(world)) as browser:
        for size, before in ((PHONE, "nothing"), (DESK, "signal"), (PHONE, "refuses")):
            with browser.visit(size, gpc=before == "signal") as visit:
                if before == "refuses":
                    visit.goes(CHOICES)
                    presses(visit, "all", "no")
                yield from nobody_else_is_asked(world, visit)
        with browser.visit(DESK) as visit:
            visit.goes(CHOICES)
            says_yes_to_everything(visit)
            visit.goes("/models/")
            if not visit.strangers() & {host for use in tags_of(world) for host in watch.hosts_of(world.policy, use)}:
                raise CouldNotRun("a yes brought no partner into the page, so a no would show nothing")
            if watch.surplus_hosts(visit, tags_of(world), world.policy):
                yield "after a yes a page turned to a site that the policy does not name"
            visit.goes(CHOICES)
            presses(visit, "all", "no")
            visit.forgets_what_it_asked()
            yield from nobody_else_is_asked(world, visit)


def nobody_else_is_asked(world, visit: window.Visit) -> Iterator[str]:
    for path in ("/", "/models/", "/dealers/"):
        visit.goes(path)
        world.look()
        if visit.strangers():
            yield "a page turned to another site although the answer is no"


# S-31


@probe("S-31")
def the_way_to_a_no_can_be_pressed(world) -> Iterator[str]:
    """Draws a page of each kind in a real browser at the size of a phone and of a desk: the link to the choices has to be there,
    in sight, with nothing over it. Then refuses each thing and all of it, with one press each: the page that follows has to say
    so, and the browser has to keep it."""
    with window.opened() as browser:
        for size in SIZES:
            with browser.visit(size) as visit:
                for path in PAGES:
                    link = visit.goes(path).locator(f"footer a[href='{CHOICES}']")
                    world.look()
                    if not link.count():
                        yield "a page has no link to the choices"
                    elif (found := link.first.evaluate(CAN_BE_PRESSED)) != "free":
                        yield f"the link to the choices is {found} on a page"
                for which in (*Switch, "all"):
                    visit.goes(CHOICES)
                    presses(visit, which, "no")
                    if "Done" not in visit.page.locator("main").inner_text():
                        yield "the page does not confirm a no"
                if not any(cookie.name == FLAG for cookie in visit.cookies()):
                    yield "a no is not kept"


@probe("S-31")
def no_is_as_easy_as_yes(world) -> Iterator[str]:
    """Measures each pair of buttons on the page of choices in a real browser, at both sizes: size, line and everything that a style
    says have to be the same for No and Yes, No has to come first, and both have to be in sight with nothing over them. No page may
    offer a Yes without its No, and somebody new has to find No in force."""
    with window.opened() as browser:
        for size in SIZES:
            with browser.visit(size) as visit:
                page = visit.goes(CHOICES)
                for which in (*Switch, "all"):
                    pair = [
                        page.locator(f"form[action$='/{which}/{answer}/'] button").first for answer in ("no", "yes")
                    ]
                    if not all(button.count() for button in pair):
                        yield "a choice lacks one of its two buttons"
                        continue
                    world.look()
                    no, yes = (button.evaluate(LOOKS) for button in pair)
                    if no["looks"] != yes["looks"] or abs(no["top"] - yes["top"]) > 1:
                        yield "No and Yes do not look alike"
                    if no["left"] >= yes["left"]:
                        yield "Yes is nearer than No"
                    if [button.get_attribute("aria-current") for button in pair] != ["true", None]:
                        yield "Yes is in force before anybody said it"
                    if any(button.evaluate(CAN_BE_PRESSED) != "free" for button in pair):
                        yield "a button of the choices cannot be pressed"
                for path in (*PAGES, CHOICES, ADS):
                    page = visit.goes(path)
                    if page.evaluate(OFFERS, "yes") != page.evaluate(OFFERS, "no"):
                        yield "a page offers a Yes without its No"


# P-11-1


@probe("P-11-1")
def the_signal_counts_in_a_real_browser(world) -> Iterator[str]:
    """Sends Global Privacy Control from a real browser: the first page has to say that it is honored, one cookie without identifier
    may stay, and once the signal stops, the next pages have to keep to it."""
    with window.opened() as browser, browser.visit(PHONE, gpc=True) as visit:
        said = visit.goes("/").locator("footer").inner_text()
        world.look()
        if "signal" not in said:
            yield "a page does not say that the signal is honored"
        kept = visit.cookies()
        if [cookie.name for cookie in kept] != [FLAG]:
            yield "the signal is not kept by one cookie alone"
        yield from watch.surplus_cookies(visit, world.policy, clock())
        visit.context.set_extra_http_headers({})
        said = visit.goes("/models/").locator("footer").inner_text()
        world.look()
        if "signal" not in said:
            yield "the signal is forgotten once it is not sent"


# What goes wrong on other sites


def into_every_page(found: str):
    """Something that somebody pasted into the foot of each page."""

    def pasted(render):
        def rendered(*args, **kwargs):
            page = render(*args, **kwargs)
            # What is no whole page stays as it is, and so stays HTML that the page around it may show.
            return page.replace("</body>", f"{found}</body>") if "</body>" in page else page

        return rendered

    return pasted


@mutant("P-10-2", seam="django.template.base.Template.render", finding="turn to another site")
def a_picture_is_pasted_in(render):
    return into_every_page('<img src="https://counter.example/1.gif" alt="" width="1" height="1">')(render)


@mutant("P-10D-1", seam="forecourt.edge.choices.read", finding="although the answer is no")
def whoever_once_said_yes_goes_on(read):
    """The no is written down, and read as a yes."""

    def read_as_yes(request):
        said = read(request)
        return said.say(Answer.YES, *said.answers)

    return read_as_yes


@mutant("P-10D-1", seam="forecourt.consent.judge.judge", finding="although the answer is no")
def tags_read_a_no_as_a_yes(judge):
    """The no is written down, confirmed and shown; whoever asks whether a tag may stand in a page hears a yes."""

    def judged(policy, use, choices, now, **more):
        heard = dict.fromkeys(choices.answers, Answer.YES)
        return judge(policy, use, replace(choices, answers=heard, sent=False, follows=frozenset()), now, **more)

    return judged


@mutant("P-10D-1", seam="forecourt.traffic.tags.allowed", finding="although the answer is no")
def tags_ask_nobody(allowed):
    from forecourt.traffic.tags import tag_uses

    return lambda choices, policy, now: tuple(tag_uses(policy))


def with_style(rule: str):
    def styled(assets):
        def made():
            found = assets()
            sheet = found["site.css"]
            return {**found, "site.css": style.asset(sheet.name, sheet.body + rule.encode())}

        return made

    return styled


@mutant("S-31", seam="forecourt.web.style.assets", finding="the link to the choices is covered on a page")
def a_banner_covers_the_choices(assets):
    banner = (
        ".site-footer-choices{position:relative}.site-footer-choices::after{content:'Join the club!';position:absolute;"
        "inset:-.5rem;display:grid;place-items:center;background:var(--accent);color:#161616}"
    )
    return with_style(banner)(assets)


@mutant("S-31", seam="forecourt.web.style.assets", finding="the link to the choices is invisible on a page")
def the_choices_fade_away(assets):
    return with_style(".site-footer-choices a{opacity:0}")(assets)


@mutant("S-31", seam="forecourt.web.style.assets", finding="No and Yes do not look alike")
def yes_weighs_more(assets):
    return with_style("form[action$='/yes/'] button{font-weight:800;padding:1.2em 2em}")(assets)


@mutant("S-31", seam="forecourt.web.style.assets", finding="No and Yes do not look alike")
def yes_shines(assets):
    return with_style(
        "form[action$='/yes/'] button{background-image:linear-gradient(gold,orange);outline:3px solid gold}"
    )(assets)


@mutant("S-31", seam="forecourt.web.style.assets", finding="Yes is nearer than No")
def yes_comes_first(assets):
    return with_style(".switch-pair form[action$='/no/']{order:2}")(assets)


@mutant("S-31", seam="forecourt.web.style.assets", finding="the link to the choices is invisible on a page")
def the_choices_have_the_color_of_their_paper(assets):
    return with_style(".site-footer-choices a,.site-footer-choices a *{color:transparent!important}")(assets)


@mutant("S-31", seam="django.template.base.Template.render", finding="a page offers a Yes without its No")
def every_page_asks_for_a_yes(render):
    form = '<form method="post" action="/privacy/choices/all/yes/"><button>Accept all</button></form>'
    return into_every_page(form)(render)


@mutant("S-31", seam="forecourt.rights.choice_views.panel_of", finding="Yes is in force before anybody said it")
def yes_is_pressed_already(panel_of):
    def pressed(chooser, state):
        found = panel_of(chooser, state)
        rows = tuple(replace(row, on=True) for row in found.rows)
        return replace(found, rows=rows, everything=replace(found.everything, on=True))

    return pressed


@mutant("S-31", seam="django.template.base.Template.render", finding="the page does not confirm a no")
def one_no_asks_whether_you_are_sure(render):
    """In the drawn page alone: whoever sends the form without looking meets no question."""

    def rendered(*args, **kwargs):
        page = render(*args, **kwargs)
        plain = '<form method="post" action="/privacy/choices/ads/no/">'
        return page.replace(plain, '<form method="dialog" action="/privacy/choices/ads/no/">')

    return rendered
