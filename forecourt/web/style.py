"""The stylesheets that we serve: the brand's theme as custom properties, then one small file a component, joined and named
by their hash. The font and the brand's mark are served beside them the same way."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from forecourt.policy import problems
from forecourt.policy.problems import Problems

SOURCES = Path(__file__).parent / "static" / "web"
# Order matters: what comes later may lean on what came before.
SITE = (
    "base header footer button field choice switch notice mark strip table card dealer_row finder slots receipt phone mail_item car garage recent showroom hero "
    "booking drive browser_now policy_sentence policy cookies vendors checks print"
).split()
SHEETS = {"site": SITE} | {name: [*SITE[:-1], name, "print"] for name in ("console", "tour")}
COLORS = ("paper raised ink quiet rule control sign on-sign tint accent on-accent alarm alarm-tint").split()
SIX_DIGITS = re.compile(r"#[0-9a-f]{6}")
# What may stand in the stylesheet as it is.
PLAIN = re.compile(r"[\w ',./-]+")


@dataclass(frozen=True, slots=True)
class Theme:
    light: dict[str, str]
    dark: dict[str, str]
    font: dict[str, str]
    mark: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Asset:
    name: str
    kind: str
    body: bytes
    digest: str
    gzipped: bytes | None

    @property
    def href(self) -> str:
        return reverse("web:asset", args=[self.digest, self.name])


def read_theme(folder: Path) -> Theme:
    """The pack's theme, or BrokenPack with everything that theme.toml must mend."""
    path = folder / "theme.toml"
    source = problems.read(path, "the file is missing: copy brands/wren/theme/theme.toml and change it")
    found = problems.tables(source, path)
    wrong = Problems(path)

    def problem(table: str, key: str, says: str) -> None:
        wrong.add(line_of(source, table, key), f"[{table}] {key} {says}")

    for mode in ("light", "dark"):
        given = found.get(mode, {})
        for name in COLORS:
            if name not in given:
                problem(mode, name, 'is missing: add it, such as "#0b5a49"')
            elif not (isinstance(given[name], str) and SIX_DIGITS.fullmatch(given[name])):
                problem(mode, name, f'is {given[name]!r}: write six hex digits in lower case, such as "#0b5a49"')
        for name in sorted(set(given) - set(COLORS)):
            problem(mode, name, f"is no color that the pages use: take it out, or name one of {', '.join(COLORS)}")
    font, mark = found.get("font", {}), found.get("mark", {}).get("file", "")
    for name in ("family", "file", "licence", "weights", "fallback"):
        if not isinstance(font.get(name), str) or not PLAIN.fullmatch(font[name]):
            problem("font", name, f"is {font.get(name)!r}: write the display face's {name} in plain words")
    for table, key, file in (
        ("font", "file", font.get("file")),
        ("font", "licence", font.get("licence")),
        ("mark", "file", mark),
    ):
        if not file or not (folder / str(file)).is_file():
            problem(table, key, f"names {file!r}, which is not in {folder}: put it there")
    wrong.stop_if_any()
    return Theme(light=found["light"], dark=found["dark"], font=font, mark=mark, folder=folder)


def line_of(source: str, table: str, key: str) -> int:
    """Where the key stands, or its table where it is missing; the TOML parser does not say."""
    here, head = "", 1
    for number, text in enumerate(source.splitlines(), 1):
        if opening := re.match(r"\s*\[\s*([\w-]+)\s*\]", text):
            here = opening[1]
            head = number if here == table else head
        elif here == table and re.match(rf"\s*{re.escape(key)}\s*=", text):
            return number
    return head


def theme() -> Theme:
    return _theme_of(Path(settings.BRAND))


def assets() -> dict[str, Asset]:
    """Everything that the theme's addresses serve, by name."""
    return _assets_of(Path(settings.BRAND))


@cache
def _theme_of(folder: Path) -> Theme:
    return read_theme(folder / "theme")


@cache
def _assets_of(folder: Path) -> dict[str, Asset]:
    look = _theme_of(folder)
    font = asset(look.font["file"], (look.folder / look.font["file"]).read_bytes())
    mark = asset(look.mark, (look.folder / look.mark).read_bytes())
    made = {font.name: font, mark.name: mark}
    for name, parts in SHEETS.items():
        made[f"{name}.css"] = asset(f"{name}.css", stylesheet(look, font, parts).encode())
    return made


def asset(name: str, body: bytes) -> Asset:
    kind = "font/woff2" if name.endswith(".woff2") else mimetypes.guess_type(name)[0] or "application/octet-stream"
    zipped = gzip.compress(body, mtime=0) if kind.startswith(("text/", "image/svg")) else None
    return Asset(name=name, kind=kind, body=body, digest=hashlib.sha256(body).hexdigest()[:12], gzipped=zipped)


def stylesheet(look: Theme, font: Asset, parts: list[str]) -> str:
    head = "@font-face{{font-family:{family};src:url({href}) format('woff2');font-weight:{weights};font-display:swap}}".format(
        href=font.href, **look.font
    )
    display = f":root{{color-scheme:light dark;--display:{look.font['family']},{look.font['fallback']}}}"
    light = ":root{" + properties(look.light) + "}"
    dark = "@media screen and (prefers-color-scheme:dark){:root{" + properties(look.dark) + "}}"
    return (
        head + display + light + dark + "".join(squeeze((SOURCES / f"{part}.css").read_text("utf-8")) for part in parts)
    )


def properties(colors: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colors[name]}" for name in COLORS)


def squeeze(css: str) -> str:
    """Comments and idle white space taken out. Our own files hold neither in strings."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()
