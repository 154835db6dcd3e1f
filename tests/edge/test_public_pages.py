"""The pages that are shared, as the site really makes them; and the database telling what changes them."""

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from forecourt.consent import closures, policies
from forecourt.consent.models import Evidence
from forecourt.edge import page_news, public_pages
from forecourt.edge.page_cache import PageCache
from forecourt.edge.page_news import News
from forecourt.pages import load
from forecourt.pages.models import EditorialPage
from forecourt.vehicles.stock.models import Loading as StockLoading
from tests.cast import make_car, make_dealer
from tests.edge.test_page_cache import Heard, ask

# Read while a page is made, and changed by a migration, by a picture's first showing, or after one of the others alone: the CMS
# remembers where its sites begin.
SETTLED = {"django_content_type", "wagtailcore_locale", "wagtailimages_rendition", "console_remembered"}
PATHS = (
    "/", "/why-small/", "/models/", "/models/pipit/", "/models/pipit/2026/", "/build/", "/build/pipit/", "/payments/", "/offers/", "/offers/pipit-west-finance/", "/dealers/", "/programs/military/", "/dealers/wren-salem-nc/", "/recalls/", "/maintenance/", "/privacy/",
    "/stock/", "/stock/car0000001/",
    "/privacy/versions/2026-10-15/", "/privacy/compare/", "/privacy/checks/", "/privacy/checks/P-3F-5/", "/privacy/safeguards/",
    "/privacy/california/", "/privacy/california/2026-10-15/", "/privacy/answered/", "/privacy/children/", "/privacy/requests/",
)  # fmt: skip
NEVER = (
    "/test-drive/", "/test-drive/abc/", "/programs/military/form/", "/claims/abc/", "/m/abc/", "/staff/", "/staff/cms/", "/demo/", "/demo/mailbox/", "/hooks/texts/",
    "/.well-known/privacy-checks.json", "/privacy/choices/", "/privacy/choices/sale/", "/privacy/cookies/", "/style/abc/site.css",
)  # fmt: skip


@pytest.fixture
def filled(db, at, dealer) -> None:
    load.load(at.now)
    make_car(dealer, 1)
    StockLoading.objects.create(digest="one car", cars=1, at=at.now)


@pytest.fixture
def cache(filled) -> Iterator[PageCache]:
    """Over the site itself, which leaves the connection of the test's transaction open, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield PageCache(get_wsgi_application(), news=Heard())
    for signal in signals:
        signal.connect(close_old_connections)


def tables_read(queries: list[dict]) -> set[str]:
    return {table for query in queries for table in re.findall(r'(?:FROM|JOIN)\s+"?(\w+)"?', query["sql"])}


def announced() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'pages_changed'")
        return {table for (table,) in cursor.fetchall()}


def names(resolver=None, space: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern, inner)
        elif pattern.name:
            yield space + pattern.name


@pytest.mark.parametrize("path", PATHS)
def test_a_public_page_is_kept_and_is_the_page_that_django_makes(path, cache):
    plain = ask(cache.application, path)
    first, second = ask(cache, path), ask(cache, path)

    assert [key.path for key in cache.pages] == [path]
    assert second.page == first.page == plain.page
    assert second.cookies == []
    added = {"ETag", "Cache-Control", "Vary"}
    kept = {name: value for name, value in second.headers.items() if name not in added}
    assert kept == {name: value for name, value in plain.headers.items() if name not in added}


@pytest.mark.parametrize("path", NEVER)
def test_what_may_be_ones_own_is_kept_for_nobody(path, cache):
    ask(cache, path)

    assert not cache.pages


@pytest.mark.parametrize("name", public_pages.PAGES)
def test_each_public_page_has_an_address_of_that_name_and_stands_among_the_paths_tried_here(name):
    found = {get_resolver().resolve(path).view_name for path in PATHS}

    assert name in set(names())
    assert name in found


def test_all_that_public_pages_are_made_of_is_announced_when_it_changes(cache):
    """A table that a page reads needs its trigger, or stands in SETTLED with why it cannot change."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for path in PATHS:
            ask(cache, path)

    assert len(cache.pages) == len(PATHS)
    assert "wagtailcore_page" in tables_read(queries.captured_queries)
    assert tables_read(queries.captured_queries) <= announced() | SETTLED


def test_the_signal_shows_on_the_page_and_its_flag_comes_with_it(cache):
    with_signal = [ask(cache, "/privacy/", HTTP_SEC_GPC="1") for _ in range(2)]
    without = ask(cache, "/privacy/")

    assert with_signal[0].page == with_signal[1].page == ask(cache.application, "/privacy/", HTTP_SEC_GPC="1").page
    assert with_signal[0].page != without.page
    assert [key.gpc for key in cache.pages] == [True, False]
    assert [len(answer.cookies) for answer in with_signal] == [1, 1]
    assert with_signal[0].cookies == with_signal[1].cookies
    assert without.cookies == []


def test_nobody_is_told_of_anothers_cookies(cache):
    ask(cache, "/privacy/", HTTP_COOKIE="theirs=1; more=2")

    assert b"<dt>Cookies from us</dt><dd>None</dd>" in ask(cache, "/privacy/").page


# News, with real commits


@pytest.fixture
def news(fresh_database, now) -> Iterator[News]:
    found = News()
    until(lambda: found.epoch is not None)
    yield found
    found.end()


def until(holds, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def add_evidence(now) -> None:
    Evidence.objects.create(
        promise="P-3F-5", probe="p", outcome="red", finding="f", at=now, expires=now + timedelta(days=1), revision="r",
        policy_version=policies.in_force(now).version, signature="s",
    )  # fmt: skip


def reopened(now) -> None:
    closures.close("P-3F-5", "it failed", now)
    closures.reopen("P-3F-5", now)


@pytest.mark.parametrize("write", [add_evidence, reopened, make_dealer, load.load])
def test_what_changes_a_page_is_heard_as_it_commits(write, news, now):
    before = news.epoch
    with transaction.atomic():
        write(now)
        time.sleep(0.05)
        assert news.epoch == before

    until(lambda: news.epoch != before)


def test_a_page_taken_away_is_heard(news, now):
    load.load(now)
    before = news.epoch
    EditorialPage.objects.first().unpublish()

    until(lambda: news.epoch != before)


def test_a_listener_that_is_cut_off_says_so_and_counts_what_it_missed_as_news(news, monkeypatch):
    monkeypatch.setattr(page_news, "AGAIN", 0.2)
    before = news.epoch
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' OR query = 'SELECT 1'"
            " AND datname = current_database() AND pid <> pg_backend_pid()"
        )

    until(lambda: news.epoch is None)
    until(lambda: news.epoch is not None)
    assert news.epoch != before


def test_one_listener_serves_all_threads_of_a_process(fresh_database):
    found = News()
    threads = [threading.Thread(target=lambda: found.epoch) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found.end()
    assert sum(thread.name == "page-news" and thread is found._listener for thread in threading.enumerate()) == 1


def test_a_failure_shows_on_the_page_of_checks_as_soon_as_it_is_written(news, now, at):
    cache = PageCache(get_wsgi_application(), news=news)
    assert ask(cache, "/privacy/checks/").page == ask(cache, "/privacy/checks/").page
    before = news.epoch
    closures.close("P-3F-5", "A text left after STOP.", now)
    until(lambda: news.epoch != before)

    assert b"under review" in ask(cache, "/privacy/checks/").page.lower()
