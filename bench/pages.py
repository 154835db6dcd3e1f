"""Public pages: a model page from the cache beside nginx with the same bytes, and beside a page of the CMS made anew.

Server and nginx are held to one core, the load to another. Answers are counted by the clock, where the load may be what is
full, and per CPU second of the server, which tells what each costs and which a busy machine changes little. nginx sends a
file with the headers that our page has, compressed beforehand as ours is.
"""

import gzip
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.rows import Row, row
from forecourt.trouble import Trouble

NEEDS = {"nginx": "nginx-light", "wrk": "wrk", "taskset": "util-linux"}
PORTS = {"site": 8478, "nginx": 8479}
MODEL, STORY = "/models/pipit/", "/why-small/"
UNCACHED = f"{STORY}?uncached=1"  # a word that no page knows goes past the cache
SECONDS = 4
ROUNDS = 3
CONNECTIONS = 32
FIRST_GETS = 40


def measure() -> list[Row]:
    check_machine()
    load_brand()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pages-")))
        folder.chmod(0o755)
        site = stack.enter_context(our_site())
        page = answer("site", MODEL, "gzip")
        nginx = stack.enter_context(an_nginx(folder, page))
        check_same(page, answer("nginx", MODEL, "gzip"))
        cached, served, story, made = in_turns(
            lambda: speed("site", site, MODEL),
            lambda: speed("nginx", nginx, MODEL),
            lambda: speed("site", site, STORY),
            lambda: speed("site", site, UNCACHED),
        )
        first = first_gets()
        visit = first_visit(MODEL)
    nginxs, wagtails = "nginx, the same bytes", "the same, made anew by Wagtail"
    return [
        row(
            "a model page from the cache, by the clock",
            cached.by_clock,
            "answers/s",
            peer=nginxs,
            peer_value=served.by_clock,
        ),
        row(
            "a model page from the cache, per CPU second",
            cached.by_cpu,
            "answers/s",
            peer=nginxs,
            peer_value=served.by_cpu,
        ),
        row(
            "a page of the CMS from the cache, by the clock",
            story.by_clock,
            "answers/s",
            peer=wagtails,
            peer_value=made.by_clock,
        ),
        row(
            "a page of the CMS from the cache, per CPU second",
            story.by_cpu,
            "answers/s",
            peer=wagtails,
            peer_value=made.by_cpu,
        ),
        row("a model page after a change, made anew and fetched, median", first, "ms"),
        row("a first visit to a model page, all that is fetched", visit.bytes / 1000, "KB"),
        row("cookies set and other hosts asked on that visit", visit.cookies + visit.others, "of either"),
    ]


def check_machine() -> None:
    missing = [package for program, package in NEEDS.items() if not find(program)]
    if missing:
        raise Trouble(f"This measures beside nginx, with wrk as the load: apt-get install {' '.join(missing)}")
    if len(os.sched_getaffinity(0)) < 2:
        raise Trouble("This needs two cores: one for the server, one for the load.")
    for port in PORTS.values():
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise Trouble(f"Port {port} is taken: end what listens there, and measure again.")


def find(program: str) -> str | None:
    """Debian keeps servers where only root's path leads."""
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def load_brand() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from forecourt.run import load_brand as brands

    brands.load(timezone.now(), say=lambda line: None)
    call_command("collectstatic", interactive=False, verbosity=0)


def cores() -> tuple[str, str]:
    first, second, *_ = sorted(os.sched_getaffinity(0))
    return str(first), str(second)


@contextmanager
def our_site() -> Iterator[int]:
    """As `forecourt run` starts it, with one worker on one core."""
    command = [
        "taskset", "-c", cores()[0], sys.executable, "-m", "forecourt.edge.serving", "--port", str(PORTS["site"]),
    ]  # fmt: skip
    with running(command) as process:
        wait_for("site", MODEL)
        wait_until_idle(process)  # it reads ahead as it starts
        yield process


@contextmanager
def an_nginx(folder: Path, page: http.client.HTTPResponse) -> Iterator[int]:
    file = folder / "www" / MODEL.strip("/") / "index.html"
    file.parent.mkdir(parents=True)
    file.with_suffix(".html.gz").write_bytes(page.content)
    file.write_bytes(gzip.decompress(page.content))
    own = {"content-length", "content-type", "content-encoding", "date", "etag", "server", "connection"}
    headers = [(name, value) for name, value in page.getheaders() if name.lower() not in own]
    (folder / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
  types {{ text/html html; }} charset utf-8; access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
  open_file_cache max=100 inactive=60s; open_file_cache_valid 60s; gzip_static on;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{PORTS["nginx"]}; root {folder}/www; {" ".join(f"add_header {name} {quoted(value)};" for name, value in headers)} }}
}}
"""
    )
    command = ["taskset", "-c", cores()[0], find("nginx"), "-e", folder / "errors", "-c", folder / "nginx.conf"]
    with running(command) as process:
        wait_for("nginx", MODEL)
        yield process


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "") + '"'


@contextmanager
def running(command: list) -> Iterator[int]:
    process = subprocess.Popen(command)
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(server: str, path: str, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            if answer(server, path, "gzip").status == 200 and (server != "site" or is_kept(path)):
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise Trouble(f"{server} did not answer {path} with a page within {patience:.0f} s.")


def wait_until_idle(process: int, patience: float = 60) -> None:
    until = time.monotonic() + patience
    spent, before = cpu_seconds(process), -1.0
    while spent - before > 0.05 and time.monotonic() < until:
        time.sleep(1)
        before, spent = spent, cpu_seconds(process)


def is_kept(path: str) -> bool:
    return answer("site", path, "gzip").getheader("ETag") is not None


def answer(server: str, path: str, accepted: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", PORTS[server], timeout=30)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": accepted})
        found = connection.getresponse()
        found.content = found.read()
        return found
    finally:
        connection.close()


def check_same(ours: http.client.HTTPResponse, theirs: http.client.HTTPResponse) -> None:
    names = [
        sorted(
            name.lower()
            for name, _ in one.getheaders()
            if name.lower() not in ("connection", "last-modified", "server")
        )
        for one in (ours, theirs)
    ]
    if ours.content != theirs.content or names[0] != names[1]:
        raise Trouble(
            f"nginx does not send what we send: {len(ours.content)} and {len(theirs.content)} bytes, {names}."
        )


def in_turns(*runs: Callable[[], "Speed"]) -> "list[Speed]":
    """Each several times, in turns, so that what else the machine does meets all of them; the medians."""
    rounds = [[run() for run in runs] for _ in range(ROUNDS)]
    return [
        Speed(*(round(statistics.median(found)) for found in zip(*one, strict=True)))
        for one in zip(*rounds, strict=True)
    ]


class Speed(NamedTuple):
    by_clock: float
    by_cpu: float


def speed(server: str, process: int, path: str) -> Speed:
    answer(server, path, "gzip")
    load = [
        "taskset", "-c", cores()[1], find("wrk"), "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "30s", "-H", "Accept-Encoding: gzip",
        f"http://127.0.0.1:{PORTS[server]}{path}",
    ]  # fmt: skip
    before = cpu_seconds(process)
    told = subprocess.run(load, check=True, capture_output=True, text=True).stdout
    spent = cpu_seconds(process) - before
    if "Non-2xx" in told or "Socket errors" in told:
        raise Trouble(f"{server} did not answer every time:\n{told}")
    answers = next(int(line.split()[0]) for line in told.splitlines() if " requests in " in line)
    return Speed(answers / SECONDS, answers / spent)


def cpu_seconds(process: int) -> float:
    """Of the process and all that it started, by the kernel's exact clock of each (clock_getcpuclockid(3)), ended threads too."""
    return sum(time.clock_gettime((~one << 3) | 2) for one in family(process))


def family(process: int) -> list[int]:
    found = [process]
    for one in found:
        for task in Path(f"/proc/{one}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def first_gets() -> float:
    """Each after the database said that pages changed, so that the page is made anew."""
    from django.db import connection as database

    took = []
    with database.cursor() as cursor:
        for _ in range(FIRST_GETS):
            cursor.execute("NOTIFY pages_changed")
            time.sleep(0.02)
            begun = time.perf_counter()
            answer("site", MODEL, "br, gzip")
            took.append(time.perf_counter() - begun)
    return round(statistics.median(took) * 1000, 2)


class Visit(HTMLParser):
    """What a browser fetches for one page, counted with the headers."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = self.cookies = self.others = 0
        self.wanted: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "link" and set((has.get("rel") or "").split()) & {"stylesheet", "preload", "icon", "modulepreload"}:
            self.wanted[has["href"]] = None
        elif tag in ("script", "img", "iframe", "source", "video", "audio") and has.get("src"):
            self.wanted[has["src"]] = None


def first_visit(path: str) -> Visit:
    visit = Visit()
    visit.feed(count(visit, path).decode())
    for address in visit.wanted:
        parts = urlsplit(address)
        if parts.netloc:
            visit.others += 1
        elif parts.scheme != "data":
            count(visit, address)
    return visit


def count(visit: Visit, address: str) -> bytes:
    """Adds what came over the wire; the content, for who wants to read it."""
    import brotli

    found = answer("site", address, "br, gzip")
    if found.status != 200:
        raise Trouble(f"The page asks for {address}, which answers {found.status}.")
    visit.bytes += len(found.content) + sum(len(name) + len(value) + 4 for name, value in found.getheaders())
    visit.cookies += len(found.headers.get_all("Set-Cookie", []))
    match found.getheader("Content-Encoding"):
        case "br":
            return brotli.decompress(found.content)
        case "gzip":
            return gzip.decompress(found.content)
    return found.content
