"""A browser without a screen: it asks the real site over its real middleware, and reads pages and forms as a browser would.

So a box that stands ticked is sent as ticked, a link that is hidden cannot be followed, and a field that the page lacks
cannot be filled in.
"""

from collections.abc import Iterator
from functools import cached_property
from http.cookies import Morsel, SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from lxml import html

from forecourt.proof.registry import CouldNotRun
from forecourt.web.brand import brand

FIELDS = ("input", "select", "textarea", "button")
# What somebody chose for each file field: its name on their machine, and its bytes.
Files = dict[str, tuple[str, bytes]]


class Browser:
    """One visitor's browser. `gpc` and `dnt` are the signals that it sends; it refuses cookies unless told otherwise.

    `offered` is every cookie that any answer set, in order; `jar` what is kept of them.
    """

    def __init__(self, *, gpc: bool = False, dnt: bool = False, keeps_cookies: bool = False) -> None:
        self.site = own_address()
        self.signals = {**({"Sec-GPC": "1"} if gpc else {}), **({"DNT": "1"} if dnt else {})}
        self.keeps_cookies = keeps_cookies
        self.offered_cookies: set[str] = set()
        self.offered: list[Morsel] = []
        self.jar: dict[str, Morsel] = {}
        self.requests = 0
        self._client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, address: str, follow: int = 5) -> "Page":
        return self._go("get", address, {}, {"Sec-Fetch-Site": "none"}, follow)

    def post(
        self,
        address: str,
        data: dict,
        *,
        files: Files | None = None,
        headers: dict[str, str] | None = None,
        follow: int = 5,
    ) -> "Page":
        """As one of our own forms does it, unless the headers say otherwise."""
        ours = {"Origin": self.site, "Sec-Fetch-Site": "same-origin"}
        return self._go("post", address, data, ours if headers is None else headers, follow, files)

    def _go(
        self,
        method: str,
        address: str,
        data: dict,
        headers: dict[str, str],
        follow: int,
        files: Files | None = None,
    ) -> "Page":
        parts = urlsplit(urljoin(f"{self.site}/", address))
        if parts.netloc not in (urlsplit(self.site).netloc, urlsplit(brand().site_url).netloc):
            raise CouldNotRun(f"a page sent the visitor away, to {parts.hostname}")
        parts = urlsplit(urljoin(self.site, parts.path or "/"))._replace(query=parts.query)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        secure = parts.scheme == "https"
        self._client.cookies = SimpleCookie()
        self._client.cookies.update({name: held for name, held in self.jar.items() if path.startswith(held["path"])})
        sent = {"Host": parts.netloc, "Accept": "text/html,*/*;q=0.8", **self.signals, **headers}
        if files:
            chosen = {name: SimpleUploadedFile(called, content) for name, (called, content) in files.items()}
            response = self._client.post(path, {**data, **chosen}, headers=sent, secure=secure)
        elif method == "post":
            kind = "application/x-www-form-urlencoded"
            response = self._client.post(path, urlencode(data), content_type=kind, headers=sent, secure=secure)
        else:
            response = self._client.get(path, headers=sent, secure=secure)
        self.requests += 1
        self._take(response.cookies)
        if response.status_code in (301, 302, 303, 307, 308) and follow:
            return self._go(
                "get", urljoin(parts.geturl(), response["Location"]), {}, {"Sec-Fetch-Site": "same-origin"}, follow - 1
            )
        return Page(parts.geturl(), response)  # type: ignore[arg-type]  # the test client's own kind of response

    def _take(self, offered: SimpleCookie) -> None:
        """As a browser does: what is deleted goes, what is kept is sent to its own paths."""
        self.offered_cookies |= set(offered)
        self.offered += offered.values()
        for name, morsel in offered.items() if self.keeps_cookies else ():
            self.jar.pop(name, None)
            if str(morsel["max-age"]) != "0":
                self.jar[name] = morsel

    def holds(self, name: str, value: str, path: str = "/") -> None:
        """A cookie from an earlier visit."""
        earlier: SimpleCookie = SimpleCookie({name: value})
        earlier[name].update({"path": path, "max-age": "86400"})
        self.jar[name] = earlier[name]

    def closes(self) -> None:
        """And is opened again: what was for one visit is gone."""
        self.jar = {name: held for name, held in self.jar.items() if str(held["max-age"])}


class Page:
    def __init__(self, address: str, response: HttpResponse | StreamingHttpResponse) -> None:
        self.address = address
        self.path = urlsplit(address).path
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.getvalue()

    @property
    def is_fine(self) -> bool:
        return self.status == 200

    def must_be_fine(self) -> "Page":
        if not self.is_fine:
            raise CouldNotRun(f"{urlsplit(self.address).path.split('/')[1] or 'home'} answered {self.status}")
        return self

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.body or b"<html></html>", base_url=self.address)

    @cached_property
    def text(self) -> str:
        """What a reader sees, in one line."""
        return words(self.tree)

    def links(self) -> Iterator[tuple[str, str]]:
        """Address and words of each link that a reader can see."""
        for link in self.tree.iter("a"):
            if link.get("href") and is_seen(link):
                yield urljoin(self.address, link.get("href")), words(link)

    def link(self, part: str) -> str:
        """The address of the first visible link with this part in its address or words; empty where there is none."""
        return next((href for href, said in self.links() if part in href or part.lower() in said.lower()), "")

    def forms(self) -> list["Form"]:
        return [Form(self, form) for form in self.tree.iter("form") if is_seen(form)]

    def form(self, part: str = "", *, having: str = "") -> "Form":
        """The first form whose action has this part, or that has this field."""
        for form in self.forms():
            if part in form.action and (not having or having in form.names):
                return form
        raise CouldNotRun(f"the page {self.path.split('/')[1] or 'home'} shows no form {part or having}")

    def has_form(self, part: str = "", *, having: str = "") -> bool:
        return any(part in form.action and (not having or having in form.names) for form in self.forms())

    def foreign_hosts(self) -> set[str]:
        """Hosts beside ours that the page itself would load from."""
        ours = urlsplit(self.address).netloc
        loaded = self.tree.xpath(
            "//script/@src | //img/@src | //iframe/@src | //source/@src | //video/@src | //audio/@src"
            " | //link[not(contains('canonical alternate', @rel))]/@href | //object/@data | //embed/@src"
        )
        return {
            host for address in loaded if (host := urlsplit(urljoin(self.address, address)).netloc) and host != ours
        }


class Form:
    """`values` are what a browser would send if nobody touched it."""

    def __init__(self, page: Page, element: html.FormElement) -> None:
        self.page = page
        self.element = element
        self.method = (element.get("method") or "get").lower()
        self.action = urljoin(page.address, element.get("action") or page.address)

    @property
    def names(self) -> set[str]:
        return {field.get("name") for field in self.element.iter(*FIELDS) if field.get("name")}

    @property
    def asked(self) -> set[str]:
        """The fields that a person can fill in."""
        return {
            field.get("name")
            for field in self.element.iter(*FIELDS)
            if field.get("name")
            and field.tag != "button"
            and field.get("type") not in ("hidden", "submit", "button", "reset")
        }

    @property
    def values(self) -> dict[str, str]:
        return dict(self.element.form_values())

    def boxes(self) -> dict[str, bool]:
        """Each checkbox and whether it stands ticked."""
        return {
            box.get("name"): box.get("checked") is not None for box in self.element.xpath(".//input[@type='checkbox']")
        }

    def options(self, name: str) -> list[str]:
        radios = self.element.xpath(".//input[@type='radio' and @name=$name and not(@disabled)]/@value", name=name)
        choices = self.element.xpath(".//select[@name=$name]/option[not(@disabled)]/@value", name=name)
        buttons = self.element.xpath(".//button[@name=$name and not(@disabled)]/@value", name=name)
        return [value for value in (*radios, *choices, *buttons) if value]

    def text(self) -> str:
        return words(self.element)

    def filled(self, **values: str | None) -> dict[str, str]:
        """As sent after a person filled these in; None leaves a box unticked or a field empty."""
        missing = sorted(set(values) - self.names - {name for name, value in values.items() if value is None})
        if missing:
            raise CouldNotRun(f"the form has no field {', '.join(missing)}")
        return {**self.values, **{name: value for name, value in values.items() if value is not None}}

    def send(self, browser: Browser, *, files: Files | None = None, **values: str | None) -> Page:
        data = self.filled(**values)
        if self.method == "post":
            return browser.post(
                self.action, {name: data[name] for name in data if name not in (files or {})}, files=files
            )
        return browser.get(f"{self.action.split('?')[0]}?{urlencode(data)}")


def own_address() -> str:
    """Where the site answers in this process: under the brand's name, or, on a machine without it, under the first allowed."""
    theirs = urlsplit(brand().site_url)
    host = theirs.netloc if {theirs.hostname, "*"} & set(settings.ALLOWED_HOSTS) else settings.ALLOWED_HOSTS[0]
    return f"{'https' if settings.HTTPS else 'http'}://{host}"


def words(element: html.HtmlElement) -> str:
    """What is seen of an element, each piece of text once, in order."""
    return " ".join(" ".join(_seen_text(element)).split())


def _seen_text(element: html.HtmlElement) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "template", "head") or is_hidden(element):
        return
    if element.text:
        yield element.text
    for child in element:
        yield from _seen_text(child)
        if child.tail:
            yield child.tail


def is_seen(element: html.HtmlElement) -> bool:
    return not any(is_hidden(one) for one in (element, *element.iterancestors()))


def is_hidden(element: html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
