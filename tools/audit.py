"""`make audit`: what other people's tools say of our pages. Lighthouse on the pages that sell, as a phone and as a desk; the Nu HTML
checker on the pages of the sitemap, a dozen of each kind.

It starts the site upon a scratch database. Lighthouse and the checker come from npm, in the versions named here, into
var/audit/, which git ignores. Lighthouse needs node and Chromium, the checker Java; where one is missing that is said aloud,
and the rest goes on. It ends with failure when a score is below 100 or a page has an error.

    .venv/bin/python tools/audit.py [--only lighthouse|html] [PATH ...]
"""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "audit"
LIGHTHOUSE, CHECKER = "lighthouse@12.8.2", "vnu-jar@26.9.27"
PORT = 8477
SITE = f"http://127.0.0.1:{PORT}"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"phone": ("--form-factor=mobile",), "desk": ("--preset=desktop",)}
# A busy machine makes pages slow, and never fast: the best of so many tries counts.
TRIES = 3
OF_A_KIND = 12
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"


def main(words: list[str]) -> int:
    only = words[words.index("--only") + 1] if "--only" in words else ""
    asked = [word for word in words if word.startswith("/")]
    failed = 0
    with site() as paths:
        if only in ("", "lighthouse") and has("node", "npx", "chromium", why="Lighthouse"):
            failed += lighthouse(asked or paths["sell"])
        if only in ("", "html") and has("npm", "java", why="The Nu HTML checker"):
            failed += html(asked or paths["all"])
    return 1 if failed else 0


def has(*programs: str, why: str) -> bool:
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        print(f"{why} needs {' and '.join(missing)}, which this machine lacks: left out.", flush=True)
    return not missing


# The site


@contextmanager
def site() -> Iterator[dict[str, list[str]]]:
    """Its paths: those that sell, one of a kind, and all of the sitemap."""
    os.environ |= {"FORECOURT_SITE_URL": SITE, "FORECOURT_DEMO": "0"}
    from forecourt.run.ready import ready

    with ready(scratch=True):
        from django.core.management import call_command
        from django.utils import timezone

        from forecourt.run import load_brand
        from forecourt.web import sitemap

        load_brand.load(timezone.now(), say=lambda line: None)
        call_command("collectstatic", interactive=False, verbosity=0)
        everything = some_of_each_kind(sitemap.paths(timezone.now()))
        command = [sys.executable, "-m", "forecourt.edge.serving", "--port", str(PORT)]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", PORT)) == 0:
                raise SystemExit(f"Port {PORT} is taken: end what listens there.")
        server = subprocess.Popen(command)
        try:
            wait()
            yield {"all": everything, "sell": selling()}
        finally:
            server.terminate()
            server.wait(20)


def some_of_each_kind(paths: list[str]) -> list[str]:
    from django.urls import resolve

    kinds: dict[str, list[str]] = {}
    for path in paths:
        kinds.setdefault(resolve(path).view_name, []).append(path)
    return [path for those in kinds.values() for path in those[:OF_A_KIND]]


def wait(patience: float = 120) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            fetch("/models/")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"The site did not answer within {patience:.0f} s.")


def fetch(path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return body


def selling() -> list[str]:
    from forecourt.dealers.network import network
    from forecourt.vehicles import catalogue, options
    from forecourt.web.menu import address_of

    line = catalogue.bookable()[0]
    found = ["/", "/models/", line.get_absolute_url()]
    found += [earlier.get_absolute_url() for earlier in catalogue.previous()[:1]]
    found += [f"/build/{slug}/" for slug in options.lines()[:1]]
    found += ["/dealers/", f"/dealers/{network().dealers[0].slug}/"]
    found += [path for name in ("offers:all", "stock:search", "payments:estimate") if (path := address_of(name))]
    return found


# Lighthouse


def lighthouse(paths: list[str]) -> int:
    print(f"{'':32}{''.join(f'{name:>16}' for name in CATEGORIES)}", flush=True)
    failed = 0
    for path in paths:
        for form, words in FORMS.items():
            scores, complaints = best_of(path, words)
            print(f"{path[:25]:26}{form:6}{''.join(f'{scores[name]:>16}' for name in CATEGORIES)}", flush=True)
            for complaint in complaints:
                print(f"    {complaint}", flush=True)
            failed += any(score < 100 for score in scores.values())
    return failed


def best_of(path: str, words: tuple[str, ...]) -> tuple[dict[str, int], list[str]]:
    fetch(path)
    best: dict[str, int] = {}
    complaints: list[str] = []
    for _ in range(TRIES):
        try:
            report = run_lighthouse(path, words)
        except subprocess.CalledProcessError as broken:
            print(f"    {path}: Lighthouse ended with {broken.returncode}, and is asked again", flush=True)
            continue
        scores = {name: round((report["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
        if not best or sum(scores.values()) > sum(best.values()):
            best, complaints = scores, list(complained(report))
        if min(best.values()) == 100:
            break
    if not best:
        raise SystemExit(f"Lighthouse did not get through {path} in {TRIES} tries.")
    return best, complaints


def run_lighthouse(path: str, words: tuple[str, ...]) -> dict:
    chromium = shutil.which("chromium") or ""
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                "npx", "--yes", LIGHTHOUSE, f"{SITE}{path}", "--quiet", "--output=json", f"--output-path={report}",
                f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROMIUM}", *words,
            ],
            check=True,
            env={**os.environ, "CHROME_PATH": chromium, "npm_config_cache": str(TOOLS / "npm"), "npm_config_loglevel": "error"},
        )  # fmt: skip
        return json.loads(report.read_text())


def complained(report: dict) -> Iterator[str]:
    """What cost points, with the first thing that it names."""
    for category in CATEGORIES:
        if report["categories"][category]["score"] == 1:
            continue
        for part in report["categories"][category]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                first = next(iter((audit.get("details") or {}).get("items") or []), {})
                named = (
                    (first.get("node") or {}).get("snippet", "") or first.get("url", "")
                    if isinstance(first, dict)
                    else ""
                )
                yield f"{category}: {audit['title']} {audit.get('displayValue', '')} {named}".rstrip()


# The Nu HTML checker


def html(paths: list[str]) -> int:
    jar = checker()
    with tempfile.TemporaryDirectory(prefix="audit-") as folder:
        names = {}
        for number, path in enumerate(paths):
            page = Path(folder) / f"{number}.html"
            page.write_text(fetch(path), "utf-8")
            names[page.name] = path
        done = subprocess.run(
            ["java", "-Xss1m", "-jar", jar, "--format", "json", "--errors-only", "--exit-zero-always", folder],
            capture_output=True,
            text=True,
            check=True,
        )
    found = json.loads(done.stderr or done.stdout or '{"messages": []}')["messages"]
    for message in found:
        page = names.get(message.get("url", "").rsplit("/", 1)[-1], "?")
        print(f"{page}: {message['message']}  {message.get('extract', '').strip()[:120]}", flush=True)
    print(f"The Nu HTML checker read {len(paths)} pages and found {len(found)} errors.", flush=True)
    return len(found)


def checker() -> Path:
    jar = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.is_file() or f'"{CHECKER.partition("@")[2]}"' not in (jar.parents[2] / "package.json").read_text():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--prefix",
            str(TOOLS),
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--silent",
            CHECKER,
        ]
        subprocess.run(command, check=True, env={**os.environ, "npm_config_cache": str(TOOLS / "npm")})
    return jar


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
