"""Every variable of the environment, read once, by a reader that refuses nonsense. `.env.example` says why each exists."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from forecourt.trouble import Trouble

ROOT = Path(__file__).resolve().parent.parent
READ: list[str] = []


class Nonsense(Trouble):
    """A variable holds something that we cannot mean; the sentence says what to write instead."""


def text(name: str, default: str = "", *, among: tuple[str, ...] = ()) -> str:
    READ.append(name)
    value = os.environ.get(name, "").strip() or default
    if among and value not in among:
        raise Nonsense(f"{name} is {value!r}: write one of {', '.join(among)}.")
    return value


def flag(name: str) -> bool:
    value = text(name, "0")
    if value not in ("0", "1"):
        raise Nonsense(f"{name} is {value!r}: write 1 for yes or 0 for no.")
    return value == "1"


def number(name: str, *, least: int, most: int) -> int | None:
    value = text(name)
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise Nonsense(f"{name} is {value!r}: write a whole number from {least} to {most}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    value = Path(text(name, str(default))).expanduser()
    if not value.is_absolute():
        raise Nonsense(f"{name} is {str(value)!r}: write a whole path, from / on.")
    if value.exists() and not value.is_dir():
        raise Nonsense(f"{name} is {str(value)!r}, which is a file: name a folder.")
    return value


def names(name: str, default: str) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def url(name: str, *, schemes: tuple[str, ...]) -> str:
    value = text(name)
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).netloc):
        # The value may hold a password, so the message does not repeat it.
        raise Nonsense(f"{name} is no address: write {schemes[0]}://… in full.")
    return value


VAR = folder("FORECOURT_VAR", ROOT / "var")
SECRETS = folder("FORECOURT_SECRETS", VAR / "secrets")
BRAND = folder("FORECOURT_BRAND", ROOT / "brands" / "wren")
DEMO = flag("FORECOURT_DEMO")
HOSTS = names("FORECOURT_HOSTS", "localhost,127.0.0.1,[::1]")
HTTPS = flag("FORECOURT_HTTPS")
SITE_URL = url("FORECOURT_SITE_URL", schemes=("https", "http")).rstrip("/")
LOG = text("FORECOURT_LOG", "text", among=("text", "json"))
PORT = number("FORECOURT_PORT", least=1, most=65535)
DATABASE_URL = url("DATABASE_URL", schemes=("postgresql", "postgres"))
DATABASE_OWNER_URL = url("DATABASE_OWNER_URL", schemes=("postgresql", "postgres"))
DATABASE = text("FORECOURT_DATABASE")
POSTGRES = text("FORECOURT_POSTGRES", "any", among=("any", "debian", "wheel"))
MAIL = text("FORECOURT_MAIL", "fake", among=("fake", "smtp"))
SMTP_HOST = text("FORECOURT_SMTP_HOST")
SMTP_PORT = number("FORECOURT_SMTP_PORT", least=1, most=65535) or 587
SMTP_TLS = text("FORECOURT_SMTP_TLS", "starttls", among=("starttls", "tls", "none"))
SMTP_USER = text("FORECOURT_SMTP_USER")
SMTP_PASSWORD = text("FORECOURT_SMTP_PASSWORD")
TEXTS = text("FORECOURT_TEXTS", "fake", among=("fake", "twilio"))
TWILIO_URL = url("FORECOURT_TWILIO_URL", schemes=("https", "http")) or "https://api.twilio.com"
TWILIO_ACCOUNT = text("FORECOURT_TWILIO_ACCOUNT")
TWILIO_TOKEN = text("FORECOURT_TWILIO_TOKEN")
CRM = text("FORECOURT_CRM", "fake", among=("fake", "http"))
ADS = text("FORECOURT_ADS", "fake", among=("fake", "http"))
ADS_TOKEN = text("FORECOURT_ADS_TOKEN")
AGENTS = text("FORECOURT_AGENTS", "fake", among=("fake", "http"))

if MAIL == "smtp" and not SMTP_HOST:
    raise Nonsense("FORECOURT_MAIL is smtp and FORECOURT_SMTP_HOST is empty: name the mail server.")
if TEXTS == "twilio" and not (TWILIO_ACCOUNT and TWILIO_TOKEN):
    raise Nonsense("FORECOURT_TEXTS is twilio: set FORECOURT_TWILIO_ACCOUNT and FORECOURT_TWILIO_TOKEN too.")
if ADS == "http" and not ADS_TOKEN:
    raise Nonsense("FORECOURT_ADS is http and FORECOURT_ADS_TOKEN is empty: set the token that the network gave you.")
if DEMO and {MAIL, TEXTS, CRM, AGENTS} != {"fake"}:
    raise Nonsense(
        "FORECOURT_DEMO is on, and FORECOURT_MAIL, FORECOURT_TEXTS, FORECOURT_CRM or FORECOURT_AGENTS names a real provider: the demo breaks "
        "promises on purpose, so nothing of it may leave this machine. Switch one of the two off."
    )
if DATABASE_OWNER_URL and not DATABASE_URL:
    raise Nonsense("DATABASE_OWNER_URL is set and DATABASE_URL is not: set both, or neither to use our own server.")
