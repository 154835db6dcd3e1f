"""Real browsers on a real server: the product's own, as `forecourt run` starts it, with its worker, on a database of its own.

Every visitor's browser remembers whom it asked. Hosts other than ours resolve to nothing, and a page that names one fails.
"""

import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser import server
from tests.browser.server import Site
from tests.browser.visitor import SWITCHES, WAYS, Visitor, Way, find_chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With a failure, what each visitor saw last."""
    report = yield
    if report.failed:
        for visitor in getattr(item, "funcargs", {}).get("arrive", lambda: None).__dict__.get("came", []):
            report.sections.append((f"{visitor.page.url} ({visitor.way})", visitor.words_now()))
    return report


@pytest.fixture(scope="session")
def site(database_server: None, worker_id: str) -> Iterator[Site]:
    with server.serve(worker_id) as running:
        yield running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """One a module: while it runs, Django takes this thread for an asynchronous one and refuses it the database."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=SWITCHES)
    yield browser
    browser.close()


@pytest.fixture
def arrive(site: Site, playwright: Playwright, chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor who comes in a given way; checks at the end that none was followed or counted."""
    came: list[Visitor] = []

    def make(way: Way = WAYS[0], **more) -> Visitor:
        visitor = Visitor.arrives(site, playwright, chromium, way, **more)
        came.append(visitor)
        return visitor

    make.came = came
    yield make
    for visitor in came:
        visitor.leave()


@pytest.fixture(params=WAYS, ids=str)
def visitor(request: pytest.FixtureRequest, arrive) -> Visitor:
    """Somebody at a phone-sized window, in each way in which people come."""
    return arrive(request.param)


@pytest.fixture
def guest(arrive) -> Visitor:
    """Somebody at a phone-sized window, with a browser as it comes."""
    return arrive()


@pytest.fixture(scope="session")
def phones() -> Iterator[str]:
    """Nobody's numbers: 555-0100 to 555-0199 are kept for fiction in every area."""
    every = [f"{area}-555-01{number:02d}" for area in (303, 202, 704, 919) for number in range(100)]
    return iter(random.sample(every, len(every)))


@pytest.fixture
def phone(phones: Iterator[str]) -> str:
    """A mobile number that nobody has used on this site."""
    return next(phones)


@pytest.fixture
def mailbox() -> str:
    """An address that nobody has used on this site."""
    return f"ada.{secrets.token_hex(4)}@post.example"
