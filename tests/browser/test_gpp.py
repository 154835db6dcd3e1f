"""The GPP interface in a real browser, on a page with a strict policy, as partners on it and in its frames ask."""

import threading
from collections.abc import Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from forecourt.consent.gpp import decode
from forecourt.consent.gpp.of_choices import string
from forecourt.consent.gpp.page import attributes

SCRIPT = Path(__file__).parents[2] / "forecourt" / "consent" / "static" / "consent" / "gpp.js"
REFUSED = string(frozenset({"sale"}), frozenset(), gpc=True, sold_or_shared=True, age="")
ALLOWED = string(frozenset(), frozenset({"sale", "ads"}), gpc=False, sold_or_shared=True, age="")

STUB = """
window.early = [];
window.__gpp = function () {
  window.__gpp.queue = window.__gpp.queue || [];
  if (!arguments.length) return window.__gpp.queue;
  window.__gpp.queue.push([].slice.apply(arguments));
};
window.__gpp.events = [{ id: 4, callback: function (heard) { window.early.push(heard.eventName + ' ' + heard.listenerId); } }];
window.__gpp.lastId = 4;
window.__gpp('getField', function (value) { window.early.push(value); }, 'usca.SaleOptOut');
"""
PARTNER = """
window.ask = function (asText, call) {
  return new Promise(function (resolve) {
    window.addEventListener('message', function (event) {
      var data = typeof event.data === 'string' ? JSON.parse(event.data) : event.data;
      if (data.__gppReturn) resolve([typeof event.data, data.__gppReturn]);
    });
    var message = { __gppCall: call };
    window.parent.postMessage(asText ? JSON.stringify(message) : message, '*');
  });
};
"""


def page_with(text: str, before: str = "", body: str = "") -> str:
    named = " ".join(f'{name}="{escape(value)}"' for name, value in attributes(text, [7, 8]).items())
    return f'<!doctype html><title>A page</title>{before}<script id=gpp src="/gpp.js" {named}></script><body>{body}'


PAGES = {
    "/": page_with(REFUSED),
    "/stub": page_with(REFUSED, before='<script src="/stub.js"></script>'),
    "/broken": page_with(REFUSED).replace("data-sections=", "data-nothing="),
    "/frames": page_with(
        REFUSED,
        body='<iframe name=open src="/inside"></iframe><iframe name=boxed sandbox="allow-scripts" src="/inside"></iframe>',
    ),
    "/inside": '<!doctype html><title>A partner</title><script src="/partner.js"></script>',
}
SCRIPTS = {"/gpp.js": SCRIPT.read_text(), "/stub.js": STUB, "/partner.js": PARTNER}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = PAGES.get(self.path) or SCRIPTS.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html" if self.path in PAGES else "text/javascript")
        frames = "'self'" if self.path == "/frames" else "'none'"
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src http://{self.headers['Host']}; frame-src {frames}",
        )
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium: Browser, pages: str) -> Iterator[Page]:
    """A page on which nothing was blocked and nothing failed, but for what a test expects and takes away."""
    context = chromium.new_context(base_url=pages)
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.said = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in message.location.get("url", ""):
            page.said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    assert page.said == []
    assert context.cookies() == []
    context.close()


def ask(page: Page, command: str, parameter: object = None) -> list:
    """What the callback hears before the call returns."""
    return page.evaluate(
        """([command, parameter]) => {
            let heard = 'nothing';
            window.__gpp(command, (data, success) => { heard = [data, success]; }, parameter);
            return heard;
        }""",
        [command, parameter],
    )


def test_ping_tells_the_string_and_its_sections(page):
    page.goto("/")

    data, success = ask(page, "ping")

    assert success is True
    assert data["gppString"] == REFUSED
    assert decode(data["gppString"]).usnat.SaleOptOut == 1
    assert (data["gppVersion"], data["cmpStatus"], data["signalStatus"]) == ("1.1", "loaded", "ready")
    assert (data["sectionList"], data["applicableSections"]) == ([7, 8], [7, 8])
    assert data["supportedAPIs"] == ["7:usnat", "8:usca"]
    assert data["cmpDisplayStatus"] is None
    assert list(data["parsedSections"]) == ["usnat", "usca"]


def test_sections_and_fields_are_told(page):
    page.goto("/")

    assert ask(page, "hasSection", "usca") == [True, True]
    assert ask(page, "hasSection", "tcfeuv2") == [False, True]
    assert ask(page, "hasSection", "constructor") == [False, True]
    (core, gpc), _ = ask(page, "getSection", "usnat")
    assert (core["Version"], core["SaleOptOut"], len(core["SensitiveDataProcessing"])) == (2, 1, 16)
    assert gpc == {"SubsectionType": 1, "Gpc": True}
    assert ask(page, "getSection", "uspv1") == [None, False]
    assert ask(page, "getField", "usca.SharingOptOut") == [1, True]
    assert ask(page, "getField", "usnat.Gpc") == [True, True]
    assert ask(page, "getField", "usnat.toString") == [None, False]
    assert ask(page, "getField", "usnat") == [None, False]


def test_a_command_that_is_not_there_fails_and_throws_nothing(page):
    page.goto("/")

    assert ask(page, "getGPPData") == [None, False]
    assert ask(page, "toString") == [None, False]
    assert page.evaluate("[window.__gpp(), window.__gpp('ping'), window.__gpp(7)].join()") == ",,"


def test_what_one_partner_changes_is_not_what_the_next_one_reads(page):
    page.goto("/")
    page.evaluate("window.__gpp('getSection', section => { section[0].SaleOptOut = 2; }, 'usnat')")
    page.evaluate("window.__gpp('ping', data => { data.parsedSections.usnat[0].SaleOptOut = 2; })")

    assert ask(page, "getField", "usnat.SaleOptOut") == [1, True]


LISTEN = """() => {
    window.heard = [];
    window.__gpp('addEventListener', (event, success) => {
        window.heard.push([event.eventName, event.listenerId, event.data, event.pingData.signalStatus, success]);
    });
}"""
CHANGE = "named => Object.entries(named).forEach(([name, value]) => document.getElementById('gpp').setAttribute(name, value))"


def test_listeners_hear_of_a_changed_choice_in_order(page):
    page.goto("/")
    page.evaluate(LISTEN)
    page.evaluate(CHANGE, attributes(ALLOWED, [7, 8]))

    assert page.evaluate("window.heard") == [
        ["listenerRegistered", 1, True, "ready", True],
        ["signalStatus", 1, "not ready", "not ready", True],
        ["sectionChange", 1, "usnat", "not ready", True],
        ["sectionChange", 1, "usca", "not ready", True],
        ["signalStatus", 1, "ready", "ready", True],
    ]
    assert ask(page, "getField", "usca.SaleOptOut") == [2, True]


def test_a_partner_that_breaks_keeps_nobody_else_from_hearing(page):
    page.goto("/")
    with page.expect_event("pageerror", lambda error: "a broken partner" in str(error)):
        page.evaluate(
            "window.__gpp('addEventListener', event => { if (event.data === 'usca') throw Error('a broken partner') })"
        )
        page.evaluate(LISTEN)
        page.evaluate(CHANGE, attributes(ALLOWED, [7, 8]))

    assert page.evaluate("window.heard.map(event => event[2])") == [True, "not ready", "usnat", "usca", "ready"]
    page.said.clear()


def test_a_listener_that_was_removed_hears_nothing_more(page):
    page.goto("/")
    page.evaluate(LISTEN)

    assert ask(page, "removeEventListener", 1) == [True, True]
    assert ask(page, "removeEventListener", 1) == [False, True]
    page.evaluate(CHANGE, attributes(ALLOWED, [7, 8]))
    assert ask(page, "ping")[0]["gppString"] == ALLOWED
    assert len(page.evaluate("window.heard")) == 1


def test_what_a_stub_took_before_is_answered(page):
    page.goto("/stub")

    assert page.evaluate("window.early") == ["cmpStatus 4", "signalStatus 4", 1]
    page.evaluate(LISTEN)
    assert page.evaluate("window.heard[0][1]") == 5


def test_without_its_attributes_it_says_that_it_failed_and_answers_nothing_else(page):
    page.goto("/broken")

    assert ask(page, "ping")[0]["cmpStatus"] == "error"
    assert ask(page, "ping")[0]["gppString"] == ""
    assert ask(page, "getField", "usnat.SaleOptOut") == [None, False]
    page.evaluate(CHANGE, attributes(REFUSED, [7, 8]))
    assert ask(page, "ping")[0]["signalStatus"] == "ready"


@pytest.mark.parametrize("frame", ["open", "boxed"])
@pytest.mark.parametrize("as_text", [True, False], ids=["as text", "as an object"])
def test_partners_in_frames_ask_by_message(page, frame, as_text):
    page.goto("/frames")
    call = {"command": "getField", "parameter": "usnat.SaleOptOut", "version": "1.1", "callId": "c-1"}

    kind, reply = page.frame(frame).evaluate("([asText, call]) => window.ask(asText, call)", [as_text, call])

    assert kind == ("string" if as_text else "object")
    assert reply == {"returnValue": 1, "success": True, "callId": "c-1"}


def test_the_frame_that_partners_look_for_is_there_and_not_seen(page):
    page.goto("/")
    page.locator("iframe[name=__gppLocator]").wait_for(state="attached")

    assert not page.locator("iframe[name=__gppLocator]").is_visible()
    assert page.locator("iframe").count() == 1


def test_messages_of_others_are_left_alone(page):
    page.goto("/")
    for message in ("no json", "null", '{"__gppCall": null}', '{"__gppCall": 7}', '{"__gppReturn": {}}'):
        page.evaluate("message => window.postMessage(message, '*')", message)

    assert ask(page, "hasSection", "usnat") == [True, True]
