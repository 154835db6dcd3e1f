"""Loading the brand pack: each room reads its own part of the folder, in turn, in a transaction of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from forecourt.console import undertakings
from forecourt.dealers import actions, pack
from forecourt.pages import load as load_into_cms
from forecourt.pages import written
from forecourt.policy import book
from forecourt.policy.problems import BrokenPack, Problem, broken
from forecourt.programs import pack as programs
from forecourt.proof import safeguards
from forecourt.vehicles import catalogue, offers, options
from forecourt.vehicles.payments import terms
from forecourt.vehicles.recalls import actions as recalls
from forecourt.vehicles.recalls import cover
from forecourt.vehicles.recalls import pack as owners
from forecourt.vehicles.stock import actions as stock
from forecourt.vehicles.stock import pack as stock_pack
from forecourt.web import brand, style

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Part:
    """`check` reads the part of `folder` and says what it found, or fails with what to mend; it needs no database. `load` says
    what it did, and does nothing where the rows say the same already."""

    name: str
    check: Callable[[Path, datetime], str]
    load: Callable[[Path, datetime], str] | None = None


def check_brand(folder: Path, now: datetime) -> str:
    return brand.read(folder).legal_name


def check_theme(folder: Path, now: datetime) -> str:
    return style.read_theme(folder / "theme").font["family"]


def check_policy(folder: Path, now: datetime) -> str:
    found = book.load(folder / "policy")
    try:
        return f"{len(found.versions)} versions, {found.in_force(now).version} in force"
    except LookupError as error:
        says = f"{error}: set an effective date that has come, or add the version that holds until then"
        raise broken(Path(found.versions[0].document_path), 1, says) from None


def check_undertakings(folder: Path, now: datetime) -> str:
    return ", ".join(text.version for text in undertakings.read(folder))


def check_safeguards(folder: Path, now: datetime) -> str:
    return f"{len(safeguards.read(folder))} listed" if safeguards.is_there(folder) else "none listed"


def check_vehicles(folder: Path, now: datetime) -> str:
    lines, built = catalogue.read(folder / "vehicles"), options.read(folder / "vehicles")
    return f"{len(lines)} model lines, {sum(len(each.range.options) for each in built.values())} options"


def check_payments(folder: Path, now: datetime) -> str:
    found = terms.read(folder)
    return f"estimates over {found.finance.months} months" if found else "no estimates"


def check_programs(folder: Path, now: datetime) -> str:
    found = programs.read(folder / programs.FOLDER)
    return ", ".join(one.slug for one in found) or "none"


def check_offers(folder: Path, now: datetime) -> str:
    found = offers.read(folder)
    return f"{len(found)} offers, {sum(offer.is_running(now) for offer in found)} running" if found else "none"


def check_dealers(folder: Path, now: datetime) -> str:
    return f"{len(pack.read(folder, now).dealers)} dealers"


def check_owners(folder: Path, now: datetime) -> str:
    covers = cover.read(folder)
    return f"{owners.check(folder, now.date())}, {len(covers)} covers" if covers else owners.check(folder, now.date())


def check_stock(folder: Path, now: datetime) -> str:
    if not stock_pack.is_there(folder):
        return "no cars of dealers are listed"
    return f"{len(stock_pack.read(folder, now).cars)} cars"


def check_pages(folder: Path, now: datetime) -> str:
    problems: list[Problem] = []
    paths = sorted((folder / "pages").glob("*.md"))
    for path in paths:
        try:
            written.read(path)
        except BrokenPack as error:
            problems += error.problems
    if problems:
        raise BrokenPack(problems)
    return f"{len(paths)} pages"


def load_dealers(folder: Path, now: datetime) -> str:
    loaded = actions.load(folder, now)
    return f"{loaded.dealers} dealers{'' if loaded.changed else ', nothing new'}"


def load_stock(folder: Path, now: datetime) -> str:
    loaded = stock.load(folder, now)
    said = f"{loaded.cars} cars{'' if loaded.changed else ', nothing new'}"
    return "\n".join([said, *(f"    {line}" for line in stock.held_back(folder))])


def load_pages(folder: Path, now: datetime) -> str:
    done = load_into_cms.load(now, folder / "pages")
    return f"{done.added} added, {done.renewed} brought up to date, {done.kept} left as an editor has them"


PARTS = (
    Part("brand", check_brand),
    Part("theme", check_theme),
    Part("policy", check_policy),
    Part("undertakings", check_undertakings),
    Part("safeguards", check_safeguards),
    Part("vehicles", check_vehicles),
    Part("payments", check_payments),
    Part("offers", check_offers),
    Part("programs", check_programs),
    Part("dealers", check_dealers, load_dealers),
    Part("owners", check_owners, recalls.load_pack),
    Part("stock", check_stock, load_stock),
    Part("pages", check_pages, load_pages),
)


def load(now: datetime, say: Say = print) -> None:
    """Check the whole pack, then load what belongs in the database. BrokenPack before anything is written."""
    folder = Path(settings.BRAND)
    check(folder, now)
    for part in PARTS:
        if part.load:
            say(f"  {part.name}: {part.load(folder, now)}")


def check(folder: Path, now: datetime, say: Say = lambda line: None) -> None:
    """Read every part; BrokenPack with the problems of all of them."""
    problems: list[Problem] = []
    for part in PARTS:
        try:
            found = part.check(folder, now)
        except BrokenPack as error:
            problems += error.problems
        else:
            say(f"{part.name}: {found}")
    if problems:
        raise BrokenPack(problems)
