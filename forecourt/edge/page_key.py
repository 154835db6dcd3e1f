"""What a public page may depend on, and nothing else.

A page that is kept is rendered from its key alone: Django gets a request that was made anew out of the key, in which no other
header, cookie or word of the visitor's exists. So nobody can put anything on a page that somebody else is then shown.
"""

import io
import re
import sys
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from forecourt.consent import choices, policies, signals

Environ = dict[str, Any]

SEVERAL_LANGUAGES = "django.middleware.locale.LocaleMiddleware"
PATH = re.compile(r"/(?:[A-Za-z0-9_-]+/)*")
QUERY = re.compile(r"[a-z]+=[A-Za-z0-9.-]{1,40}(?:&[a-z]+=[A-Za-z0-9.-]{1,40})*")
LONGEST = 200
# A page that says it varies with anything else is not kept. htmx's requests never are.
HEADERS = frozenset({"accept-encoding", "accept-language", "cookie", "dnt", "hx-request", "sec-gpc"})


class Key(NamedTuple):
    """`query` has its words in order; `said` is the flag cookie as we would write it, empty where there is none."""

    host: str
    secure: bool
    path: str
    query: str
    language: str
    gpc: bool
    dnt: bool
    said: str

    @property
    def words(self) -> frozenset[str]:
        return frozenset(pair.partition("=")[0] for pair in self.query.split("&") if pair)

    @property
    def flag(self) -> str:
        """The flag cookie that the answer may set: what anybody with this key is told, so it marks nobody."""
        said = choices.parse(self.said)
        return str(said.with_signal() if self.gpc else said)


def read(environ: Environ) -> Key | None:
    """The key of this request; None for one that may be anybody's own, or that we do not read exactly as Django does."""
    path, query = environ.get("PATH_INFO", ""), in_order(environ.get("QUERY_STRING", ""))
    host = environ.get("HTTP_HOST", "")
    said = flag_of(environ.get("HTTP_COOKIE", ""))
    if (
        environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or query is None
        or said is None
        or len(path) > LONGEST
        or not PATH.fullmatch(path)
        or environ.get("SCRIPT_NAME")
        or environ.get("CONTENT_LENGTH") not in (None, "", "0")
        or "HTTP_TRANSFER_ENCODING" in environ
        or "HTTP_AUTHORIZATION" in environ
        or "HTTP_HX_REQUEST" in environ
        or not is_ours(host, tuple(settings.ALLOWED_HOSTS))
    ):
        return None
    return Key(
        host=host,
        secure=is_secure(environ),
        path=path,
        query=query,
        language=language_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        gpc=signals.has_gpc(environ.get("HTTP_SEC_GPC")),
        dnt=signals.has_dnt(environ.get("HTTP_DNT")),
        said=said,
    )


def bare(key: Key) -> Environ:
    """A request that says what the key says, and no more."""
    domain, port = split_domain_port(key.host)
    made: Environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": key.path,
        "QUERY_STRING": key.query,
        "SERVER_NAME": domain,
        "SERVER_PORT": port or ("443" if key.secure else "80"),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": key.host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if key.secure else "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if key.gpc:
        made["HTTP_SEC_GPC"] = "1"
    if key.dnt:
        made["HTTP_DNT"] = "1"
    if key.said:
        made["HTTP_COOKIE"] = f"{choices.COOKIE}={key.said}"
    if speaks_several():
        made["HTTP_ACCEPT_LANGUAGE"] = key.language
    return made


def in_order(query: str) -> str | None:
    if not query:
        return ""
    if len(query) > LONGEST or not QUERY.fullmatch(query):
        return None
    pairs = sorted(query.split("&"))
    return "&".join(pairs) if len({pair.partition("=")[0] for pair in pairs}) == len(pairs) else None


def flag_of(cookies: str) -> str | None:
    """What the flag cookie says, in our spelling; None where it says yes to something, or another cookie of ours came too.
    Other people's cookies mean nothing to our pages."""
    if not cookies:
        return ""
    if any(name != choices.COOKIE and is_our_cookie(name) for name in parse_cookie(cookies)):
        return None
    said = choices.read(cookies)
    return None if choices.Answer.YES in said.answers.values() else str(said)


def is_our_cookie(name: str) -> bool:
    """One that any version of the policy declares: what an older one had may still be sent."""
    return name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME) or any(
        name in version.cookies for version in policies.book().versions
    )


@lru_cache(maxsize=256)
def is_ours(host: str, ours: tuple[str, ...]) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, ours)


def is_secure(environ: Environ) -> bool:
    """As Django reads it (`HttpRequest.scheme`)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        if header in environ:
            return environ[header].partition(",")[0].strip() == secure
    return environ.get("wsgi.url_scheme") == "https"


def speaks_several() -> bool:
    return SEVERAL_LANGUAGES in settings.MIDDLEWARE


def language_of(accepted: str) -> str:
    """The one of our languages that Django would answer in."""
    if speaks_several():
        for language, _ in parse_accept_lang_header(accepted[:LONGEST].lower()):
            try:
                return get_supported_language_variant(language)
            except LookupError:
                continue
    return settings.LANGUAGE_CODE
