"""The cache in front of Django: who may share a page, when a page dies, and how it is sent."""

import gzip
import io
import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from django.core.handlers.wsgi import WSGIRequest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.adapters import clock
from forecourt.consent import choices, policies, signals
from forecourt.edge import page_cache, page_key
from forecourt.edge.page_cache import PageCache
from tests.cast import Time

NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")


class Heard:
    """News as a test tells them."""

    epoch: int | None = 1


class Site:
    """Stands where Django stands. Its pages show all that they were asked with."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.headers = [HTML]
        self.status = "200 OK"
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, environ, start_response):
        self.asked[environ["PATH_INFO"]] += 1
        self.meanwhile()
        seen = {name: value for name, value in environ.items() if isinstance(value, str)}
        start_response(self.status, list(self.headers))
        return [json.dumps(seen, sort_keys=True).encode() + b"<p>" + b"word " * 200]


class Answer:
    def __init__(self, status: str, headers: list, body: bytes) -> None:
        self.status, self.body = int(status[:3]), body
        self.headers = dict(headers)
        self.cookies = [value for name, value in headers if name == "Set-Cookie"]

    @property
    def page(self) -> bytes:
        if not self.body:  # as a HEAD is answered, whatever it says of its encoding
            return b""
        match self.headers.get("Content-Encoding"):
            case "br":
                return brotli.decompress(self.body)
            case "gzip":
                return gzip.decompress(self.body)
        return self.body


def ask(cache, path: str = "/models/", query: str = "", method: str = "GET", **headers: str) -> Answer:
    told = []
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **headers,
    }
    body = b"".join(cache(environ, lambda status, headers, exc_info=None: told.append((status, headers))))
    return Answer(*told[-1], body)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def cache(site: Site, heard: Heard, at) -> PageCache:
    return PageCache(site, news=heard)


# Who shares a page with whom


def test_the_second_visitor_gets_what_was_made_for_the_first(cache, site):
    first, second = ask(cache), ask(cache)

    assert first.page == second.page
    assert site.asked["/models/"] == 1


def test_a_page_knows_nothing_of_whom_it_was_made_for(cache):
    page = ask(
        cache,
        HTTP_USER_AGENT="Ada",
        HTTP_COOKIE="theirs=ada; choices=sale-no",
        HTTP_REFERER="https://ada.example/",
        HTTP_X_FORWARDED_HOST="evil.example",
        HTTP_X_FORWARDED_FOR="198.51.100.7",
        HTTP_ACCEPT_LANGUAGE="ada",
        HTTP_RANGE="bytes=0-1",
        HTTP_SEC_GPC="0, 1",
        HTTP_X_REQUESTED_WITH="ada",
    ).page

    assert set(json.loads(page.partition(b"<p>")[0])) == {
        "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
        "HTTP_HOST", "HTTP_COOKIE", "HTTP_SEC_GPC", "wsgi.url_scheme",
    }  # fmt: skip
    assert b"ada" not in page.lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"HTTP_SEC_GPC": "1"}),
        ({}, {"HTTP_DNT": "1"}),
        ({}, {"HTTP_HOST": "127.0.0.1"}),
        ({}, {"HTTP_HOST": "localhost:8000"}),
        ({}, {"wsgi.url_scheme": "https"}),
        ({}, {"HTTP_COOKIE": "choices=sale-no"}),
        ({"HTTP_COOKIE": "choices=sale-signal"}, {"HTTP_COOKIE": "choices=sale-no"}),
        ({"path": "/models/"}, {"path": "/models/pipit/"}),
        ({"path": "/models/pipit/"}, {"path": "/models/pipit/", "query": "paint=fog"}),
        ({"path": "/models/pipit/", "query": "paint=tide"}, {"path": "/models/pipit/", "query": "paint=fog"}),
    ],
)
def test_what_a_page_may_show_makes_it_another_page(one, other, cache, site):
    assert ask(cache, **one).page != ask(cache, **other).page
    assert site.asked.total() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "_theirs=1; another=2"},
        {"HTTP_SEC_GPC": "0"},
        {"HTTP_SEC_GPC": "true"},
        {"HTTP_DNT": "0"},
        {"HTTP_COOKIE": "choices=nonsense"},
        {"HTTP_ACCEPT_LANGUAGE": "de"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_USER_AGENT": "another"},
        {"HTTP_ACCEPT": "application/json"},
        {"HTTP_CACHE_CONTROL": "no-cache"},
        {"CONTENT_LENGTH": "0"},
    ],
)
def test_what_no_page_shows_makes_no_other_page(headers, cache, site):
    assert ask(cache).page == ask(cache, **headers).page
    assert site.asked.total() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": "choices=sale-yes"},
        {"HTTP_COOKIE": "choices=sale-no.ads-yes"},
        {"HTTP_COOKIE": 'choices="ads-yes"'},
        {"HTTP_COOKIE": "theirs=1; staff_session=abc"},
        {"HTTP_COOKIE": "staff_csrf=abc"},
        {"HTTP_AUTHORIZATION": "Basic abc"},
        {"HTTP_HX_REQUEST": "true"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "localhost,evil.example"},
        {"HTTP_HOST": "localhost@evil.example"},
        {"HTTP_HOST": ""},
        {"CONTENT_LENGTH": "4"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"SCRIPT_NAME": "/models"},
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"method": "get"},
        {"path": "/test-drive/"},
        {"path": "/test-drive/abc/"},
        {"path": "/m/abc/"},
        {"path": "/staff/"},
        {"path": "/staff/cms/"},
        {"path": "/demo/"},
        {"path": "/demo/mailbox/"},
        {"path": "/hooks/texts/"},
        {"path": "/.well-known/privacy-checks.json"},
        {"path": "/models"},
        {"path": "//models/"},
        {"path": "/models//pipit/"},
        {"path": "/models/../staff/"},
        {"path": "/models/%2e%2e/"},
        {"path": "/models/;x/"},
        {"path": "/models/pipit/\n"},
        {"path": "/models/caf\xc3\xa9/"},
        {"path": "/models\x00/"},
        {"path": ""},
        {"path": "*"},
        {"path": "http://localhost/models/"},
        {"path": "/" + "a" * 300 + "/"},
        {"query": "utm_source=x"},
        {"query": "paint=fog"},
        {"query": "preview=1"},
        {"path": "/models/pipit/", "query": "paint=fog&paint=tide"},
        {"path": "/models/pipit/", "query": "paint=fog&other=1"},
        {"path": "/models/pipit/", "query": "PAINT=fog"},
        {"path": "/models/pipit/", "query": "paint=%66og"},
        {"path": "/models/pipit/", "query": "paint"},
        {"path": "/models/pipit/", "query": "paint="},
        {"path": "/models/pipit/", "query": "paint=fog&"},
        {"path": "/models/pipit/", "query": "paint=fog;paint=tide"},
        {"path": "/models/pipit/", "query": "paint=<script>"},
        {"path": "/models/pipit/", "query": "paint=" + "x" * 50},
        {"path": "/dealers/", "query": "place=55802"},
    ],
)
def test_such_a_request_goes_to_django_as_it_came_and_leaves_nothing_behind(headers, cache, site):
    seen = [ask(cache, HTTP_X_MARK="me", **headers).page for _ in range(2)]

    assert all(b'"HTTP_X_MARK": "me"' in page for page in seen)
    assert site.asked.total() == 2
    assert not cache.pages


def test_behind_the_proxy_a_page_asked_for_in_the_clear_is_another(cache, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    clear, secure = ask(cache), ask(cache, HTTP_X_FORWARDED_PROTO="https, http")

    assert b'"wsgi.url_scheme": "http"' in clear.page
    assert b'"wsgi.url_scheme": "https"' in secure.page
    assert ask(cache, HTTP_X_FORWARDED_PROTO="http, https").page == clear.page


def test_each_language_of_ours_is_another_page_and_no_other_language_is(cache, site, settings):
    settings.LANGUAGES = [("en-us", "English"), ("es", "Español")]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    english = ask(cache, HTTP_ACCEPT_LANGUAGE="de, fr;q=0.5")
    spanish = ask(cache, HTTP_ACCEPT_LANGUAGE="de, es-MX;q=0.5, en;q=0.1")

    assert b'"HTTP_ACCEPT_LANGUAGE": "es"' in spanish.page
    assert ask(cache, HTTP_ACCEPT_LANGUAGE="x" * 300).page == ask(cache).page == english.page
    assert site.asked.total() == 2


def test_the_order_of_words_is_no_other_page(cache, site):
    ask(cache, "/privacy/compare/", "from=2026-10-15&to=2026-12-15")
    ask(cache, "/privacy/compare/", "to=2026-12-15&from=2026-10-15")

    assert site.asked.total() == 1


HEADERS = {
    "path": st.sampled_from(
        ["/", "/models/", "/models/pipit/", "/Models/", "/models/%2e/", "/test-drive/", "/privacy/"]
    ),
    "query": st.sampled_from(["", "paint=fog", "paint=tide", "a=1", "paint=fog&a=1", "from=x&to=y", "to=y&from=x"]),
    "method": st.sampled_from(["GET", "GET", "HEAD", "POST"]),
    "HTTP_HOST": st.sampled_from(["localhost", "LOCALHOST", "127.0.0.1:80", "localhost:81", "evil.example", "[::1]"]),
    "wsgi.url_scheme": st.sampled_from(["http", "https"]),
    "HTTP_SEC_GPC": st.sampled_from(["", "1", "0", " 1 ", "0,1", "1;1", "true", "01"]),
    "HTTP_DNT": st.sampled_from(["", "1", "0"]),
    "HTTP_COOKIE": st.lists(
        st.sampled_from(
            [
                "theirs=1",
                "choices=sale-no",
                "choices=sale-yes",
                "choices=ads-no.sale-no",
                "choices=sale-no.ads-no",
                "choices=sale-overruled",
                "choices=",
                "staff_session=s",
                'choices="sale-signal"',
                "=",
                "\xe9=1",
                "choices",
            ]
        ),
        max_size=3,
    ).map("; ".join),
    "HTTP_ACCEPT_LANGUAGE": st.sampled_from(["", "de", "en-GB;q=0.1", "*"]),
    "HTTP_ACCEPT_ENCODING": st.sampled_from(["", "gzip", "br, gzip", "br;q=0", "*", "identity;q=0"]),
    "HTTP_HX_REQUEST": st.sampled_from(["true"]),
    "HTTP_X_FORWARDED_HOST": st.sampled_from(["evil.example"]),
    "HTTP_USER_AGENT": st.text(max_size=3),
}
REQUESTS = st.fixed_dictionaries({}, optional=HEADERS)


def told(answer: Answer) -> tuple:
    return answer.status, answer.page, sorted(answer.headers.items())


@given(before=st.lists(REQUESTS, max_size=4), mine=REQUESTS)
def test_whoever_came_before_changes_nothing_in_what_i_get(before, mine):
    used, fresh = PageCache(Site(), news=Heard()), PageCache(Site(), news=Heard())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        for earlier in before:
            ask(used, **earlier)

        assert told(ask(used, **mine)) == told(ask(fresh, **mine))


@given(asked=REQUESTS)
def test_the_page_is_made_for_exactly_what_django_would_have_read(asked):
    """Of what a page may depend on, the request that Django gets says what the visitor's own said."""
    environ = {"wsgi.input": io.BytesIO(), "REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost"}
    names = {"path": "PATH_INFO", "query": "QUERY_STRING", "method": "REQUEST_METHOD"}
    environ |= {names.get(name, name): value for name, value in asked.items()}
    key = page_key.read(environ)
    if key is None:
        return
    theirs, made = WSGIRequest(environ), WSGIRequest(page_key.bare(key))

    assert theirs.path == made.path
    assert theirs.get_host() == made.get_host()
    assert theirs.is_secure() == made.is_secure()
    assert theirs.GET.dict() == made.GET.dict()
    assert signals.has_gpc(theirs.headers.get("Sec-GPC")) == signals.has_gpc(made.headers.get("Sec-GPC"))
    assert signals.has_dnt(theirs.headers.get("DNT")) == signals.has_dnt(made.headers.get("DNT"))
    said = [choices.read(request.META.get("HTTP_COOKIE", "")) for request in (theirs, made)]
    assert said[0] == said[1]
    assert not said[0].said_yes


# What is kept


@pytest.mark.parametrize(
    "headers",
    [
        [("Content-Type", "application/json")],
        [HTML, ("Cache-Control", "private")],
        [HTML, ("Cache-Control", "max-age=1, No-Store")],
        [HTML, ("Vary", "User-Agent")],
        [HTML, ("Vary", "*")],
        [HTML, ("Content-Encoding", "gzip")],
        [HTML, ("Set-Cookie", "id=7")],
        [HTML, ("Set-Cookie", "choices=sale-no")],
        [HTML, ("set-cookie", "choices=sale-yes")],
    ],
)
def test_an_answer_that_is_somebodys_own_is_kept_for_nobody(headers, cache, site):
    site.headers = headers

    assert ask(cache).headers.items() >= dict(headers).items()
    ask(cache)
    assert site.asked.total() == 2


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "500 Internal Server Error", "206 Partial Content"])
def test_only_a_whole_page_is_kept(status, cache, site):
    site.status = status

    assert [ask(cache).status for _ in range(2)] == [int(status[:3])] * 2
    assert site.asked.total() == 2


def test_a_form_with_a_nonce_is_never_shared_even_on_a_listed_page(at, heard):
    def form(environ, start_response):
        start_response("200 OK", [HTML])
        return [b'<input type="hidden" name="nonce" value="n">']

    cache = PageCache(form, news=heard)
    ask(cache)

    assert not cache.pages


def test_the_signal_alone_brings_its_flag_cookie_to_everybody_who_sends_it(cache, site):
    flag = str(choices.Choices().with_signal())
    site.headers = [HTML, ("Set-Cookie", f"choices={flag}; Path=/; Max-Age=60")]
    answers = [ask(cache, HTTP_SEC_GPC="1") for _ in range(2)]

    assert [answer.cookies for answer in answers] == [[f"choices={flag}; Path=/; Max-Age=60"]] * 2
    assert site.asked.total() == 1


def test_a_flag_cookie_is_shared_only_where_it_says_what_the_visitor_said(cache, site):
    site.headers = [HTML, ("Set-Cookie", "choices=sale-no; Path=/")]
    for _ in range(2):
        ask(cache, HTTP_COOKIE="choices=sale-no")
    assert site.asked.total() == 1

    for _ in range(2):
        ask(cache, HTTP_COOKIE="choices=sale-signal")
    assert site.asked.total() == 3


def test_no_identifier_rides_beside_the_flag(cache, site):
    flag = str(choices.Choices().with_signal())
    site.headers = [HTML, ("Set-Cookie", f"choices={flag}"), ("Set-Cookie", "browser=7")]
    for _ in range(2):
        ask(cache, HTTP_SEC_GPC="1")

    assert site.asked.total() == 2


def test_memory_is_bounded_and_what_was_not_asked_for_longest_goes_first(site, heard, at):
    cache = PageCache(site, news=heard, room=3 * 8000, is_public=lambda path, words: True)
    for number in range(10):
        ask(cache, f"/page-{number}/")
        ask(cache, "/page-0/")

    assert cache.size <= 3 * 8000
    assert cache.size == sum(kept.size for kept in cache.pages.values())
    assert site.asked["/page-0/"] == 1
    assert [key.path for key in cache.pages][-1] == "/page-0/"


# When a page dies


def test_after_a_minute_it_is_made_anew(cache, site, at):
    ask(cache)
    at.now += timedelta(seconds=59)
    ask(cache)
    assert site.asked.total() == 1

    at.now += timedelta(seconds=1)
    ask(cache)
    assert site.asked.total() == 2


def test_a_clock_that_goes_back_ends_it(cache, site, at):
    ask(cache)
    at.now -= timedelta(hours=1)
    ask(cache)

    assert site.asked.total() == 2


def test_it_ends_in_the_second_in_which_a_new_policy_takes_effect(cache, site, at):
    effective = policies.book().versions[-1].effective
    at.now = effective - timedelta(seconds=1)
    ask(cache)
    at.now = effective
    ask(cache)

    assert site.asked.total() == 2


def test_news_end_it_at_once(cache, site, heard):
    ask(cache)
    heard.epoch = 2
    ask(cache)

    assert site.asked.total() == 2


def test_news_while_it_is_being_made_end_it_too(cache, site, heard):
    def somebody_publishes():
        heard.epoch += 1

    site.meanwhile = somebody_publishes
    ask(cache)
    site.meanwhile = lambda: None
    ask(cache)

    assert site.asked.total() == 2


def test_while_nobody_listens_nothing_is_kept_or_served(cache, site, heard):
    ask(cache)
    heard.epoch = None
    ask(cache)
    ask(cache)

    assert site.asked.total() == 3


# How it is sent


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("", None),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=1.0", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("deflate", None),
        ("x" * 10_000 + ", br", None),
    ],
)
def test_it_is_sent_in_the_smallest_way_that_the_browser_reads(accepted, sent, cache):
    answer = ask(cache, HTTP_ACCEPT_ENCODING=accepted)

    assert answer.headers.get("Content-Encoding") == sent
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.page == ask(cache).page


def test_it_says_what_it_depends_on_and_that_caches_must_ask(cache, site):
    site.headers = [HTML, ("Vary", "Accept-Encoding, DNT"), ("Content-Security-Policy", "default-src 'self'")]
    for answer in (ask(cache), ask(cache)):
        assert answer.headers["Vary"] == "Sec-GPC, Cookie, Accept-Encoding, DNT"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Security-Policy"] == "default-src 'self'"


def test_a_head_says_what_a_get_says_and_sends_nothing(cache, site):
    head, get = ask(cache, method="HEAD"), ask(cache)

    assert head.headers == get.headers
    assert (head.status, head.body) == (200, b"")
    assert get.body
    assert site.asked.total() == 1


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_what_the_browser_has_is_not_sent_again(form, cache):
    etag = ask(cache).headers["ETag"]
    answer = ask(cache, HTTP_IF_NONE_MATCH=form.format(etag))

    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Vary"]
    assert "Content-Length" not in answer.headers


def test_what_the_browser_has_in_another_form_or_of_another_page_is_sent(cache):
    etag = ask(cache, HTTP_ACCEPT_ENCODING="br").headers["ETag"]

    assert ask(cache, HTTP_IF_NONE_MATCH=etag).status == 200
    assert ask(cache, "/dealers/", HTTP_IF_NONE_MATCH=etag, HTTP_ACCEPT_ENCODING="br").status == 200


# Many at once


def many(count: int, act: Callable[[], object]) -> list:
    found: list = []
    threads = [threading.Thread(target=lambda: found.append(act())) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    return found


def test_of_many_who_ask_at_once_one_has_the_page_made(cache, site):
    everybody_waits = threading.Event()
    site.meanwhile = lambda: everybody_waits.wait(0.3)
    answers = many(20, lambda: ask(cache).page)

    assert len(answers) == 20
    assert len(set(answers)) == 1
    assert site.asked.total() == 1


def test_an_old_page_serves_for_a_moment_while_the_new_one_is_made(cache, site, at):
    old = ask(cache)
    at.now += page_cache.LIFE + timedelta(milliseconds=500)
    begun, go_on = threading.Event(), threading.Event()
    site.meanwhile = lambda: (begun.set(), go_on.wait(5))
    maker = threading.Thread(target=lambda: ask(cache))
    maker.start()
    begun.wait(5)
    try:
        assert ask(cache).page == old.page
    finally:
        go_on.set()
        maker.join()
    assert site.asked.total() == 2


def test_an_old_page_never_serves_after_news(cache, site, heard, monkeypatch):
    monkeypatch.setattr(page_cache, "PATIENCE", 0.05)
    ask(cache)
    heard.epoch = 2
    begun, go_on = threading.Event(), threading.Event()
    site.meanwhile = lambda: None if begun.is_set() else (begun.set(), go_on.wait(5))
    maker = threading.Thread(target=lambda: ask(cache))
    maker.start()
    begun.wait(5)
    try:
        ask(cache)  # does not wait for ever, and does not take the old one
    finally:
        go_on.set()
        maker.join()
    assert site.asked.total() == 3


def test_a_page_that_breaks_breaks_for_whoever_asked_and_holds_nobody_up(cache, site):
    def fails():
        raise RuntimeError

    site.meanwhile = fails
    with pytest.raises(RuntimeError):
        ask(cache)
    site.meanwhile = lambda: None

    assert ask(cache).status == 200
    assert not cache.being_made


def test_in_a_crowd_nobody_gets_anothers_page(site, heard, monkeypatch):
    """Real threads, a small room, a clock that runs and news all the time."""
    time_ = Time(NOW)
    monkeypatch.setattr(clock, "now", lambda: time_.now)
    cache = PageCache(site, news=heard, room=40_000, is_public=lambda path, words: True)
    wrong: list = []

    def visit(seed: int) -> None:
        for turn in range(150):
            number = (seed * 7 + turn * 13) % 12
            gpc = {"HTTP_SEC_GPC": "1"} if turn % 3 == 0 else {}
            answer = ask(cache, f"/page-{number}/", HTTP_ACCEPT_ENCODING="gzip", **gpc)
            said = json.loads(answer.page.partition(b"<p>")[0])
            if said["PATH_INFO"] != f"/page-{number}/" or ("HTTP_SEC_GPC" in said) != bool(gpc):
                wrong.append((number, said))
            if turn % 10 == 0:
                heard.epoch += 1
                time_.now += timedelta(seconds=1)

    threads = [threading.Thread(target=visit, args=[seed]) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong
    assert cache.size == sum(kept.size for kept in cache.pages.values()) <= 40_000
    assert not cache.being_made
