"""The stylesheets that we serve: the brand's theme as custom properties, then one small file a component, joined and named
by their hash. The font and the brand's mark are served beside them the same way."""

import gzip
import hashlib
import mimetypes
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

SOURCES = Path(__file__).parent / "static" / "web"
# Order matters: what comes later may lean on what came before.
SITE = (
    "base header footer button field choice notice mark strip table card dealer_row slots receipt phone mail_item car hero "
    "browser_now policy_sentence policy print"
).split()
SHEETS = {"site": SITE, "console": [*SITE[:-1], "console", "print"]}
COLOURS = (
    "paper raised ink quiet rule control sign on-sign tint accent on-accent alarm alarm-tint"
).split()
SIX_DIGITS = re.compile(r"#[0-9a-f]{6}")


class BadTheme(Exception):
    """The brand pack's theme cannot be used; the sentence says what to mend."""


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
    path = folder / "theme.toml"
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadTheme(f"{path} is missing: the brand pack needs a theme. Copy brands/wren/theme/theme.toml and change it.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadTheme(f"{path}: {error}. Mend that line.") from None
    for mode in ("light", "dark"):
        colours = found.get(mode, {})
        for name in COLOURS:
            if not SIX_DIGITS.fullmatch(colours.get(name, "")):
                raise BadTheme(
                    f"{path}: [{mode}] {name} is {colours.get(name, 'missing')!r}. Write six hex digits in lower case, such as #0b5a49."
                )
        for name in sorted(set(colours) - set(COLOURS)):
            raise BadTheme(f"{path}: [{mode}] {name} is no colour that the pages use. Take it out, or name one of: {', '.join(COLOURS)}.")
    font, mark = found.get("font", {}), found.get("mark", {}).get("file", "")
    for name in ("family", "file", "licence", "weights", "fallback"):
        if not font.get(name):
            raise BadTheme(f"{path}: [font] {name} is missing. Name the display face's {name}.")
    for file in (font["file"], font["licence"], mark):
        if not (folder / file).is_file():
            raise BadTheme(f"{path} names {file or 'no [mark] file'}, which is not in {folder}. Put it there.")
    return Theme(light=found["light"], dark=found["dark"], font=font, mark=mark, folder=folder)


@cache
def theme() -> Theme:
    return read_theme(settings.BRAND / "theme")


@cache
def assets() -> dict[str, Asset]:
    """Everything that the theme's addresses serve, by name."""
    look = theme()
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
    return head + display + light + dark + "".join(squeeze((SOURCES / f"{part}.css").read_text("utf-8")) for part in parts)


def properties(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colours[name]}" for name in COLOURS)


def squeeze(css: str) -> str:
    """Comments and idle white space taken out. Our own files hold neither in strings."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).replace(";}", "}").strip()
