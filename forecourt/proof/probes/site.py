"""The sentences about looking around, and about the pages that say how we keep our word."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from django.db import connection
from django.urls import reverse

from forecourt.consent import policies, wordings
from forecourt.policy.decide import Facts, Refused, decide
from forecourt.policy.policy import Need, Policy
from forecourt.proof.browser import Browser, Page
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.visitor import ZIP
from forecourt.web.brand import brand

PAGES = 100
# Staff sign in and get cookies; the tour is no part of the brand's site; files are no pages.
ELSEWHERE = ("/staff/", "/demo/", "/static/", "/style/", "/media/", "/.well-known/")
WRITES = re.compile(r"\s*(WITH\b.*?\)\s*)?(INSERT|UPDATE|DELETE|MERGE|COPY|TRUNCATE)\b", re.IGNORECASE | re.DOTALL)
# One page of each kind, and one that does not exist.
KINDS = (
    "/", "/models/", "/dealers/", f"/dealers/?place={ZIP}", "/test-drive/", "/contact/",
    "/privacy/", "/privacy/checks/", "/privacy/compare/", "/there-is-no-such-page/", "/m/no-such-link/",
)  # fmt: skip


def crawl(world, browser: Browser, most: int = PAGES) -> Iterator[Page]:
    """Pages as somebody new finds them from the front page on, by the links that can be seen, kinds of pages taken in turn."""
    waiting = {
        "": deque(["/"]),
        "dealers": deque([f"/dealers/?place={ZIP}"]),
        "test-drive": deque([f"/test-drive/?zip={ZIP}"]),
    }
    known = {address for queue in waiting.values() for address in queue}
    for _ in range(most):
        kind = next((kind for kind, queue in waiting.items() if queue), None)
        if kind is None:
            return
        address = waiting[kind].popleft()
        waiting[kind] = waiting.pop(kind)
        page = browser.get(address)
        world.look()
        yield page
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for href, _ in page.links():
            parts = urlsplit(href)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc == urlsplit(page.address).netloc and path not in known and not path.startswith(ELSEWHERE):
                known.add(path)
                waiting.setdefault(parts.path.split("/")[1], deque()).append(path)


@contextmanager
def writes_counted() -> Iterator[list[str]]:
    """The statements by which this thread, and no other, changes the database."""
    seen: list[str] = []

    def note(execute: Callable, sql: str, params, many: bool, context: dict):
        if WRITES.match(sql):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


# P-1-3


@probe("P-1-3")
def looking_around_agrees_to_nothing(world):
    """Looks at about a hundred pages as somebody new, by their links: no cookie may be offered, and nothing at all be written
    into the database."""
    # The first page of an hour may fill a cache for everybody, which says nothing about whoever asked for it.
    world.get("/").must_be_fine()
    browser = Browser()
    with writes_counted() as written:
        for page in crawl(world, browser):
            if page.status >= 500:
                raise CouldNotRun(f"{page.path.split('/')[1] or 'home'} answered {page.status}")
    if browser.offered_cookies:
        yield "a page offered a cookie to somebody who only looked"
    if written:
        yield "looking around wrote something into the database"


@probe("P-1-3")
def a_visit_counts_for_nothing(world):
    """Asks for every use that needs a yes, a request or a case whether it would be allowed to somebody who only looked around."""
    for use in world.policy.uses.values():
        if use.needs is Need.NOTHING:
            continue
        world.look()
        facts = Facts(interaction="interaction:visit", interaction_type=use.about, zones=("America/New_York",))
        if not isinstance(decide(world.policy, use.id, facts, world.now), Refused):
            yield "a use would be allowed to somebody who only looked around"


@mutant("P-1-3", seam="forecourt.edge.middleware.moment", finding="looking around wrote something into the database")
def visiting_counts_as_agreeing(moment):
    def around(get_response):
        answer = moment(get_response)

        def handle(request):
            response = answer(request)
            wordings.keep("By visiting you agree to our terms.", request.now)
            return response

        return handle

    return around


@mutant("P-1-3", seam="forecourt.edge.cookies.declared_only", finding="a page offered a cookie")
def visitors_get_a_number(declared_only):
    def around(get_response):
        answer = declared_only(get_response)

        def handle(request):
            response = answer(request)
            response.set_cookie("visitor", "1")
            return response

        return handle

    return around


@mutant(
    "P-1-3", seam="forecourt.policy.needs.judge", finding="a use would be allowed to somebody who only looked around"
)
def nothing_is_needed(judge):
    return lambda use, facts: ()


# P-1-2


@probe("P-1-2")
def the_page_and_the_list_are_one(world):
    """Compares the policy page with the list that our software obeys, in both directions: each use, recipient, cookie and sentence
    of the list has to stand on the page, and the page may name none that the list has not."""
    page = world.get(reverse("proof:policy")).must_be_fine()
    policy = world.policy
    world.look(len(policy.uses) + len(policy.sentences) + len(policy.cookies))
    yield from differences("use", {f"use-{use}" for use in policy.uses}, ids_on(page, "use-"))
    sentences = set(policy.sentences)
    yield from differences(
        "sentence", sentences, {name for name in ids_on(page, "") if re.fullmatch(r"[A-Z]+-[\w-]*\d", name)}
    )
    cookies = {code.text for code in page.tree.xpath("//table//th/code")}
    yield from differences("cookie", set(policy.cookies), cookies)
    text = page.text
    if any(squeezed(use.purpose) not in text or squeezed(use.keep) not in text for use in policy.uses.values()):
        yield "the page does not say what a use is for, or how long it lasts"
    named = {code for use in policy.uses.values() for code in (use.to, use.through) if code}
    if any(squeezed(policy.recipients[code].purpose) not in text for code in named):
        yield "the page does not name a recipient"


def differences(kind: str, listed: set[str], shown: set[str]) -> Iterator[str]:
    if listed - shown:
        yield f"the page lacks a {kind} that the list has"
    if shown - listed:
        yield f"the page names a {kind} that the list has not"


def ids_on(page: Page, start: str) -> set[str]:
    return {name for name in page.tree.xpath("//main//@id") if name.startswith(start)}


def squeezed(text: str) -> str:
    return " ".join(text.split())


@mutant("P-1-2", seam="forecourt.proof.page.whole_list", finding="the page lacks a use that the list has")
def a_use_is_kept_quiet(whole_list):
    return lambda policy: whole_list(policy)[:-1]


@mutant("P-1-2", seam="forecourt.proof.page.whole_list", finding="the page names a use that the list has not")
def the_page_claims_more(whole_list):
    return lambda policy: (*whole_list(policy), replace(whole_list(policy)[0], id="cure-every-ill"))


@mutant("P-1-2", seam="forecourt.proof.page.whole_list", finding="the page does not say what a use is for")
def purposes_are_painted_over(whole_list):
    return lambda policy: tuple(replace(use, purpose="improve your experience") for use in whole_list(policy))


# S-30


@probe("S-30")
def every_version_can_be_read_and_compared(world):
    """Opens every version that was posted at its own address, compares any two of them word by word, and looks whether each sentence
    of the version in force has a page that says how it is doing."""
    posted = [version for version in policies.book().versions if version.posted <= world.now]
    for version in posted:
        page = world.get(reverse("proof:version", args=[version.version]))
        if not page.is_fine or not all(
            plain(sentence.text) in plain(page.text) for sentence in version.sentences.values()
        ):
            yield "a version cannot be read at its address"
    for older in posted:
        for newer in posted:
            page = world.get(f"{reverse('proof:compare')}?{urlencode({'from': older.version, 'to': newer.version})}")
            both = {*older.sentences, *newer.sentences}
            changed = {one for one in both if words_of(older, one) != words_of(newer, one)}
            if not page.is_fine or changed - ids_on(page, ""):
                yield "two versions cannot be compared"
    table = world.get(reverse("proof:checks")).must_be_fine()
    linked = {urlsplit(href).path for href, _ in table.links()}
    for promise in world.policy.sentences:
        status = reverse("proof:check", args=[promise])
        if status not in linked or not world.get(status).is_fine:
            yield "a sentence has no page that says how it is doing"


def words_of(policy: Policy, promise: str) -> str:
    return squeezed(policy.sentences[promise].text) if promise in policy.sentences else ""


def plain(text: str) -> str:
    """The letters and figures alone, without what a link points to: quotes and emphasis look otherwise on a page."""
    return "".join(re.findall(r"\w", re.sub(r"\]\([^)]*\)", "]", text)))


@mutant("S-30", seam="forecourt.policy.book.PolicyBook.diff", finding="two versions cannot be compared")
def nothing_ever_changed(diff):
    return lambda book, older, newer: diff(book, newer, newer)


@mutant("S-30", seam="forecourt.proof.views.find", finding="a version cannot be read at its address")
def only_the_newest_is_shown(find):
    return lambda version: policies.book().versions[-1]


# S-37


@probe("S-37")
def the_foot_of_every_page_says_who_we_are(world):
    """Opens one page of each kind, one that does not exist among them, and looks at its foot: a link to the policy that can be seen
    and followed, the name and address from the brand, and this year."""
    year = str(world.now.year)
    for address in KINDS:
        page = world.get(address)
        feet = page.tree.xpath("//footer")
        if not feet:
            yield "a page has no foot"
            continue
        said = " ".join(feet[-1].text_content().split())
        if brand().legal_name not in said:
            yield "the foot of a page does not say who we are"
        if f"© {year}" not in said:
            yield "the foot of a page has another year"
        inside = {link.get("href") for link in feet[-1].iter("a")}
        if "/privacy/" not in inside or not page.link("/privacy/"):
            yield "the foot of a page does not lead to the policy"
    if not Browser().get("/privacy/").is_fine:
        yield "the link to the policy leads nowhere"


@mutant("S-37", seam="forecourt.dealers.views.render", finding="the foot of a page does not lead to the policy")
def the_link_is_gone(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = response.content.replace(b'<a href="/privacy/">Privacy policy</a>', b"")
        return response

    return render_without


@mutant("S-37", seam="forecourt.dealers.views.render", finding="the foot of a page has another year")
def the_year_stands_still(render):
    def render_as_of_old(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        response.content = re.sub("© \\d{4}".encode(), "© 2019".encode(), response.content)
        return response

    return render_as_of_old
